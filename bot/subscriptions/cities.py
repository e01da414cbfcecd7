"""Finds cities, states of the USA and countries by their names in many languages and scripts.

``make cities`` writes the list. It is searched as one text: an index of its names would take 100 MB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_STATE = "*"


@dataclass(frozen=True, slots=True)
class City:
    """A city, a state of the USA or a country, and the time zone there.

    Attributes:
        people: In thousands.
        is_state: Whether it is a state or a country.
    """

    zone: str
    people: int
    is_state: bool


def cities_called(name: str) -> list[City]:
    """Returns the cities and states with a name, the largest first. The name is folded."""
    return [_city_at(place) for place in _places(f"|{name}|")]


def cities_beginning(letters: str, most: int) -> list[City]:
    """Returns the largest cities whose name begins with ``letters``, first those of which it is the usual name."""
    text = _text()
    usual: list[City] = []
    other: list[City] = []
    for at in _places(f"|{letters}"):
        city = _city_at(at)
        is_usual = text[at - 1].isdigit()
        (usual if is_usual else other).append(city)
        if len(usual) >= most:
            break
    return [*usual, *other][:most]


@cache
def people_of_zones() -> dict[str, int]:
    """Returns how many people live in the cities of each time zone, in thousands."""
    people: dict[str, int] = {}
    for zone, count in re.findall(r"^([^*# ]+) (\d+)\|", _text(), re.MULTILINE):
        people[zone] = people.get(zone, 0) + int(count)
    return people


def _places(part: str) -> Iterator[int]:
    """Yields where a part of the list begins, once a line."""
    text, at = _text(), 0
    while (at := text.find(part, at)) >= 0:
        yield at
        at = text.find("\n", at)


def _city_at(place: int) -> City:
    text = _text()
    start = text.rfind("\n", 0, place) + 1
    zone, people = text[start : text.find("|", start)].split()
    return City(zone.removeprefix(_STATE), int(people), zone.startswith(_STATE))


@cache
def _text() -> str:
    lines = (files(__package__) / "cities.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#"))
