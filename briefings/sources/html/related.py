"""Finds the related stories of a page, in boxes that are marked or labelled as such."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from lxml.html import HtmlElement

from briefings.addresses import web_address
from briefings.model import Headline
from briefings.sources.assemble import headline
from briefings.sources.furniture import Furniture
from briefings.sources.html.metadata import short_text
from briefings.sources.html.selection import without_numbers
from briefings.sources.html.tags import BLOCKS
from briefings.sources.text import one_line

_MOST_RELATED = 20
_MOST_LINKS = 500
_MOST_BOXES = 40
_MOST_LABELS = 1000
_LONGEST_LABEL = 120
_MOST_PARTS = 100
_PARAGRAPHS_OF_A_BOX = 12
_FEWEST_WORDS = 4
_MOST_LINES = 8
_RELATED_BOX = re.compile(
    r"related|recommend|read-?(?:more|also|next)|more-?(?:on|from|stories)|correlat|also-?like", re.IGNORECASE
)
_ELSEWHERE = frozenset(["footer", "nav"])


def read_related(tree: HtmlElement, known: Furniture, url: str | None) -> list[Headline]:
    """The links in boxes that the page marks or labels as related."""
    found: dict[str, Headline] = {}
    links = dict.fromkeys(link for box in islice(_boxes(tree, known), _MOST_BOXES) for link in _links(box))
    for link in islice(links, _MOST_LINKS):
        item = _story(link, known, url)
        if item and item.url and len(found) < _MOST_RELATED:
            found.setdefault(item.url, item)
    return list(found.values())


def _story(link: HtmlElement, known: Furniture, url: str | None) -> Headline | None:
    text, address = without_numbers(_title(link)), web_address(link.get("href", ""), url)
    is_story = address and address != url and len(text.split()) >= _FEWEST_WORDS and not known.is_junk(text)
    return headline(text, address) if is_story else None


def _title(link: HtmlElement) -> str:
    """The headline in a link: its heading, or the first long enough line in it. Teaser and day stand below."""
    headings = link.iter("h2", "h3", "h4")
    lines = (each for each in link.iter(*BLOCKS) if not any(child.tag in BLOCKS for child in each))
    own = [one_line(link.text or "")] if any(each.tag in BLOCKS for each in link) else []
    said = (*own, *map(short_text, islice(chain(headings, lines), _MOST_LINES)))
    return next((line for line in said if len(line.split()) >= _FEWEST_WORDS), "") or short_text(link)


def _links(box: HtmlElement) -> Iterator[HtmlElement]:
    return islice(box.iter("a"), _MOST_LINKS)


def _boxes(tree: HtmlElement, known: Furniture) -> Iterator[HtmlElement]:
    for element in islice(_marked_as_related(tree), _MOST_BOXES):
        if not _is_elsewhere(element) and not _is_whole_page(element):
            yield element
    for label in islice(tree.iter("h2", "h3", "h4", "strong"), _MOST_LABELS):
        parent = label.getparent()
        if parent is not None and _is_label(label, known) and not _is_whole_page(parent):
            yield parent


def _is_label(element: HtmlElement, known: Furniture) -> bool:
    text = "".join(islice(element.itertext(), _MOST_PARTS))
    return len(text) <= _LONGEST_LABEL and known.is_related_label(one_line(without_numbers(text)))


def _marked_as_related(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The elements whose class, id or label marks them as related stories, outermost first."""
    for element in tree.iter("aside", "section", "div", "ul"):
        if any((value := element.get(key)) and _RELATED_BOX.search(value) for key in ("class", "id", "aria-label")):
            yield element


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether the element is in the page's navigation, its footer, or a header outside the article."""
    above = [each.tag for each in element.iterancestors()]
    return not _ELSEWHERE.isdisjoint(above) or ("header" in above and "article" not in above)


def _is_whole_page(element: HtmlElement) -> bool:
    """Whether the element contains the article itself, not only a box next to it."""
    paragraphs = islice(element.iter("p"), _PARAGRAPHS_OF_A_BOX + 1)
    return sum(1 for _ in paragraphs) > _PARAGRAPHS_OF_A_BOX or next(element.iter("h1"), None) is not None
