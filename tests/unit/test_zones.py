"""Finding a time zone by the name of a place."""

from __future__ import annotations

import pytest

from bot.subscriptions.cities import cities_called, people_of_zones
from bot.subscriptions.parsing import SettingRefused, ZoneUnclear, one_zone
from bot.subscriptions.zone_names import zones
from bot.subscriptions.zones import find_zones, offered_zones, own_first, suggested_zones, zones_of_locale
from tests.fakes import NOON


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Milano", "Europe/Rome"),
        ("Mailand", "Europe/Rome"),
        ("München", "Europe/Berlin"),
        ("Monaco di Baviera", "Europe/Berlin"),
        ("Beijing", "Asia/Shanghai"),
        ("Pechino", "Asia/Shanghai"),
        ("Bombay", "Asia/Kolkata"),
        ("San Francisco", "America/Los_Angeles"),
        ("san-francisco", "America/Los_Angeles"),
        ("Genève", "Europe/Zurich"),
        ("Hamburg", "Europe/Berlin"),
        ("Saigon", "Asia/Ho_Chi_Minh"),
        ("Rome", "Europe/Rome"),  # not the one in Georgia
        ("India", "Asia/Kolkata"),
        ("Italia", "Europe/Rome"),
        ("Frankreich", "Europe/Paris"),
        ("Pologne", "Europe/Warsaw"),
        ("Japón", "Asia/Tokyo"),
        ("Iceland", "Atlantic/Reykjavik"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("gmt", "UTC"),
        ("+5:45", "Asia/Kathmandu"),
        ("北京", "Asia/Shanghai"),
        ("Москва", "Europe/Moscow"),
        ("القاهرة", "Africa/Cairo"),
        ("東京", "Asia/Tokyo"),
        ("Αθήνα", "Europe/Athens"),
        ("Київ", "Europe/Kyiv"),
        ("서울", "Asia/Seoul"),
        ("日本", "Asia/Tokyo"),
        ("Polska", "Europe/Warsaw"),
        ("Deutschland", "Europe/Berlin"),  # nobody means Büsingen
        ("Italian time", "Europe/Rome"),
        ("ora italiana", "Europe/Rome"),
        ("heure française", "Europe/Paris"),
        ("deutsche Zeit", "Europe/Berlin"),
        ("Pariser Zeit", "Europe/Paris"),
        ("Schweizer Zeit", "Europe/Zurich"),
        ("hora peninsular", "Europe/Madrid"),
        ("UK time", "Europe/London"),
        ("Moscow time", "Europe/Moscow"),  # also the name of a time in other countries
    ],
)
def test_a_whole_name_is_one_zone(typed: str, zone: str) -> None:
    assert one_zone(typed, NOON) == zone


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("EST", {"America/New_York", "America/Toronto"}),
        ("IST", {"Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"}),
        ("CET", {"Europe/Rome", "Europe/Berlin"}),
        ("Georgia", {"Asia/Tbilisi", "America/New_York"}),
        ("Washington", {"America/Los_Angeles", "America/New_York"}),
        ("Birmingham", {"Europe/London", "America/Chicago"}),
        ("Spain", {"Europe/Madrid", "Atlantic/Canary"}),
        ("USA", {"America/New_York", "America/Chicago", "America/Los_Angeles"}),
        ("Eastern", {"America/New_York"}),
        ("Texas", {"America/Chicago", "America/Denver"}),
        ("SF", {"America/Los_Angeles"}),
        ("DC", {"America/New_York"}),
        ("Россия", {"Europe/Moscow", "Asia/Yekaterinburg"}),
        ("Eastern Time (US & Canada)", {"America/New_York", "America/Toronto"}),
        ("Central European Time", {"Europe/Rome", "Europe/Berlin"}),
        ("mitteleuropäische Zeit", {"Europe/Rome", "Europe/Berlin"}),
        ("ora dell'Europa centrale", {"Europe/Rome", "Europe/Berlin"}),
        ("heure d'Europe centrale", {"Europe/Rome", "Europe/Berlin"}),
        ("hora de México", {"America/Mexico_City", "America/Tijuana"}),
        ("EST/EDT", {"America/New_York", "America/Toronto"}),
    ],
)
def test_a_name_of_several_places_asks(typed: str, among: set[str]) -> None:
    with pytest.raises(ZoneUnclear) as unclear:
        one_zone(typed, NOON)
    assert among <= set(unclear.value.zones)


@pytest.mark.parametrize("typed", ["mil", "lond", "franc", "Europe/Ro", "kolk", "jst", "it", "ulm", "argent", "york"])
def test_a_part_of_a_name_is_never_taken_without_a_question(typed: str) -> None:
    with pytest.raises(ZoneUnclear):
        one_zone(typed, NOON)


@pytest.mark.parametrize("typed", ["narnia", "xyzzy", "|", "1", "/"])
def test_what_is_no_place_is_refused(typed: str) -> None:
    with pytest.raises((SettingRefused, ZoneUnclear)):
        one_zone(typed, NOON)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("mil", "Europe/Rome"),
        ("münch", "Europe/Berlin"),
        ("san fr", "America/Los_Angeles"),
        ("central eu", "Europe/Berlin"),
        ("mitteleuro", "Europe/Berlin"),
    ],
)
def test_cities_are_suggested_by_the_beginning_of_their_names(typed: str, zone: str) -> None:
    assert zone in suggested_zones(typed, NOON)[:3]


@pytest.mark.parametrize(
    ("locale", "zone"),
    [
        ("it", "Europe/Rome"),
        ("de", "Europe/Berlin"),
        ("en-US", "America/New_York"),
        ("en-GB", "Europe/London"),
        ("pt-br", "America/Sao_Paulo"),
        ("zh-TW", "Asia/Taipei"),
    ],
)
def test_the_zones_of_a_locale_come_first(locale: str, zone: str) -> None:
    assert zones_of_locale(locale)[0] == zone
    assert offered_zones(locale)[0] == zone
    assert sorted(offered_zones(locale)) == zones()


@pytest.mark.parametrize(("locale", "continent"), [("it", "Europe"), ("en-US", "America"), ("ja", "Asia")])
def test_zones_of_the_same_continent_come_before_those_of_others(locale: str, continent: str) -> None:
    assert {zone.partition("/")[0] for zone in offered_zones(locale)[:8]} <= {continent, "Pacific"}


@pytest.mark.parametrize("locale", ["", "xx", "x-y-z", "1", "en_"])
def test_a_locale_of_no_country_offers_all_zones(locale: str) -> None:
    assert sorted(offered_zones(locale)) == zones()


def test_every_city_has_a_zone_that_is_offered() -> None:
    assert set(people_of_zones()) <= set(zones())
    assert cities_called("georgia")[0].is_state


def test_no_zone_is_named_twice() -> None:
    for typed in ("a", "san", "est", "america", "+1"):
        found = find_zones(typed, NOON).names
        assert len(found) == len(set(found))


def test_the_zones_of_the_users_country_are_asked_about_first() -> None:
    found = find_zones("CET", NOON).names
    assert own_first(found, "it")[0] == "Europe/Rome"
    assert own_first(found, "fr-FR")[0] == "Europe/Paris"
    assert own_first(found, "") == list(found)
