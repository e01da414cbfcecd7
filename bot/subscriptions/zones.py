"""Finds time zones by a city, a country, an abbreviation, an offset, or a part of one of their names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from bot.i18n import LOCALES
from bot.subscriptions.cities import cities_beginning, cities_called, people_of_zones
from briefings.phrases import fold

_UTC = "UTC"
#: Shorter names are asked about: they may be the beginning of another name, or an abbreviation.
_CLEAR_LENGTH = 4
#: The parts of the time zone database whose zones are named after cities.
_CONTINENTS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_REGIONS = ("US", "Canada", "Brazil", "Mexico", "Chile")
_OFFSET = re.compile(
    r"^(?:utc|gmt)?\s*(?P<sign>[+\-−])\s*(?P<hours>\d{1,2})(?:[:.]?(?P<minutes>\d{2}))?", re.IGNORECASE
)
#: A city is meant without a question if it has so many times the people of the next one of that name.
_DOMINANCE = 10
_MOST_PARTIAL = 60
#: How many zones of a locale's continent are offered before those of the whole world.
_MOST_NEAR = 8
#: More words than any name of a city has.
_MOST_WORDS = 8
#: A remark behind a name: "Eastern Time (US & Canada)".
_ASIDE = re.compile(r"\([^()]*\)")
#: Words around a name: "rome time", "ora di roma".
_AROUND = re.compile(r"^(?:ora di|hora de|heure de) | (?:time zone|timezone|time|zone)$")


@dataclass(frozen=True, slots=True)
class Zones:
    """The time zones that match what was typed, best first.

    Attributes:
        is_clear: Whether the typed words are the whole name of one zone, city or country. Then nothing is asked.
    """

    names: tuple[str, ...]
    is_clear: bool = False


def find_zones(typed: str, now: datetime) -> Zones:
    """Returns the zones that match. Abbreviations and offsets are those of the year or the moment ``now``."""
    typed = _ASIDE.sub(" ", typed).strip()
    if offset := _OFFSET.fullmatch(typed):
        zones = _at_offset(offset, now)
        return Zones(zones, len(zones) == 1)
    wanted = fold(typed.replace("_", " "))
    if not wanted:
        return Zones(())
    short = _AROUND.sub("", wanted)
    found = _named(wanted, now.year) or _named(short, now.year) or _in_area(short, "," in typed)
    return found or Zones(tuple(_partly(wanted)))


def _named(wanted: str, year: int) -> Zones | None:
    """Returns the zones with this whole name, or None."""
    if zone := _full_names().get(wanted):
        return Zones((zone,), is_clear=True)
    called = _called(wanted, year)
    return called if called.names else None


def _in_area(wanted: str, has_comma: bool) -> Zones | None:
    """Returns the zones of a city whose country or state is named after it: "rome, italy", "london, uk".

    Of an unknown city, returns those of the country or state.
    """
    words = wanted.split()
    unsure: set[str] = set()
    for place in range(1, min(len(words), _MOST_WORDS)):
        city, area = " ".join(words[:place]), " ".join(words[place:])
        if len(area) < _CLEAR_LENGTH and not has_comma:
            continue  # it may be a code such as IN, or a word
        states = (one.zone for one in cities_called(area) if one.is_state)
        within = {*_in_country(area), *states, *_database_areas().get(area, ())}
        cities = (one.zone for one in cities_called(city) if not one.is_state)
        if found := within.intersection([*cities, *_database_cities().get(city, ())]):
            return Zones(tuple(_largest_first(found)), is_clear=len(found) == 1)
        unsure |= within
    return Zones(tuple(_largest_first(unsure))) if unsure else None


def suggested_zones(typed: str, now: datetime) -> list[str]:
    """Returns the zones to offer while somebody types, best first."""
    wanted = fold(typed.replace("_", " "))
    return list(dict.fromkeys([*find_zones(typed, now).names, *(_partly(wanted) if wanted else ())]))


def zones() -> list[str]:
    """Returns all zones that are offered, sorted by name."""
    return sorted({*countries(), _UTC})


def offered_zones(locale: str) -> list[str]:
    """Returns all zones: those of the locale's country, some of its continent, then those with the most people."""
    own, all_of_them = zones_of_locale(locale), _largest_first(zones())
    continents = {zone.partition("/")[0] for zone in own}
    near = [zone for zone in all_of_them if zone.partition("/")[0] in continents]
    return list(dict.fromkeys([*own, *near[:_MOST_NEAR], *all_of_them]))


def zones_of_locale(locale: str) -> list[str]:
    """Returns the zones of the country that a locale such as ``en-US`` or ``it`` is of, the largest first."""
    from babel.core import get_global  # slow to import, and few commands need it

    code = locale.replace("-", "_")
    likely = get_global("likely_subtags").get(code, code) or code
    country = next((part for part in reversed(likely.split("_")[1:]) if len(part) == 2), "").upper()
    return _with_people(_largest_first(zone for zone, its in countries().items() if its == country))


