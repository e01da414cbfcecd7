"""Joins lines, and makes words whole that were divided between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HYPHENS = ("-", "\u00ad", "\u2010")
_LETTERS = re.compile(r"[^\W\d_]+")
# First parts of words that keep their hyphen: "well-known".
_FIRST_PART = re.compile(r"(?:well|self|non|half|mid|post|pre|semi|ex|long|short|high|low)", re.IGNORECASE)
# What follows a hyphen that stands for the end of a later word: "two- to three-year terms", "Haupt- und Nebenfach".
_LINK = re.compile(r"(?:and|or|to|und|oder|bis|sowie|bzw|et|ou|à|ed?|od?|y|u|i|a|en|of|tot|och|og|eller|till?)")

#: So many last characters of a text decide how the next line is joined. Reading all of it would take quadratic time.
_LONGEST_WORD = 80


def one_line(lines: Sequence[str]) -> str:
    """The lines as one. A word that was divided at the end of a line is made whole, and a compound keeps its hyphen.

    Hyphens within a line are never changed: they may be dashes, or stand for the end of a later word.
    """
    parts, end = [lines[0]], lines[0][-_LONGEST_WORD:]
    for line in lines[1:]:
        first = _LETTERS.match(line)
        if first is None or not end.endswith(_HYPHENS) or not end[-2:-1].isalpha() or _LINK.fullmatch(first[0]):
            parts.append(" ")
            end += " "
        elif not _keeps_hyphen(end[:-1], first[0]):
            parts[-1] = parts[-1][:-1]
            end = end[:-1]
        parts.append(line)
        end = (end + line)[-_LONGEST_WORD:]
    return "".join(parts)


def _keeps_hyphen(text: str, following: str) -> bool:
    """Whether the last word of a text has a hyphen before ``following`` also within a line."""
    before = re.split(r"[^\w-]", text)[-1]
    is_part = len(before) > 1 and before.isalpha() and not _FIRST_PART.fullmatch(before)
    return not is_part or not following[0].islower()
