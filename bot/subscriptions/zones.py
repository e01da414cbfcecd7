"""Finds time zones by a part of their name, by a city in the user's language, or by an offset."""

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
# For people, CET and EST cover many places. In the database they are single zones.
_ABBREVIATION = 3
_OFFSET = re.compile(
    r"^(?:utc|gmt)?\s*(?P<sign>[+\-−])\s*(?P<hours>\d{1,2})(?:[:.]?(?P<minutes>\d{2}))?", re.IGNORECASE
)


def find_zones(words: str, now: datetime) -> list[str]:
    """Returns the zones that match ``words``, best first.

    An exact name or city gives one zone. Otherwise: all names that begin with the words, then all that contain them.
    An offset such as ``+5:30`` gives the zones with that offset at ``now``.
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
    """Returns all zones that are offered, sorted by name."""
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
    """Returns the folded names of each zone: its name, its parts, its city in the bot's languages, and its old names.

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
            continue  # Babel does not know this zone
