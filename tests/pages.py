"""Reads the golden pairs of `tests/data/pages` and `tests/data/shapes`: the expected article, an empty line, the input.

Each line of the expected article is a tag, a tab and a text. ``TITLE``, ``DECK``, ``BYLINE``, ``DATE`` and ``SITE`` are
optional. ``PARA``, ``HEAD``, ``ITEM`` and ``QUOTE`` are the blocks in order. ``SPEAKER`` is the last line of the quote
above. ``STORY`` is a related story. ``FILE`` is the name of the input if it is no page. Where the blocks can be
divided in several ways, ``HAS`` names text that is shown, and ``LACKS`` text that is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_KINDS = {"PARA": "paragraph", "HEAD": "heading", "ITEM": "list_item", "QUOTE": "quote"}


@dataclass
class Expected:
    """A page and the article that it is to become."""

    page: str
    head: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[str, str]] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    file: str = "x.html"
    has: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)


def names(folder: str = "pages") -> list[str]:
    """The names of all pairs in a folder."""
    return sorted(path.stem for path in (_DATA / folder).glob("*.page"))


def load(name: str, folder: str = "pages") -> Expected:
    """The pair of that name."""
    # The line ends of an input are part of it.
    said, _, page = (_DATA / folder / f"{name}.page").read_bytes().decode().partition("\n\n")
    expected = Expected(page)
    for row in said.splitlines():
        tag, _, text = row.partition("\t")
        if tag in _KINDS:
            expected.blocks.append((_KINDS[tag], text))
        elif tag == "SPEAKER":
            expected.blocks[-1] = ("quote", f"{expected.blocks[-1][1]}\n{text}")
        elif tag in {"STORY", "HAS", "LACKS"}:
            {"STORY": expected.related, "HAS": expected.has, "LACKS": expected.lacks}[tag].append(text)
        elif tag == "FILE":
            expected.file = text
        else:
            expected.head[tag] = text
    return expected