def _called(wanted: str, year: int) -> Zones:
    """Returns the zones of the places and abbreviations with this name. One large city needs no question."""
    areas = [*_in_country(wanted), *_abbreviations(year).get(wanted, ()), *_database_areas().get(wanted, ())]
    areas += _common_names().get(wanted, ())
    cities = dict.fromkeys(_database_cities().get(wanted, ()), 0)
    for city in cities_called(wanted):
        if city.is_state:
            areas.append(city.zone)
        else:
            cities[city.zone] = max(cities.get(city.zone, 0), city.people)
    areas = _with_people(areas)
    by_size = sorted(cities, key=lambda zone: -cities[zone])
    found = list(dict.fromkeys([*_largest_first(set(areas)), *by_size]))
    first, second = ([cities[zone] for zone in by_size] + [0, 0])[:2]
    is_one_city = not areas and first >= second * _DOMINANCE
    zones = tuple(by_size[:1]) if is_one_city else tuple(found)
    is_whole = len(wanted) >= _CLEAR_LENGTH or not wanted.isascii()  # Chinese names are short
    return Zones(zones, is_clear=len(zones) == 1 and is_whole)


def _with_people(zones: list[str]) -> list[str]:
    """Returns the only zone that has cities, or else all: nobody who writes "Germany" means Büsingen."""
    inhabited = [zone for zone in zones if zone in people_of_zones()]
    return inhabited if len(inhabited) == 1 else zones


def _partly(wanted: str) -> list[str]:
    """Returns the zones that have ``wanted`` in a name: a whole word of it, its beginning, or any part."""
    names = _full_names()
    words = [zone for name, zone in names.items() if f" {wanted} " in f" {name} "]
    whole = [zone for name in _country_names() if f" {wanted} " in f" {name} " for zone in _in_country(name)]
    cities = [city.zone for city in cities_beginning(wanted, _MOST_PARTIAL)]
    lands = [zone for name in _country_names() if f" {wanted}" in f" {name}" for zone in _in_country(name)]
    within = [zone for name, zone in names.items() if wanted in name]
    ranked = (*map(_largest_first, (words, whole)), cities, *map(_largest_first, (lands, within)))
    return list(dict.fromkeys(zone for those in ranked for zone in those))


def _largest_first(names: Iterable[str]) -> list[str]:
    people = people_of_zones()
    return sorted(names, key=lambda zone: (-people.get(zone, 0), zone))


def _at_offset(match: re.Match[str], now: datetime) -> tuple[str, ...]:
    minutes = 60 * int(match["hours"]) + int(match["minutes"] or 0)
    wanted = timedelta(minutes=-minutes if match["sign"] != "+" else minutes)
    return tuple(_largest_first(zone for zone in zones() if now.astimezone(ZoneInfo(zone)).utcoffset() == wanted))


def _in_country(name: str) -> list[str]:
    """Returns the zones of the countries with a name. "Congo" is only the beginning of the names of two."""
    code, english = _country_names().get(name), _english_names()
    if code is None:
        return []
    begins = {other for other, whole in english.items() if whole.startswith(f"{name} ")}
    codes = begins if code in begins else {code}
    return [zone for zone, country in countries().items() if country in codes]


@cache
def countries() -> dict[str, str]:
    """Returns the country code of each zone that the time zone database lists for a country."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = [row.split("\t") for row in table if row and not row.startswith("#")]
    known = available_timezones()
    return {row[2]: row[0] for row in rows if row[2] in known}


@cache
def _country_names() -> dict[str, str]:
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
def _english_names() -> dict[str, str]:
    """Returns the folded English names of countries by their codes."""
    from babel import Locale  # slow to import, and few commands need it

    codes = set(countries().values())
    return {code: fold(name) for code, name in Locale("en").territories.items() if code in codes}


@cache
def _abbreviations(year: int) -> dict[str, list[str]]:
    """Returns the zones that use an abbreviation such as EST in winter or in summer."""
    found: dict[str, list[str]] = {}
    for zone in zones():
        moments = (datetime(year, month, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)) for month in (1, 7))
        for name in {moment.tzname() or "" for moment in moments}:
            if name.isalpha():
                found.setdefault(name.lower(), []).append(zone)
    return found


@cache
def _full_names() -> dict[str, str]:
    """Returns each zone by its folded name and by its old names, such as Asia/Calcutta."""
    old = _old_names((*_CONTINENTS, *_REGIONS))
    names = [("GMT", _UTC), *((zone, zone) for zone in zones()), *old]
    return {fold(name.replace("_", " ")): zone for name, zone in names}


@cache
def _database_cities() -> dict[str, list[str]]:
    """Returns the zones that are named after a city, by its folded name in the bot's languages."""
    named = [(name, zone) for zone in zones() for name in _city_names(zone)]
    return _grouped([*named, *((_last_part(old), zone) for old, zone in _old_names(_CONTINENTS))])


@cache
def _database_areas() -> dict[str, list[str]]:
    """Returns the zones of parts of countries that the database once had names for, such as US/Pacific."""
    return _grouped((_last_part(old), zone) for old, zone in _old_names(_REGIONS))


@cache
def _common_names() -> dict[str, list[str]]:
    """Returns the zones by the names of the time that several countries share: "Pacific Time", "MEZ"."""
    from babel import Locale  # slow to import, and few commands need it
    from babel.core import get_global

    zones_of: dict[str, list[str]] = {}
    for old, shared in get_global("meta_zones").items():  # type: ignore[arg-type]  # the stubs lack it
        if zone := _full_names().get(fold(old.replace("_", " "))):
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
    for locale in LOCALES if zone != _UTC else ():
        try:
            yield fold(get_timezone_location(zone, locale=locale, return_city=True))
        except LookupError:
            continue  # Babel does not know this zone


def _last_part(zone: str) -> str:
    return fold(zone.rsplit("/", 1)[-1].replace("_", " "))
