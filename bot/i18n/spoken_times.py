"""Times of the day as people say them in the bot's languages: "half past seven", "halb acht", "le sette e mezza"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from bot.i18n.day_parts import TimeUnclear, clock, languages, number, with_parts_of_the_day

__all__ = ["TimeUnclear", "written_times"]

_DAY = 24 * 60
#: "7 Uhr 30" and "7 heures 30" have their minutes last.
_MINUTES_LAST = re.compile(
    r"\b(\d{1,2})\s?(?:uhr|heures?|ore|horas?|h)\s([0-5]\d)\b(?!:|\s?(?:uhr|heures?|ore|horas?|h)\b)", re.IGNORECASE
)
#: A word for "hour" after a number. It is another word after "8h": "8h heure de Paris".
_UNIT = re.compile(r"\{hour\} (?:heure|hora|uhr)")
#: "8 h" and "9 pm" are one word, and so is "9 p.m."
_APART = re.compile(r"\b(\d{1,2})\s(h|[ap]m)\b", re.IGNORECASE)
_DOTTED = re.compile(r"(\d)\s?([ap])\.\s?m\b\.?", re.IGNORECASE)
#: Minutes after "alle 8 e". A number with an hour's own words is another time: "alle 8 e 20:30", "8 Uhr und 20 Uhr".
_MINUTES_AFTER = r"(?P<minute>[1-5]\d)(?![\w:]|[.]\d|\s?(?:uhr|heures?|ore|horas?|o'clock|o’clock|h|[ap]m)\b)"
#: Another number after those minutes: "alle 8 e 12 e 20" may be three times or two.
_ANOTHER = r"(?P<another>,?\s(?:(?:e|et|y|und|and)\s)?\d+)?"


class _Shape(NamedTuple):
    """A way to say a time, the minutes that it adds to the hour, and the numbers of its hours."""

    pattern: re.Pattern[str]
    minutes: int
    hours: Mapping[str, int]


def written_times(text: str) -> str:
    """Returns a text with its spoken times as digits: "alle sette e mezza" is "7:30". Other words stay.

    Raises:
        TimeUnclear: A time can be read in several ways, such as "12 in the evening".
    """
    text = _DOTTED.sub(r"\1\2m", text)
    for pattern in _unclear():
        if found := pattern.search(text):
            raise TimeUnclear(found[0])
    for shape in _with_minutes():
        text = shape.pattern.sub(lambda match, shape=shape: _with_minutes_after(match, shape), text)  # type: ignore[misc]  # bound
    text = _APART.sub(r"\1\2", _MINUTES_LAST.sub(r"\1:\2", text))
    for shape in _shapes():
        text = shape.pattern.sub(lambda match, shape=shape: _written(match, shape), text)  # type: ignore[misc]  # bound
    return with_parts_of_the_day(text)


def _with_minutes_after(match: re.Match[str], shape: _Shape) -> str:
    if match["another"]:
        raise TimeUnclear(match[0])
    return _written(match, shape)


def _written(match: re.Match[str], shape: _Shape) -> str:
    hour = _hour(match, shape)
    if hour > 24:  # not an hour, so the words stay
        return match[0]
    minutes = (60 * hour + int(match["minute"] or 0) + shape.minutes) % _DAY
    return f"{minutes // 60}:{minutes % 60:02d}"


def _hour(match: re.Match[str], shape: _Shape) -> int:
    said = match["hour"].lower()
    return shape.hours.get(said) or int(said)


@cache
def _shapes() -> list[_Shape]:
    """Returns the shapes of all languages, those with the most words first."""
    found = []
    for known in languages().values():
        for shape, minutes in known["shapes"].items():
            found.append((len(shape.split()), _compiled(_words(shape, clock(known)), minutes, known)))
    return [shape for _, shape in sorted(found, key=lambda one: -one[0])]


@cache
def _with_minutes() -> list[_Shape]:
    """Returns the shapes that have minutes after a word for "and": "alle 8 e 20"."""
    return [
        _compiled(rf"{_words(shape, number(known))}\s{_MINUTES_AFTER}{_ANOTHER}", 0, known)
        for known in languages().values()
        for shape in known["with_minutes"]
    ]


@cache
def _unclear() -> list[re.Pattern[str]]:
    """Returns the patterns of what may be one time with minutes, or two times: "8 Uhr und 15"."""
    return [
        _compiled(rf"{_words(shape, number(known))}\s{_MINUTES_AFTER}", 0, known).pattern
        for known in languages().values()
        for shape in known["unclear"]
    ]


def _words(shape: str, hour: str) -> str:
    unit = "(?<!h)" if _UNIT.search(shape) else ""
    return r"\s".join(map(re.escape, shape.split())).replace(re.escape("{hour}"), hour + unit)


def _compiled(words: str, minutes: int, known: Mapping[str, Any]) -> _Shape:
    hours = {name: number for number, name in enumerate(known["hours"], start=1)}
    return _Shape(re.compile(rf"(?<![\w:.]){words}\b", re.IGNORECASE), minutes, hours)
