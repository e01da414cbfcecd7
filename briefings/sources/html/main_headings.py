"""Finds the headings of a page that may be its title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from briefings.phrases import fold
from briefings.sources.html.blocks import PageBlock, Role
from briefings.sources.html.metadata import Head, short_text
from briefings.sources.html.titles import stated_titles, title_parts
from briefings.sources.lines import ends_sentence

# How many blocks above the text are searched in a page without ``<h1>``, and how many below the ``<h1>``.
_ABOVE_TEXT, _BELOW_MAIN = 40, 3
_FEWEST_WORDS = 3
_MOST_IMAGES = 20


def main_headings(tree: HtmlElement, head: Head, blocks: Sequence[PageBlock], chosen: Sequence[PageBlock]) -> list[str]:
    """The texts of the page's ``<h1>``: the last one above the text first, then those below, then those above.

    Before them comes a heading directly below the ``<h1>``, if OpenGraph has its words and no ``<h1>`` has them. A page
    without ``<h1>`` has at most one such heading: the last one above the text that says a title of the page's head, or
    a line that says it without the name of the site. If the page states only the site's name, which one of its pictures
    says, it is the last bold line above the text.
    """
    main = {element for heading in tree.iter("h1") for element in heading.iter()}
    texts = [block for block in chosen if block.role is not Role.HEADING]
    first = next((block for block in texts if ends_sentence(block.text)), next(iter(texts), None))
    text_at = next((place for place, block in enumerate(blocks) if block is first), 0)
    above = [place for place in range(text_at) if blocks[place].element in main]
    below = [block.text for block in blocks[text_at:] if block.element in main]
    if not (above or below):
        near, titles = blocks[max(0, text_at - _ABOVE_TEXT) : text_at + 1], stated_titles(head)
        found = _stated(near[:-1], titles) or _stated(near, _long_ends(titles)) or _stated_lines(near, titles)
        return found or (_bold_lines(near[:-1]) if _is_masthead(tree, titles) else [])
    headings = [*(blocks[place].text for place in above[-1:]), *below, *(blocks[place].text for place in above[:-1])]
    shared = head.said("og:title")[:1]
    if not above or {fold(title) for title in shared} & set(map(fold, headings)):
        return headings
    return [*_stated(blocks[above[-1] : min(text_at, above[-1] + 1 + _BELOW_MAIN)], shared), *headings]


def demote_logos(tree: HtmlElement) -> None:
    """Turns each ``<h1>`` that is only a link to the front page into plain text: it is the site's name."""
    for heading in list(tree.iter("h1")):
        if _is_logo(heading):
            heading.tag = "div"


def _is_logo(heading: HtmlElement) -> bool:
    link = heading.find(".//a")
    is_front = link is not None and urlsplit(link.get("href") or "#").path == "/"
    return is_front and link is not None and short_text(heading) == short_text(link)


def _long_ends(titles: Iterable[str]) -> list[str]:
    """The titles without what is before or after a separator."""
    return [end for title in titles for end in title_parts(title) if len(end.split()) >= _FEWEST_WORDS]


def _stated(blocks: Sequence[PageBlock], titles: Iterable[str]) -> list[str]:
    """The last of the headings in ``blocks`` that has the words of one of these titles, if there is any."""
    words = set(map(fold, titles))
    return [block.text for block in blocks if block.role is Role.HEADING and fold(block.text) in words][-1:]


def _stated_lines(blocks: Sequence[PageBlock], titles: Iterable[str]) -> list[str]:
    """The first line in ``blocks`` that is one of these titles without what is before or after a separator."""
    ends = set(map(fold, _long_ends(titles)))
    lines = (block.parts[0] for block in blocks if block.role is not Role.HEADING and block.parts)
    return [line for line in lines if fold(line) in ends and not ends_sentence(line)][:1]


def _is_masthead(tree: HtmlElement, titles: Sequence[str]) -> bool:
    """Whether the only title of the page's head begins with what a picture says: the name of the site."""
    if len(titles) != 1:
        return False
    said = (fold(image.get("alt") or "") for image in islice(tree.iter("img"), _MOST_IMAGES))
    return any(f"{fold(titles[0])} ".startswith(f"{name} ") for name in said if name)


def _bold_lines(blocks: Sequence[PageBlock]) -> list[str]:
    """The last block that is a bold line of several words without a full stop, or a heading, if there is any."""
    lines = [block.text for block in blocks if block.role is Role.HEADING or _is_bold(block)]
    return [line for line in lines if len(line.split()) >= _FEWEST_WORDS and not ends_sentence(line)][-1:]


def _is_bold(block: PageBlock) -> bool:
    return all(run.is_strong or not run.text.strip() for line in block.lines for run in line)
