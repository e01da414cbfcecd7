"""Times of the day as people say them in the bot's languages: "half past seven", "halb acht", "le sette e mezza"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

_DAY = 24 * 60
_NOON = 12
#: "7 Uhr 30" and "7 heures 30" have their minutes last.
_MINUTES_LAST = re.compile(r"\b(\d{1,2})\s?(?:uhr|heures?|ore|horas?)\s([0-5]\d)\b", re.IGNORECASE)


class _Shape(NamedTuple):
    """A way to say a time, the minutes that it adds to the hour, and the numbers of its hours."""

    pattern: re.Pattern[str]
    minutes: int
    hours: Mapping[str, int]


def written_times(text: str) -> str:
    """Returns a text with its spoken times as digits: "alle sette e mezza" is "7:30". Other words stay."""
    text = _MINUTES_LAST.sub(r"\1:\2", text)
    for shape in _shapes():
        text = shape.pattern.sub(lambda match, shape=shape: _written(match, shape), text)  # type: ignore[misc]  # bound
    for part in _parts_of_the_day():
        text = part.pattern.sub(lambda match, part=part: _moved(match, part), text)  # type: ignore[misc]  # bound
    return text


def _written(match: re.Match[str], shape: _Shape) -> str:
    hour = _hour(match, shape)
    if hour > 24:  # not an hour, so the words stay
        return match[0]
    minutes = (60 * hour + int(match["minute"] or 0) + shape.minutes) % _DAY
    return f"{minutes // 60}:{minutes % 60:02d}"


def _hour(match: re.Match[str], shape: _Shape) -> int:
    said = match["hour"].lower()
    return shape.hours.get(said) or int(said)


def _moved(match: re.Match[str], part: _Shape) -> str:
    hour = _hour(match, part)
    minutes = (60 * (hour % _NOON) + part.minutes if hour <= _NOON else 60 * hour) + int(match["minute"] or 0)
    return f"{minutes // 60}:{minutes % 60:02d}"


@cache
def _shapes() -> list[_Shape]:
    """Returns the shapes of all languages, those with the most words first."""
    found = []
    for known in _all().values():
        for shape, minutes in known["shapes"].items():
            words = r"\s".join(map(re.escape, shape.split())).replace(re.escape("{hour}"), _clock(known))
            found.append((len(shape.split()), _compiled(words, minutes, known)))
    return [shape for _, shape in sorted(found, key=lambda one: -one[0])]


@cache
def _parts_of_the_day() -> list[_Shape]:
    """Returns the words that follow an hour, each with the minutes from midnight to that part of the day."""
    return [
        _compiled(rf"{_clock(known)}\s(?:{'|'.join(map(re.escape, known[part]))})", 60 * hours, known)
        for known in _all().values()
        for part, hours in (("later", _NOON), ("earlier", 0))
    ]


def _clock(known: Mapping[str, Any]) -> str:
    """Returns the pattern of an hour in a language, as a number, perhaps with minutes, or as a word."""
    return rf"(?P<hour>\d{{1,2}}|{'|'.join(known['hours'])})(?:[:.](?P<minute>[0-5]\d))?"


def _compiled(words: str, minutes: int, known: Mapping[str, Any]) -> _Shape:
    hours = {name: number for number, name in enumerate(known["hours"], start=1)}
    return _Shape(re.compile(rf"(?<![\w:.]){words}\b", re.IGNORECASE), minutes, hours)


@cache
def _all() -> Mapping[str, Any]:
    text = files(__package__).joinpath("spoken_times.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found
