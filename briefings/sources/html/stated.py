"""Reads the text of an article that a free page has for its script to show, in its JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape

from briefings.sources.html.blocks import PageBlock, Role, read_blocks
from briefings.sources.html.loading import load_page
from briefings.sources.html.structured import Structured
from briefings.sources.html.visible import hide_unseen

_MARKUP = re.compile(r"</?(?:p|br|div|h[1-6]|[uo]l|li|blockquote)\b[^<>]*>", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_LEAST_LONGER = 3


def stated_blocks(structured: Structured, shown: int, name: str) -> list[PageBlock]:
    """The blocks of the first stated text, in HTML or in lines, if the page shows less than a third of it.

    Empty if the article is paid for, or the page shows enough.

    Args:
        shown: The length of the text that the page shows, in characters.

    Raises:
        ArticleNotFound: The text is larger than any article. ``name`` is the source's name.
    """
    body = next(iter(structured.bodies), "")
    if structured.is_paid or len(body) <= shown * _LEAST_LONGER:
        return []
    if not _MARKUP.search(body):
        body = unescape(body)
    body = _BLANK_LINE.sub("<p>", body) if _MARKUP.search(body) else "<p>".join(map(escape, body.split("\n")))
    tree = load_page(f"<html><body><p>{body}</body></html>", name)
    hide_unseen(tree)
    blocks = read_blocks(tree)
    return blocks if text_length(blocks) > shown * _LEAST_LONGER else []


def text_length(blocks: Iterable[PageBlock]) -> int:
    """The number of characters of the text, without headings."""
    return sum(len(block.text) for block in blocks if block.role is not Role.HEADING)
