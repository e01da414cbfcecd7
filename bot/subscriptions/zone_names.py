"""The names of time zones, and of the countries and cities that they are named after, in the bot's languages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from bot.i18n import LOCALES
from briefings.phrases import fold

UTC_ZONE = "UTC"
#: The parts of the time zone database whose zones are named after cities.
_CONTINENTS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_REGIONS = ("US", "Canada", "Brazil", "Mexico", "Chile")


def zones() -> list[str]:
    """Returns all zones that are offered, sorted by name."""
    return sorted({*countries(), UTC_ZONE})


@cache
def countries() -> dict[str, str]:
    """Returns the country code of each zone that the time zone database lists for a country."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = [row.split("\t") for row in table if row and not row.startswith("#")]
    known = available_timezones()
    return {row[2]: row[0] for row in rows if row[2] in known}


@cache
def country_names() -> dict[str, str]:
    """Returns the country codes by the folded names of countries in the bot's languages, and by codes such as USA."""
    from babel import Locale  # slow to import, and few commands need it
    from babel.core import get_global

    codes = set(countries().values())
    aliases = {
        alias.lower(): targets[0]
        for alias, targets in get_global("territory_aliases").items()
        if alias.isalpha() and len(targets) == 1 and targets[0] in codes
    }
    named = {fold(name): code for one in LOCALES for code, name in Locale(one).territories.items() if code in codes}
    return {code.lower(): code for code in codes} | aliases | named


@cache
def english_names() -> dict[str, str]:
    """Returns the folded English names of countries by their codes."""
    from babel import Locale  # slow to import, and few commands need it

    codes = set(countries().values())
    return {code: fold(name) for code, name in Locale("en").territories.items() if code in codes}


@cache
def abbreviations(year: int) -> dict[str, list[str]]:
    """Returns the zones that use an abbreviation such as EST in winter or in summer."""
    found: dict[str, list[str]] = {}
    for zone in zones():
        moments = (datetime(year, month, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)) for month in (1, 7))
        for name in {moment.tzname() or "" for moment in moments}:
            if name.isalpha():
                found.setdefault(name.lower(), []).append(zone)
    return found


@cache
def full_names() -> dict[str, str]:
    """Returns each zone by its folded name and by its old names, such as Asia/Calcutta."""
    old = _old_names((*_CONTINENTS, *_REGIONS))
    names = [("GMT", UTC_ZONE), *((zone, zone) for zone in zones()), *old]
    return {fold(name.replace("_", " ")): zone for name, zone in names}


@cache
def database_cities() -> dict[str, list[str]]:
    """Returns the zones that are named after a city, by its folded name in the bot's languages."""
    named = [(name, zone) for zone in zones() for name in _city_names(zone)]
    return _grouped([*named, *((_last_part(old), zone) for old, zone in _old_names(_CONTINENTS))])


@cache
def database_areas() -> dict[str, list[str]]:
    """Returns the zones of parts of countries that the database once had names for, such as US/Pacific."""
    return _grouped((_last_part(old), zone) for old, zone in _old_names(_REGIONS))


@cache
def common_names() -> dict[str, list[str]]:
    """Returns the zones by the names of the time that several countries share: "Pacific Time", "MEZ"."""
    from babel import Locale  # slow to import, and few commands need it
    from babel.core import get_global

    zones_of: dict[str, list[str]] = {}
    for old, shared in get_global("meta_zones").items():  # type: ignore[arg-type]  # the stubs lack it
        if zone := full_names().get(fold(old.replace("_", " "))):
            zones_of.setdefault(shared, []).append(zone)
    names = (
        (fold(name), zone)
        for code in LOCALES
        for shared, forms in Locale(code).meta_zones.items()
        for length in ("long", "short")
        for name in forms.get(length, {}).values()
        for zone in zones_of.get(shared, ())
    )
    return _grouped(names)


def _grouped(named: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for name, zone in named:
        found.setdefault(name, set()).add(zone)
    return {name: sorted(those) for name, those in found.items()}


def _old_names(regions: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yields the old names in a region of the time zone database, and the zones that they are of now."""
    offered = set(zones())
    for line in (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        target, _, old = rest.partition(" ")
        if kind == "L" and target in offered and old not in offered and old.partition("/")[0] in regions:
            yield old, target


def _city_names(zone: str) -> Iterator[str]:
    from babel.dates import get_timezone_location  # slow to import, and few commands need it

    yield _last_part(zone)
    for locale in LOCALES if zone != UTC_ZONE else ():
        try:
            yield fold(get_timezone_location(zone, locale=locale, return_city=True))
        except LookupError:
            continue  # Babel does not know this zone


def _last_part(zone: str) -> str:
    return fold(zone.rsplit("/", 1)[-1].replace("_", " "))
