"""The largest inputs of the worst shapes end soon, as an article or as one of this package's errors."""

from __future__ import annotations

from contextlib import suppress

import pytest

from briefings.errors import SourceError
from briefings.sources import MAX_BYTES, read_article
from briefings.sources.kinds import fits_markdown
from tests.worst_cases import ended_after

#: Seconds of the processor.
_LIMIT = 5.0
_PROSE = "The port of Harwell was closed on Tuesday after a freighter lost 40 containers in a storm. "

#: Repeated until the input is full.
_PLAIN = {
    "sentences": _PROSE,
    "paragraphs": f"{_PROSE}\n\n",
    "letters": "x",
    "words": "x ",
    "lines of a letter": "a\n",
    "paragraphs of a letter": "a\n\n",
    "prose and headings": f"{_PROSE}\nab cd\nef gh\n",
    "marks of mail addresses": "@" * 399 + "\n",
    "trails": "a > " * 26 + "\n",
    "credits": "foto: " + "A" * 90 + "#\n",
    "dates": "3 May 2023 x\n",
    "names": "Ann Lee " * 15 + "\n",
    "clauses": "a, " * 80 + "\n",
    "boxes": "Related stories\nA story of the day\n",
    "blanks": "a" + " " * 10_000,
    "blank lines": "\n \n",
    "piled marks": "a" + "\u0301" * 10_000,
}
_MARKDOWN = {
    "brackets": "[",
    "images": "![a](",
    "links": "[a](",
    "stars": "*a **a ",
    "underscores": "_a _",
    "ticks": "`a``b```",
    "tags": "<a ",
    "entities": "&a ",
    "headings": "# a\n",
    "items": "- a\n",
    "nested items": "- " * 30 + "a\n",
    "quotes": "> " * 30 + "a\n",
    "definitions": "[a]: b\n",
    "footnotes": "[^",
    "table rows": "a|b\n-|-\n",
    "columns": "a|",
}
_START = "---\ntitle: Port\n---\n"


def _full(unit: str, size: int) -> bytes:
    raw = unit.encode()
    return (raw * (size // len(raw)))[:size]


def _reads(raw: bytes, name: str) -> None:
    with ended_after(_LIMIT), suppress(SourceError):
        read_article(raw, name)


@pytest.mark.parametrize("name", _PLAIN)
def test_plain_text_is_read_or_refused_soon(name: str) -> None:
    _reads(_full(_PLAIN[name], MAX_BYTES), "pasted text")


@pytest.mark.parametrize("name", _MARKDOWN)
def test_markdown_is_read_or_refused_soon(name: str) -> None:
    """As a file of that name, and behind a front matter, which makes it Markdown whatever follows."""
    filled = _full(_MARKDOWN[name], MAX_BYTES - len(_START))
    _reads(filled, "port.md")
    _reads(_START.encode() + filled, "pasted text")


@pytest.mark.parametrize("mark", ["[", "![a](", "*a ", "<a ", "`a``b```"])
def test_as_many_marks_as_are_parsed_are_parsed_soon(mark: str) -> None:
    """Just within the limits, in paragraphs as long as they may be."""
    lines = min(4_000, 18_000 // sum(map(mark.count, "[]*_`<&|\\")))
    text = (mark + "word " * 150 + "\n") * lines
    assert fits_markdown(text)
    _reads((_START + text).encode(), "port.md")
