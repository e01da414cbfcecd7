"""Days of the week in the words of the bot's languages."""

from __future__ import annotations

import pytest

from bot.subscriptions.days import days_at
from bot.subscriptions.model import Settings
from bot.subscriptions.parsing import SettingRefused, ZoneUnclear, parse_days
from bot.subscriptions.wishes import wished
from tests.fakes import NOON

_ALL, _WORK, _FREE = {0, 1, 2, 3, 4, 5, 6}, {0, 1, 2, 3, 4}, {5, 6}
_SAID = [
    ("monday to wednesday", {0, 1, 2}),
    ("from monday through friday", _WORK),
    ("monday and friday", {0, 4}),
    ("Mondays, Fridays", {0, 4}),
    ("weekdays except friday", {0, 1, 2, 3}),
    ("every day but not on sunday", _ALL - {6}),
    ("not on weekends", _WORK),
    ("every day but friday", _ALL - {4}),
    ("sabato e domenica", _FREE),
    ("dal lunedì al venerdì", _WORK),
    ("tutti i giorni tranne la domenica", _ALL - {6}),
    ("montags bis freitags", _WORK),
    ("mo bis fr", _WORK),
    ("am Wochenende", _FREE),
    ("le lundi et le jeudi", {0, 3}),
    ("du lundi au vendredi sauf le mardi", {0, 2, 3, 4}),
    ("lunes a viernes", _WORK),
    ("todos los días", _ALL),
    ("los lunes", {0}),
    ("fri-mon", {4, 5, 6, 0}),
]


@pytest.mark.parametrize(("typed", "days"), _SAID)
def test_days_are_read_as_they_are_said(typed: str, days: set[int]) -> None:
    assert parse_days(typed) == days
    assert wished(f"8:00 {typed} rome", Settings(), NOON).schedule.days == days


@pytest.mark.parametrize("typed", ["", "someday", "monday to", "except", "except every day", "mon 8"])
def test_what_is_more_than_days_is_refused(typed: str) -> None:
    with pytest.raises(SettingRefused, match="is not a day"):
        parse_days(typed)


@pytest.mark.parametrize("typed", ["mit fluss", "die brücke", "not football", "sunrise", "in the evening", "a las 8"])
def test_words_that_begin_like_days_are_none(typed: str) -> None:
    assert days_at(typed.split()).size == 0


def test_days_with_times_of_their_own_are_several_subscriptions() -> None:
    for typed in ("monday to thursday at 7 and friday at 9", "7:00 monday 9:00 friday"):
        with pytest.raises(SettingRefused, match="the same times on all its days"):
            wished(typed, Settings(), NOON)
    assert wished("monday 7:00 9:00 friday", Settings(), NOON).schedule.days == {0, 4}


def test_a_question_about_the_zone_keeps_what_else_was_typed_in_few_words() -> None:
    with pytest.raises(ZoneUnclear) as unclear:
        wished("lunes a viernes a las 8 y a las 9 de la noche hora de México; silent: on", Settings(), NOON)
    assert unclear.value.others == "20:00 21:00 weekdays; silent: on"
