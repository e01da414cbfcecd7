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
    for words, hours in _parts_of_the_day():
        text = words.sub(lambda match, hours=hours: _moved(match, hours), text)  # type: ignore[misc]  # bound
    return text


def _written(match: re.Match[str], shape: _Shape) -> str:
    said = match["hour"].lower()
    hour = shape.hours.get(said) or int(said)
    if hour > 24:  # not an hour, so the words stay
        return match[0]
    minutes = (60 * hour + int(match["minute"] or 0) + shape.minutes) % _DAY
    return f"{minutes // 60}:{minutes % 60:02d}"


def _moved(match: re.Match[str], hours: int) -> str:
    hour = int(match["hour"])
    later = hour % _NOON + hours if hour <= _NOON else hour
    return f"{later}:{match['minute'] or '00'}"


@cache
def _shapes() -> list[_Shape]:
    """Returns the shapes of all languages, those with the most words first."""
    found = []
    for known in _all().values():
        hours = {name: number for number, name in enumerate(known["hours"], start=1)}
        digits = rf"(?P<hour>\d{{1,2}}|{'|'.join(hours)})(?:[:.](?P<minute>[0-5]\d))?"
        for shape, minutes in known["shapes"].items():
            words = r"\s".join(map(re.escape, shape.split())).replace(re.escape("{hour}"), digits)
            begins = r"(?<![\w:.])"
            found.append((len(shape.split()), _Shape(re.compile(rf"{begins}{words}\b", re.IGNORECASE), minutes, hours)))
    return [shape for _, shape in sorted(found, key=lambda one: -one[0])]


@cache
def _parts_of_the_day() -> list[tuple[re.Pattern[str], int]]:
    """Returns the words that follow an hour, and how many hours after midnight or noon it is then."""
    clock = r"(?<![\w:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?"
    return [
        (re.compile(rf"{clock}\s(?:{'|'.join(map(re.escape, known[part]))})\b", re.IGNORECASE), hours)
        for known in _all().values()
        for part, hours in (("later", _NOON), ("earlier", 0))
    ]


@cache
def _all() -> Mapping[str, Any]:
    text = files(__package__).joinpath("spoken_times.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found
