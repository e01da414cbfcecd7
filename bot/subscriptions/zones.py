"""Finds time zones by a city, a country, an abbreviation, an offset, or a part of one of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.subscriptions.cities import cities_beginning, cities_called, people_of_zones
from bot.subscriptions.nationalities import place_called
from bot.subscriptions.zone_names import (
    abbreviations,
    common_names,
    countries,
    country_names,
    database_areas,
    database_cities,
    english_names,
    full_names,
    zones,
)
from briefings.phrases import fold

#: Shorter names are asked about: they may be the beginning of another name, or an abbreviation.
_CLEAR_LENGTH = 4
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
#: Words for a time around a name: "rome time", "ora di roma", "mitteleuropäische zeit".
_TIME_BEFORE = re.compile(
    r"^(?:ora(?: legale| solare)?|hora|heure|zeit|fuso(?: orario)?|fuseau(?: horaire)?|huso horario|zona horaria"
    r"|zeitzone|time ?zone)(?: (?:di|del|della|dell|d|de|de la|du|des|von|in|of))? "
)
_TIME_AFTER = re.compile(r" (?:time zone|timezone|time|zone|zeit)$")


@dataclass(frozen=True, slots=True)
class Zones:
    """The time zones that match what was typed, best first.

    Attributes:
        is_clear: Whether the typed words are the whole name of one zone, city or country. Then nothing is asked.
        is_named: Whether they are the whole name of all these zones.
    """

    names: tuple[str, ...]
    is_clear: bool = False
    is_named: bool = False


def find_zones(typed: str, now: datetime) -> Zones:
    """Returns the zones that match. Abbreviations and offsets are those of the year or the moment ``now``."""
    typed = _ASIDE.sub(" ", typed).strip()
    if offset := _OFFSET.fullmatch(typed):
        zones = _at_offset(offset, now)
        return Zones(zones, len(zones) == 1, bool(zones))
    wanted = fold(typed.replace("_", " "))
    if not wanted:
        return Zones(())
    short = _TIME_AFTER.sub("", _TIME_BEFORE.sub("", wanted))
    is_of_time = short != wanted
    whole, place = _named(wanted, now.year), _of_place(short, now.year, is_of_time)
    if whole and place and not whole.is_clear and not place.is_clear:
        return Zones(tuple(dict.fromkeys([*place.names, *whole.names])), is_named=True)
    found = place if place and place.is_clear else whole or place
    return found or _in_area(short, "," in typed) or Zones(tuple(_partly(wanted)))


def _of_place(place: str, year: int, is_of_time: bool) -> Zones | None:
    """Returns the zones of a place that may have been typed with a word for time: "Italian time", "Pariser Zeit"."""
    called = place_called(place)
    known = {called} & set(zones()) or {zone for zone, country in countries().items() if country == called}
    found = tuple(_with_people(_largest_first(known))) if known else ()
    if not found and is_of_time:
        named = _named(place, year) or _named(place.removesuffix("er"), year)
        found = named.names if named else ()
    return Zones(found, is_of_time and len(found) == 1, is_named=True) if found else None


def _named(wanted: str, year: int) -> Zones | None:
    """Returns the zones with this whole name, or None."""
    if zone := full_names().get(wanted):
        return Zones((zone,), is_clear=True, is_named=True)
    called = _called(wanted, year)
    if called.names:
        return called
    shared = _shared(wanted.split(), year)
    return Zones(shared, len(shared) == 1, is_named=True) if shared else None


def _shared(words: Sequence[str], year: int) -> tuple[str, ...]:
    """Returns the zones that use all of several abbreviations: "EST/EDT"."""
    if not 1 < len(words) <= _MOST_WORDS:
        return ()
    first, *others = (set(abbreviations(year).get(word, ())) for word in words)
    return tuple(_largest_first(first.intersection(*others)))


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
        within = {*_in_country(area), *states, *database_areas().get(area, ())}
        cities = (one.zone for one in cities_called(city) if not one.is_state)
        if found := within.intersection([*cities, *database_cities().get(city, ())]):
            return Zones(tuple(_largest_first(found)), is_clear=len(found) == 1)
        unsure |= within
    return Zones(tuple(_largest_first(unsure))) if unsure else None


def suggested_zones(typed: str, now: datetime) -> list[str]:
    """Returns the zones to offer while somebody types, best first."""
    wanted = fold(typed.replace("_", " "))
    found = find_zones(typed, now)
    names = [those for name, those in common_names().items() if wanted and name.startswith(wanted)]  # "central eu"
    shared = _largest_first({zone for those in names for zone in those}) if len(wanted) >= _CLEAR_LENGTH else []
    ranked = (found.names if found.is_named else (), _partly(wanted) if wanted else (), found.names, shared)
    return list(dict.fromkeys(zone for those in ranked for zone in those))


def offered_zones(locale: str) -> list[str]:
    """Returns all zones: those of the locale's country, some of its continent, then those with the most people."""
    own, all_of_them = zones_of_locale(locale), _largest_first(zones())
    continents = {zone.partition("/")[0] for zone in own}
    near = [zone for zone in all_of_them if zone.partition("/")[0] in continents]
    return list(dict.fromkeys([*own, *near[:_MOST_NEAR], *all_of_them]))


def own_first(found: Sequence[str], locale: str) -> list[str]:
    """Returns time zones with those of the locale's country first: an Italian who writes "CET" means Europe/Rome."""
    own = set(zones_of_locale(locale))
    return sorted(found, key=lambda zone: zone not in own)


def zones_of_locale(locale: str) -> list[str]:
    """Returns the zones of the country that a locale such as ``en-US`` or ``it`` is of, the largest first."""
    from babel.core import get_global  # slow to import, and few commands need it

    code = locale.replace("-", "_")
    likely = get_global("likely_subtags").get(code, code) or code
    country = next((part for part in reversed(likely.split("_")[1:]) if len(part) == 2), "").upper()
    return _with_people(_largest_first(zone for zone, its in countries().items() if its == country))


def _called(wanted: str, year: int) -> Zones:
    """Returns the zones of the places and abbreviations with this name. One large city needs no question."""
    areas = [*_in_country(wanted), *abbreviations(year).get(wanted, ()), *database_areas().get(wanted, ())]
    areas += common_names().get(wanted, ())
    cities = dict.fromkeys(database_cities().get(wanted, ()), 0)
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
    return Zones(zones, len(zones) == 1 and is_whole, is_named=True)


def _with_people(zones: list[str]) -> list[str]:
    """Returns the only zone that has cities, or else all: nobody who writes "Germany" means Büsingen."""
    inhabited = [zone for zone in zones if zone in people_of_zones()]
    return inhabited if len(inhabited) == 1 else zones


def _partly(wanted: str) -> list[str]:
    """Returns the zones that have ``wanted`` in a name: a whole word of it, its beginning, or any part."""
    names = full_names()
    words = [zone for name, zone in names.items() if f" {wanted} " in f" {name} "]
    whole = [zone for name in country_names() if f" {wanted} " in f" {name} " for zone in _in_country(name)]
    cities = [city.zone for city in cities_beginning(wanted, _MOST_PARTIAL)]
    lands = [zone for name in country_names() if f" {wanted}" in f" {name}" for zone in _in_country(name)]
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
    code, english = country_names().get(name), english_names()
    if code is None:
        return []
    begins = {other for other, whole in english.items() if whole.startswith(f"{name} ")}
    codes = begins if code in begins else {code}
    return [zone for zone, country in countries().items() if country in codes]
