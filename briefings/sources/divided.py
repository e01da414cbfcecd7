"""Joins lines, and makes words whole that were divided between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HYPHENS = ("-", "\u00ad", "\u2010")
_LETTERS = re.compile(r"[^\W\d_]+")
# First parts of words that keep their hyphen: "well-known", "twenty-five", "three-year".
_FIRST_PART = re.compile(
    r"(?:well|self|non|half|mid|post|semi|long|short|high|low|two|three|five"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)",
    re.IGNORECASE,
)
# Last parts of such words: "state-owned", "dit-elle", "что-нибудь". "Un-known" is one word.
_LAST_PART = re.compile(
    r"(?:known|owned|based|century|years?|sized|winning|speaking|looking|thirds|quarters|ils?|elles?|nous|vous|même"
    r"|être|нибудь|либо)"
)
# "Ex-" and "pre-" are mostly the beginning of a word, "ex-perts", but not before these: "ex-wife", "pre-war".
_BEHIND_PREFIX = re.compile(
    r"(?:wife|wives|husbands?|partners?|girlfriends?|boyfriends?|lovers?|convicts?|soldiers?|officers?|officials?|cops?"
    r"|ministers?|presidents?|prime|mayors?|leaders?|chiefs?|bosse?s?|heads?|directors?|bankers?|players?|coach|captains?"
    r"|champions?|employees?|workers?|members?|colleagues?|king|queen|police|army|war|tax|dawn|trial|school|election"
    r"|pandemic|season|match|industrial|historic|recorded|existing|teens?|owned)"
)
_MOSTLY_SYLLABLES = frozenset({"ex", "pre"})
_PREFIX = re.compile(r"(?:un|re|de|over|under|out|inter|head|hind)", re.IGNORECASE)
# In a text of so many lines, a program that divides words does so in more than this share of them.
_FEWEST_LINES, _LEAST_DIVIDED = 25, 0.03
# What follows a hyphen that stands for the end of a later word: "two- to three-year terms", "Haupt- und Nebenfach".
_LINK = re.compile(r"(?:and|or|to|und|oder|bis|sowie|bzw|et|ou|à|ed?|od?|y|u|i|a|en|of|tot|och|og|eller|till?)")

#: So many last characters of a text decide how the next line is joined. Reading all of it would take quadratic time.
_LONGEST_WORD = 80


def divides_words(lines: Sequence[str]) -> bool:
    """Whether hyphens at the ends of lines may divide words. Where they are rare, each belongs to its compound."""
    hyphens = sum(line.endswith(_HYPHENS) for line in lines)
    return len(lines) < _FEWEST_LINES or hyphens >= _LEAST_DIVIDED * len(lines)


def one_line(lines: Sequence[str], *, may_divide: bool = True) -> str:
    """The lines as one. A word that was divided at the end of a line is made whole, and a compound keeps its hyphen.

    Hyphens within a line are never changed: they may be dashes, or stand for the end of a later word.

    Args:
        may_divide: Whether the program that wrapped the lines divided words.
    """
    parts, end = [lines[0]], lines[0][-_LONGEST_WORD:]
    for line in lines[1:]:
        first = _LETTERS.match(line)
        if end.endswith("/") and end[-2:-1].isalpha() and first is not None:
            pass
        elif first is None or not end.endswith(_HYPHENS) or not end[-2:-1].isalpha() or _LINK.fullmatch(first[0]):
            parts.append(" ")
            end += " "
        elif end.endswith("\u00ad") or (may_divide and not _keeps_hyphen(end[:-1], first[0])):
            parts[-1] = parts[-1][:-1]
            end = end[:-1]
        parts.append(line)
        end = (end + line)[-_LONGEST_WORD:]
    return "".join(parts)


def _keeps_hyphen(text: str, following: str) -> bool:
    """Whether the last word of a text has a hyphen before ``following`` also within a line."""
    before = re.split(r"[^\w-]", text)[-1]
    is_part = len(before) > 1 and before.isalpha() and not _FIRST_PART.fullmatch(before)
    if before.lower() in _MOSTLY_SYLLABLES:
        return _BEHIND_PREFIX.fullmatch(following) is not None
    is_compound = _LAST_PART.fullmatch(following) and not _PREFIX.fullmatch(before)
    return not is_part or bool(is_compound) or not following[0].islower()
