"""Reads the golden pairs of `tests/data/pages`: the expected article, an empty line, and the page.

Each line of the expected article is a tag, a tab and a text. ``TITLE``, ``DECK``, ``BYLINE``, ``DATE`` and ``SITE`` are
optional. ``PARA``, ``HEAD``, ``ITEM`` and ``QUOTE`` are the blocks in order. ``SPEAKER`` is the last line of the quote
above. ``STORY`` is a related story.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

PAGES = Path(__file__).parent / "data" / "pages"
_KINDS = {"PARA": "paragraph", "HEAD": "heading", "ITEM": "list_item", "QUOTE": "quote"}


@dataclass
class Expected:
    """A page and the article that it is to become."""

    page: str
    head: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[str, str]] = field(default_factory=list)
    related: list[str] = field(default_factory=list)


def names() -> list[str]:
    """The names of all pairs."""
    return sorted(path.stem for path in PAGES.glob("*.page"))


def load(name: str) -> Expected:
    """The pair of that name."""
    said, _, page = (PAGES / f"{name}.page").read_text(encoding="utf-8").partition("\n\n")
    expected = Expected(page)
    for row in said.splitlines():
        tag, _, text = row.partition("\t")
        if tag in _KINDS:
            expected.blocks.append((_KINDS[tag], text))
        elif tag == "SPEAKER":
            expected.blocks[-1] = ("quote", f"{expected.blocks[-1][1]}\n{text}")
        elif tag == "STORY":
            expected.related.append(text)
        else:
            expected.head[tag] = text
    return expected
