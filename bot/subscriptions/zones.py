"""Finds a time zone by what a person types: a part of its name, a city in their language, an offset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from bot.i18n import LOCALES
from briefings.phrases import fold

_UTC = "UTC"
# CET and EST mean several places to people, and one to the database.
_ABBREVIATION = 3
_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+\-−])\s*(?P<hours>\d{1,2})(?:[:.]?(?P<minutes>\d{2}))?", re.IGNORECASE)


def find_zones(words: str, now: datetime) -> list[str]:
    """The zones that ``words`` may mean, the best first.

    One zone alone is returned where the words are its name or its city; else all that begin with them, then all that
    hold them. An offset such as ``+5:30`` finds the zones that have it ``now``.
    """
    typed = words.strip()
    if offset := _OFFSET.fullmatch(typed):
        return _at_offset(offset, now)
    wanted = fold(typed.replace("_", " "))
    if not wanted:
        return []
    if wanted == "gmt":
        return [_UTC]
    ranked: dict[str, int] = {}
    for zone, names in _names().items():
        rank = min((_rank(name, wanted) for name in names), default=_NO_FIT)
        if rank < _NO_FIT:
            ranked[zone] = rank
    best = sorted(ranked, key=lambda zone: (ranked[zone], zone))
    exact = [zone for zone in best if ranked[zone] == 0]
    return exact or best


def zones() -> list[str]:
    """All zones that are offered, by name."""
    return sorted(_names())


_NO_FIT = 3


def _rank(name: str, wanted: str) -> int:
    if name == wanted:
        return 0
    if name.startswith(wanted) or f" {wanted}" in name:
        return 1
    return 2 if wanted in name else _NO_FIT


def _at_offset(match: re.Match[str], now: datetime) -> list[str]:
    minutes = 60 * int(match["hours"]) + int(match["minutes"] or 0)
    wanted = timedelta(minutes=-minutes if match["sign"] != "+" else minutes)
    return [zone for zone in zones() if now.astimezone(ZoneInfo(zone)).utcoffset() == wanted]


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """What each zone is called, folded: its name, its parts, its city in each of the bot's languages, its old names.

    The zones are those that the time zone database lists for a country, and UTC.
    """
    database = files("tzdata") / "zoneinfo"
    rows = (database / "zone.tab").read_text(encoding="utf-8").splitlines()
    places = {row.split("\t")[2] for row in rows if row and not row.startswith("#")}
    names = {zone: list(_called(zone)) for zone in [*sorted(places & available_timezones()), _UTC]}
    for line in (database / "tzdata.zi").read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        target, _, old = rest.partition(" ")
        if kind == "L" and target in names and old not in names and len(old) > _ABBREVIATION:
            names[target] += _called(old)
    return {zone: tuple(dict.fromkeys(called)) for zone, called in names.items()}


def _called(zone: str) -> Iterator[str]:
    from babel.dates import get_timezone_location  # slow to import, and few commands need it

    plain = zone.replace("_", " ")
    yield fold(plain)
    yield fold(plain.rsplit("/", 1)[-1])
    for locale in LOCALES if zone != _UTC else ():
        try:
            yield fold(get_timezone_location(zone, locale=locale, return_city=True))
        except LookupError:
            continue  # the system knows a zone that Babel does not
