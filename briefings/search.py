"""Reads what a person types into a search: words, quoted phrases, an outlet and days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from briefings import languages
from briefings.analysis.terms import beginning, terms
from briefings.languages.dates import date_words
from briefings.matching import query_terms
from briefings.phrases import fold

_MOST_CHARACTERS = 500
_PIECE = re.compile(r'[“”"«„]([^“”"«»„]*)[“”"»]|([^\W\d_]{2,12}):(\S+)|(\S+)')
_OUTLET = frozenset(
    ["outlet", "source", "site", "from", "testata", "fonte", "sito", "medium", "quelle", "media", "medio", "fuente"]
)
_SINCE = frozenset({"since", "after", "dal", "dopo", "seit", "nach", "depuis", "apres", "desde", "despues"})
_UNTIL = frozenset({"until", "before", "al", "prima", "bis", "vor", "avant", "hasta", "antes"})
_ON = frozenset({"on", "day", "giorno", "am", "tag", "jour", "dia"})
#: Words that are days also without one of these before them. The French "hier" is not: it is German for "here".
_DAYS = frozenset(["today", "oggi", "heute", "hoy", "aujourd hui", "yesterday", "ieri", "gestern", "ayer"])
#: Shorter names of weekdays are common words in some language, such as "mar".
_SHORTEST_WEEKDAY = 5


@dataclass(frozen=True, slots=True)
class Search:
    """What a search asks for.

    Attributes:
        groups: Each must match. A group matches if one of its alternatives does: terms that follow each other. A term
            that ends in ``*`` stands for all terms that begin so.
        outlet: A part of the outlet's name, or None.
        since: The first day and ``until`` the last day on which a report was received, or None.
    """

    groups: tuple[tuple[tuple[str, ...], ...], ...] = ()
    outlet: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """All terms of the search, each once."""
        return tuple(dict.fromkeys(term for group in self.groups for alternative in group for term in alternative))

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return not self.groups and self.outlet is None and self.since is None and self.until is None

    def any_word(self) -> Search:
        """Returns the search for reports that match any of the groups instead of all."""
        alternatives = tuple(alternative for group in self.groups for alternative in group)
        return Search((alternatives,), self.outlet, self.since, self.until)


def any_of(words: tuple[str, ...]) -> Search:
    """Returns the search for reports that have any of these terms."""
    return Search((tuple((word,) for word in words),)) if words else Search()


def parse_search(typed: str, today: date) -> Search:
    """Returns what ``typed`` asks for. What is no filter is searched as words."""
    groups: list[tuple[tuple[str, ...], ...]] = []
    outlet: str | None = None
    since: date | None = None
    until: date | None = None
    words: list[str] = []
    for phrase, key, value, word in _PIECE.findall(typed[:_MOST_CHARACTERS]):
        name, day = fold(key), _day(value or word, today)
        if day and word and words and fold(words[-1]) in _SINCE | _UNTIL | _ON:
            name = fold(words.pop())  # "since yesterday"
        if phrase:
            groups.append(tuple(_phrases(phrase)))
        elif name in _OUTLET:
            outlet = value
        elif day and name in _SINCE | _ON:
            since, until = day, day if name in _ON else until
        elif day and name in _UNTIL:
            until = day
        elif day and word and fold(word) in _DAYS:
            since = until = day
        else:
            words.append(word or f"{key} {value}")
    groups += [((beginning(term),),) for term in dict.fromkeys(query_terms(" ".join(words)))]
    return Search(tuple(group for group in groups if group), outlet, since, until)


def _phrases(phrase: str) -> Iterator[tuple[str, ...]]:
    """The terms of a phrase, as each language leaves out its own small words."""
    yield from dict.fromkeys(found for code in languages.codes() if (found := terms(phrase, code)))


def _day(words: str, today: date) -> date | None:
    """The day that is meant: a date, today, yesterday or the last weekday of a name."""
    letter, number = _day_words().get(fold(words), ("", 0))
    if letter == "R":
        return today + timedelta(days=number)
    if letter == "W":
        return today - timedelta(days=(today.weekday() - number) % 7)
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


@cache
def _day_words() -> Mapping[str, tuple[str, int]]:
    """The words of all languages for weekdays and for days before today."""
    found = {}
    for code in languages.codes():
        for words, (letter, number) in date_words(code).phrases.items():
            word = " ".join(words)
            is_past = letter == "R" and int(number) <= 0
            if is_past or (letter == "W" and len(word) >= _SHORTEST_WEEKDAY):
                found[word] = (letter, int(number))
    return found
