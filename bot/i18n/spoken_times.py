"""Times of the day as people say them in the bot's languages: "half past seven", "halb acht", "le sette e mezza"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

_DAY = 24 * 60
#: "7 Uhr 30" and "7 heures 30" have their minutes last.
_MINUTES_LAST = re.compile(r"\b(\d{1,2})\s?(?:uhr|heures?|ore|horas?)\s([0-5]\d)\b", re.IGNORECASE)
#: Minutes after "alle 8 e". A number with an hour's own words is another time: "alle 8 e 20:30", "8 Uhr und 20 Uhr".
_MINUTES_AFTER = r"(?P<minute>[1-5]\d)(?![\w:]|[.]\d|\s?(?:uhr|heures?|ore|horas?|o'clock|o’clock|h|[ap]m)\b)"
#: Another number after those minutes: "alle 8 e 12 e 20" may be three times or two.
_ANOTHER = r"(?P<another>,?\s(?:(?:e|et|y|und|and)\s)?\d+)?"
#: For each part of the day, the hours that are said in it, each with the hour of the day. Others are not clear.
_HOURS_OF: Mapping[str, Mapping[int, int]] = {
    "morning": {hour: hour for hour in range(12)},
    "midday": {11: 11, **{hour: hour % 12 + 12 for hour in (0, 12, 1, 2, 3, 13, 14, 15)}},
    "afternoon": {hour: hour % 12 + 12 for hour in (0, *range(1, 10), *range(12, 22))},
    "evening": {hour: hour % 12 + 12 for hour in (*range(4, 12), *range(16, 24))},
    "night": {
        **{hour: hour % 12 for hour in (*range(6), 12, 24)},
        **{hour: hour % 12 + 12 for hour in (*range(6, 12), *range(18, 24))},
    },
    "small_hours": {hour: hour % 12 for hour in (*range(7), 12)},
    "noon": {12: 12},
    "midnight": {0: 0, 12: 0, 24: 0},
}
#: After another hour these are a time of their own: "8:00 noon".
_NAMED = frozenset({"noon", "midnight"})
#: In these, 0:45 is a quarter to one.
_FROM_NOON = frozenset({"midday", "afternoon"})


class TimeUnclear(Exception):
    """The words can mean several times, or none. ``words`` are these."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


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
    for pattern in _unclear():
        if found := pattern.search(text):
            raise TimeUnclear(found[0])
    for shape in _with_minutes():
        text = shape.pattern.sub(lambda match, shape=shape: _with_minutes_after(match, shape), text)  # type: ignore[misc]  # bound
    text = _MINUTES_LAST.sub(r"\1:\2", text)
    for shape in _shapes():
        text = shape.pattern.sub(lambda match, shape=shape: _written(match, shape), text)  # type: ignore[misc]  # bound
    for part, shape in _parts_of_the_day():
        text = shape.pattern.sub(lambda match, part=part, shape=shape: _moved(match, part, shape), text)  # type: ignore[misc]  # bound
    return text


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


def _moved(match: re.Match[str], part: str, shape: _Shape) -> str:
    hour, minute = _hour(match, shape), int(match["minute"] or 0)
    moved = _HOURS_OF[part].get(hour)
    if moved is None and part in _NAMED:
        return match[0]
    if moved is None or (part in _FROM_NOON and hour == minute == 0):
        raise TimeUnclear(match[0])
    return f"{moved}:{minute:02d}"


@cache
def _shapes() -> list[_Shape]:
    """Returns the shapes of all languages, those with the most words first."""
    found = []
    for known in _all().values():
        for shape, minutes in known["shapes"].items():
            found.append((len(shape.split()), _compiled(_words(shape, _clock(known)), minutes, known)))
    return [shape for _, shape in sorted(found, key=lambda one: -one[0])]


@cache
def _with_minutes() -> list[_Shape]:
    """Returns the shapes that have minutes after a word for "and": "alle 8 e 20"."""
    return [
        _compiled(rf"{_words(shape, _number(known))}\s{_MINUTES_AFTER}{_ANOTHER}", 0, known)
        for known in _all().values()
        for shape in known["with_minutes"]
    ]


@cache
def _unclear() -> list[re.Pattern[str]]:
    """Returns the patterns of what may be one time with minutes, or two times: "8 Uhr und 15"."""
    return [
        _compiled(rf"{_words(shape, _number(known))}\s{_MINUTES_AFTER}", 0, known).pattern
        for known in _all().values()
        for shape in known["unclear"]
    ]


@cache
def _parts_of_the_day() -> list[tuple[str, _Shape]]:
    """Returns the parts of the day, each with the pattern of an hour and its words."""
    return [
        (part, _compiled(rf"{_clock(known)}\s(?:{'|'.join(map(re.escape, words))})", 0, known))
        for known in _all().values()
        for part, words in known["parts"].items()
    ]


def _words(shape: str, hour: str) -> str:
    return r"\s".join(map(re.escape, shape.split())).replace(re.escape("{hour}"), hour)


def _number(known: Mapping[str, Any]) -> str:
    """Returns the pattern of an hour in a language, as a number or a word."""
    return rf"(?P<hour>\d{{1,2}}|{'|'.join(known['hours'])})"


def _clock(known: Mapping[str, Any]) -> str:
    """Returns the pattern of an hour that may have minutes."""
    return rf"{_number(known)}(?:[:.h](?P<minute>[0-5]\d)|h)?"


def _compiled(words: str, minutes: int, known: Mapping[str, Any]) -> _Shape:
    hours = {name: number for number, name in enumerate(known["hours"], start=1)}
    return _Shape(re.compile(rf"(?<![\w:.]){words}\b", re.IGNORECASE), minutes, hours)


@cache
def _all() -> Mapping[str, Any]:
    text = files(__package__).joinpath("spoken_times.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found
