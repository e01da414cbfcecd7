"""Finds the headings of a page that may be its title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from briefings.phrases import fold
from briefings.sources.html.blocks import PageBlock, Role
from briefings.sources.html.metadata import Head
from briefings.sources.html.titles import stated_titles

# How many blocks above the text are searched in a page without ``<h1>``, and how many below the ``<h1>``.
_ABOVE_TEXT, _BELOW_MAIN = 40, 3


def main_headings(tree: HtmlElement, head: Head, blocks: Sequence[PageBlock], chosen: Sequence[PageBlock]) -> list[str]:
    """The texts of the page's ``<h1>``: the last one above the text first, then those below, then those above.

    Before them comes a heading directly below the ``<h1>``, if OpenGraph has its words and no ``<h1>`` has them. A page
    without ``<h1>`` has at most one such heading: the last one above the text that says a title of the page's head.
    """
    main = {element for heading in tree.iter("h1") for element in heading.iter()}
    first = next((block for block in chosen if block.role is not Role.HEADING), None)
    text_at = next((place for place, block in enumerate(blocks) if block is first), 0)
    above = [place for place in range(text_at) if blocks[place].element in main]
    below = [block.text for block in blocks[text_at:] if block.element in main]
    if not (above or below):
        return _stated(blocks[max(0, text_at - _ABOVE_TEXT) : text_at], stated_titles(head))
    headings = [*(blocks[place].text for place in above[-1:]), *below, *(blocks[place].text for place in above[:-1])]
    shared = head.said("og:title")[:1]
    if not above or {fold(title) for title in shared} & set(map(fold, headings)):
        return headings
    return [*_stated(blocks[above[-1] : min(text_at, above[-1] + 1 + _BELOW_MAIN)], shared), *headings]


def _stated(blocks: Sequence[PageBlock], titles: Iterable[str]) -> list[str]:
    """The last of the headings in ``blocks`` that has the words of one of these titles, if there is any."""
    words = set(map(fold, titles))
    return [block.text for block in blocks if block.role is Role.HEADING and fold(block.text) in words][-1:]
