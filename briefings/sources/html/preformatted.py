"""Turns preformatted text that is prose, as archives of mails show it, into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from briefings.sources.lines import ends_sentence

_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")
_FEWEST_PARAGRAPHS = 3
_FEWEST_WORDS = 6


def unfold_preformatted(tree: HtmlElement) -> None:
    """Divides each ``<pre>`` of prose at its empty lines. Program code and tables stay as they are."""
    for element in list(tree.iter("pre")):
        if _is_prose("".join(element.itertext())):
            element.tag = "div"
            element[:] = _paragraphs(element)
            element.text = None


def _is_prose(text: str) -> bool:
    """Whether several paragraphs end with a sentence, and hold most of the words."""
    parts = [part.strip() for part in _EMPTY_LINE.split(text) if part.strip()]
    told = [len(part.split()) for part in parts if ends_sentence(part)]
    told = [words for words in told if words >= _FEWEST_WORDS]
    return len(told) >= _FEWEST_PARAGRAPHS and sum(told) * 2 > len(text.split())


def _paragraphs(element: HtmlElement) -> list[HtmlElement]:
    """The content of ``element`` in paragraphs. An element within the text stays in its paragraph."""
    paragraphs = [element.makeelement("p")]
    for child, text in _texts(element):
        if child is not None:
            child.tail = None
            paragraphs[-1].append(child)
        first, *others = _EMPTY_LINE.split(text)
        if len(paragraphs[-1]):
            paragraphs[-1][-1].tail = first
        else:
            paragraphs[-1].text = first
        for other in others:
            paragraphs.append(element.makeelement("p"))
            paragraphs[-1].text = other
    return paragraphs


def _texts(element: HtmlElement) -> Iterator[tuple[HtmlElement | None, str]]:
    """The text at the beginning, and each child with the text behind it."""
    yield None, element.text or ""
    for child in list(element):
        yield child, child.tail or ""
