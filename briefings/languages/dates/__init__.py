"""The words of dates and times, one YAML file a language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import yaml

from briefings import languages
from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: The folded words of a phrase.
Words = tuple[str, ...]


@dataclass(frozen=True)
class DateWords:
    """The words of dates in one language.

    Attributes:
        phrases: Each phrase with the class that it has in the grammar of `briefings.analysis.dates`, and its value:
            the month's number, the weekday's (Monday is 0), the distance from today in days, or the name of a unit:
            in its plural for every form but the first.
        until: Words between the first and the last day: "3 to 5 May".
        between: Words before two days that ``between_and`` joins: "between 3 and 5 May".
        coming: Words that tell the future.
        scheduled: Those of them that do so only beside no verb in the past: "opens on Saturday".
        lasting: Words before the beginning of a state: "since".
        relatives: Words that begin a clause about somebody or something: "who".
        clauses: Words that begin a clause without a comma before it: "that".
        names_are_capitalised: Whether "may" is no month, and "sat" no weekday.
        is_suffixed: Whether "last" can follow its noun: "lunedì scorso".
    """

    phrases: dict[Words, tuple[str, int | str]]
    until: frozenset[Words]
    between: frozenset[str]
    between_and: frozenset[Words]
    coming: frozenset[Words]
    scheduled: frozenset[Words]
    lasting: frozenset[str]
    relatives: frozenset[str]
    clauses: frozenset[str]
    names_are_capitalised: bool
    is_suffixed: bool

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first words of the phrases."""
        return frozenset(words[0] for words in self.phrases)

    @cached_property
    def until_first(self) -> frozenset[str]:
        """The first words of the phrases between two days."""
        return frozenset(words[0] for words in self.until | self.between_and)

    @cached_property
    def calendar(self) -> frozenset[str]:
        """The single words that name a day, a month or a part of the day."""
        named = (words[0] for words, (letter, _) in self.phrases.items() if len(words) == 1 and letter in "WMRPC")
        return frozenset(named)


# From the most general to the most special: what stands later wins where a phrase is in two lists.
_CLASSES = {
    "since": "s",
    "of": "o",
    "join": "j",
    "at": "c",
    "around": "q",
    "past": "L",
    "present": "H",
    "future": "X",
    "ago": "g",
    "before_ago": "G",
    "half": "F",
    "hours": "h",
    "parts": "P",
    "seasons": "S",
    "clock": "C",
}


@cache
def date_words(code: str | None) -> DateWords:
    """Returns the words of ``code``, or those of English if it has no file."""
    name = code if code in languages.codes() else "en"
    raw = yaml.load(files(__name__).joinpath(f"{name}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe loader
    return DateWords(
        phrases=dict(_phrases(raw, languages.load(name or "en").months)),
        until=frozenset(_folded(raw.get("until", []))),
        between=frozenset(fold(raw.get("between", "")).split()),
        between_and=frozenset(_folded(raw.get("between_and", []))),
        coming=frozenset(_folded([*raw["coming"], *raw.get("scheduled", [])])),
        scheduled=frozenset(_folded(raw.get("scheduled", []))),
        lasting=frozenset(fold(raw["lasting"]).split()),
        relatives=frozenset(fold(raw["relatives"]).split()),
        clauses=frozenset(fold(raw.get("clauses", "")).split()),
        names_are_capitalised=raw.get("capitals", False),
        is_suffixed=raw.get("suffixed", False),
    )


def _phrases(raw: dict[str, Any], months: dict[str, int]) -> Iterator[tuple[Words, tuple[str, int | str]]]:
    for name, letter in _CLASSES.items():
        for words in _folded(raw.get(name, [])):
            yield words, (letter, 0)
    for unit, names in raw["units"].items():
        for place, words in enumerate(_folded(names)):
            yield words, ("U", f"{unit}s" if place else unit)
    for number, names in enumerate(raw["weekdays"]):
        for word in names.split():
            yield tuple(fold(word).split()), ("W", number)
    for name, month in months.items():
        yield (name,), ("M", month)
    for phrase, distance in raw["days"].items():
        yield tuple(fold(phrase).split()), ("R", int(distance))


def _folded(phrases: Iterable[str]) -> Iterator[Words]:
    for phrase in phrases:
        yield tuple(fold(phrase).split())
