"""Reads the golden pairs of `tests/data/pasted`: a pasted page whose every line says what it is.

Each line of a file is a tag, a tab and a line of the page:

=================  =========================================================================
``TITLE``          the title
``DECK``           the standfirst
``BYLINE name``    a line that names the author
``PARA``           a paragraph of the article; ``WRAP`` is a part of one
``HEAD:kind``      a heading, and the question that it answers
``ITEM``           a list item, with its bullet
``QUOTE``          a quotation, ``SPEAKER`` the line below it
``STORY``          a headline of another story; ``STORY title`` where more stands in its line
``POINT``          a line such as "Read more: headline"
``JUNK:kind``      the page's furniture, and what kind of line it is
``BLANK``          an empty line
=================  =========================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).parent / "data"
_BULLET = re.compile(r"^\s*(?:[*•·🔹-]|>)\s+")


@dataclass
class Expected:
    """What a pasted page is to become."""

    page: str = ""
    title: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    pieces: list[tuple[str, str]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    related: set[str] = field(default_factory=set)
    junk: list[str] = field(default_factory=list)
    junk_kinds: list[str] = field(default_factory=list)


def names(folder: str = "pasted") -> list[str]:
    """The names of all pairs in a folder."""
    return sorted(f"{folder}/{path.stem}" for path in (DATA / folder).glob("*.lines"))


def load(name: str) -> Expected:
    """The pair of that name."""
    expected = Expected()
    lines = []
    previous = ""
    for row in (DATA / f"{name}.lines").read_text(encoding="utf-8").splitlines():
        tag, _, line = row.partition("\t")
        lines.append(line)
        _take(expected, tag, " ".join(line.split()), previous)
        previous = tag
    expected.page = "\n".join(lines) + "\n"
    return expected


def _take(expected: Expected, tag: str, line: str, previous: str) -> None:  # noqa: C901, PLR0912  # a table of tags
    kind, _, detail = tag.replace(":", " ", 1).partition(" ")
    match kind:
        case "TITLE":
            expected.title = line
        case "DECK":
            expected.standfirst = line
        case "BYLINE":
            expected.byline = detail
            expected.junk.append(line)
            expected.junk_kinds.append("byline")
        case "PARA":
            expected.pieces.append(("paragraph", line))
        case "WRAP" if previous == "WRAP":
            expected.pieces[-1] = ("paragraph", f"{expected.pieces[-1][1]} {line}")
        case "WRAP":
            expected.pieces.append(("paragraph", line))
        case "HEAD":
            expected.pieces.append(("heading", line))
            expected.kinds.append(detail)
        case "ITEM":
            expected.pieces.append(("list_item", _BULLET.sub("", line)))
        case "QUOTE":
            expected.pieces.append(("quote", line))
        case "SPEAKER":
            expected.pieces[-1] = ("quote", f"{expected.pieces[-1][1]}\n{line}")
        case "STORY":
            expected.related.add(detail or line)
        case "POINT":
            expected.related.add(line.partition(":")[2].strip())
        case "JUNK":
            expected.junk.append(line)
            expected.junk_kinds.append(detail)
        case "BLANK":
            pass
        case _:
            raise ValueError(tag)
