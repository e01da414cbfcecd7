"""Parses a page into a tree, with limits that keep the worst possible page from taking long."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement
from trafilatura import load_html

from briefings.errors import ArticleNotFound
from briefings.sources.html.shadow import unfold_shadow_trees

#: The largest number of elements. Real pages have some thousands, long live blogs twenty thousand.
MOST_ELEMENTS = 40_000
# libxml2 compares each attribute of a tag with all previous ones.
_MOST_ATTRIBUTES = 1_000
_LONG_TAG = 2 * _MOST_ATTRIBUTES
# libxml2 stops at 256.
_MOST_NESTED = 250
_TAG = re.compile(r"<[a-z_:](?:=\s*+\"[^\"]*\"|=\s*+'[^']*'|[^>])*+", re.IGNORECASE)
_VALUE = re.compile(r"=\s*+(?:\"[^\"]*\"|'[^']*')")


def load_page(html: str, name: str) -> HtmlElement:
    """The tree of the page. What its shadow trees show is in its place.

    Raises:
        ArticleNotFound: It is not a page, or it is larger than any page with an article.
    """
    tree = None if has_overlong_tag(html) else load_html(html)
    if tree is None or not _is_within_bounds(tree):
        raise ArticleNotFound(name)
    unfold_shadow_trees(tree)
    return tree


def _is_within_bounds(tree: HtmlElement) -> bool:
    """Whether the tree has a normal size and is complete. The parser leaves out elements that are nested too deeply."""
    elements = list(islice(tree.iter(), MOST_ELEMENTS + 1))
    return len(elements) <= MOST_ELEMENTS and sum(1 for _ in elements[-1].iterancestors()) < _MOST_NESTED


def has_overlong_tag(html: str) -> bool:
    """Whether a tag has more attributes than any tag that was not made to be slow."""
    return any(
        len(tag) > _LONG_TAG and len(_VALUE.sub(" ", tag).split()) > _MOST_ATTRIBUTES for tag in _TAG.findall(html)
    )
