"""Parses days of the week that users type: "weekdays", "mon-fri", "lunes a viernes", "every day except Sunday"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from bot.i18n import LOCALES
from bot.i18n.word_lists import word_list
from bot.subscriptions.model import EVERY_DAY
from briefings.phrases import fold

_PHRASES = {"every_day": EVERY_DAY, "weekdays": frozenset(range(5)), "weekend": frozenset({5, 6})}
_LONGEST_PHRASE = 4
#: The fewest letters of a day's name among other words, and where only days are expected.
_SHORTEST_AMONG_WORDS, _SHORTEST = 3, 2
_DASH = re.compile(r"[-–—]")


class Days(NamedTuple):
    """Days of the week (0 is Monday), and the number of words that name them. No words are no days."""

    days: frozenset[int]
    size: int


_NONE = Days(frozenset(), 0)


def days_at(tokens: Sequence[str], shortest: int = _SHORTEST_AMONG_WORDS) -> Days:
    """Returns the days that the first words name, in each of the bot's languages.

    Args:
        shortest: The fewest letters of a day's name. A span such as "mo-fr" takes two.
    """
    words = [fold(token) or token.strip(",") for token in tokens]
    found = _NONE
    while taken := _next_days(words, tokens, found, shortest):
        found = taken
    return found


def all_days(tokens: Sequence[str]) -> Days:
    """Returns the days at the beginning of words that are expected to be days only."""
    return days_at(tokens, _SHORTEST)


def _next_days(words: list[str], tokens: Sequence[str], found: Days, shortest: int) -> Days | None:
    """Returns what was found with the days of the next words, or None if these are no days."""
    at = _after(words, found.size, "around", "between")
    if excepted := _length(words, at, "except"):
        rest = days_at(tokens[at + excepted :], shortest)
        left = (found.days or EVERY_DAY) - rest.days
        return Days(left, at + excepted + rest.size) if rest.size and left else None
    taken = _phrase(words, at) or _phrase(words, found.size) or _span(words, tokens, at, shortest)
    return Days(found.days | taken.days, taken.size) if taken else None


def _phrase(words: list[str], at: int) -> Days | None:
    """Returns the days of a phrase such as "working days", with the number of all words up to its end."""
    for size in range(_LONGEST_PHRASE, 0, -1):
        if days := _phrases().get(" ".join(words[at : at + size])):
            return Days(days, min(at + size, len(words)))
    return None


def _span(words: list[str], tokens: Sequence[str], at: int, shortest: int) -> Days | None:
    """Returns a day, or the days from one to another."""
    if at >= len(words):
        return None
    if len(parts := _DASH.split(tokens[at].strip(","))) == 2 and all(parts):
        first, last = _day(fold(parts[0]), _SHORTEST), _day(fold(parts[1]), _SHORTEST)
        return Days(_from_to(first, last), at + 1) if first is not None and last is not None else None
    if (to := _length(words, at + 1, "to")) and (end := _after(words, at + 1 + to, "around")) < len(words):
        first, last = _day(words[at], _SHORTEST), _day(words[end], _SHORTEST)
        if first is not None and last is not None:
            return Days(_from_to(first, last), end + 1)
    day = _day(words[at], shortest)
    return Days(frozenset({day}), at + 1) if day is not None else None


def _from_to(first: int, last: int) -> frozenset[int]:
    return frozenset(day % 7 for day in range(first, last + 1 if last >= first else last + 8))


def _after(words: list[str], at: int, *kinds: str) -> int:
    """Returns the place after all words of these kinds."""
    known = frozenset().union(*map(_words, kinds))
    while at < len(words) and words[at] in known:
        at += 1
    return at


def _length(words: list[str], at: int, kind: str) -> int:
    """Returns the number of words of this kind at a place, or 0."""
    return next((size for size in (2, 1) if " ".join(words[at : at + size]) in _words(kind)), 0)


def _day(word: str, shortest: int) -> int | None:
    """Returns the day with this name, its abbreviation or its beginning; also "Mondays" and "montags"."""
    if word in _words("other"):
        return None
    short = _short_names().get(word)
    if short is not None and len(word) >= shortest:  # "do" is Thursday in German, not the Italian Sunday
        return short
    for names in _names():
        for day, name in enumerate(names):
            if len(word) >= shortest and name.startswith((word, word.removesuffix("s"))):
                return day
    return None


@cache
def _short_names() -> dict[str, int]:
    from babel import Locale  # slow to import, and few commands need it

    named = [(Locale(code).days["format"]["abbreviated"][day], day) for code in LOCALES for day in range(7)]
    return {fold(name): day for name, day in reversed(named)}


@cache
def _names() -> list[list[str]]:
    from babel import Locale  # slow to import, and few commands need it

    return [[fold(Locale(code).days["format"]["wide"][day]) for day in range(7)] for code in LOCALES]


@cache
def _phrases() -> dict[str, frozenset[int]]:
    return {word: days for kind, days in _PHRASES.items() for word in _words(kind)}


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(fold(word) or word for known in word_list("day_words").values() for word in known[kind])
