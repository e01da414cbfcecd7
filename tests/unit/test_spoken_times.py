"""Tests for times of the day in words: each is read as it is meant, or refused."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.i18n.spoken_times import TimeUnclear, written_times
from bot.subscriptions.model import Quiet, Settings
from bot.subscriptions.parsing import SettingRefused, parse_hours, parse_times
from bot.subscriptions.unsuited import Once
from bot.subscriptions.wishes import wished

_NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _wished(typed: str) -> str:
    """Returns the times of a subscription made with these words, as digits."""
    return " ".join(f"{one:%H:%M}" for one in wished(typed, Settings(), _NOW).schedule.times)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("every day at 12 at night", "00:00"),
        ("12:30 at night", "00:30"),
        ("daily at 2 at night", "02:00"),
        ("11 at night", "23:00"),
        ("half past twelve at night", "00:30"),
        ("at midnight", "00:00"),
        ("12 midnight", "00:00"),
        ("at noon", "12:00"),
        ("12 o'clock noon", "12:00"),
        ("quarter to one in the afternoon", "12:45"),
        ("12:15 in the afternoon", "12:15"),
        ("7 in the evening", "19:00"),
        ("a las 12 de la noche", "00:00"),
        ("a las doce de la noche", "00:00"),
        ("1 de la noche", "01:00"),
        ("a las 9 de la noche", "21:00"),
        ("a las 2 de la madrugada", "02:00"),
        ("a las 8 de la mañana", "08:00"),
        ("a las doce del mediodía", "12:00"),
        ("a las once", "11:00"),
        ("cada día a las once y media", "11:30"),
        ("once de la noche", "23:00"),
        ("a medianoche", "00:00"),
        ("a las 8 y 20", "08:20"),
        ("alle 2 di notte", "02:00"),
        ("mezzanotte", "00:00"),
        ("alle 8 e 15", "08:15"),
        ("alle 8 e 20", "08:20"),
        ("alle otto e 20 di sera", "20:20"),
        ("alle 8 e 15 e alle 20", "08:15 20:00"),
        ("um 12 Uhr nachts", "00:00"),
        ("um 3 Uhr nachts", "03:00"),
        ("halb zwölf nachts", "23:30"),
        ("1 Uhr mittags", "13:00"),
        ("um Mitternacht", "00:00"),
        ("2 heures de la nuit", "02:00"),
        ("8h du soir", "20:00"),
        ("à minuit", "00:00"),
        ("sept heures et 20", "07:20"),
        ("alle 8 e alle 15", "08:00 15:00"),
        ("8 e 20:30", "08:00 20:30"),
        ("alle 8 e 20:30", "08:00 20:30"),
        ("8:00 and 20:00", "08:00 20:00"),
        ("8 and 20", "08:00 20:00"),
        ("um 8 Uhr und 20 Uhr", "08:00 20:00"),
        ("8 noon", "08:00 12:00"),
        ("8 and 9 in the evening", "20:00 21:00"),
        ("8 9 in the evening", "20:00 21:00"),
        ("7 8 9 di sera", "19:00 20:00 21:00"),
        ("7, 8 or 9 pm", "19:00 20:00 21:00"),
        ("9 and 5 in the afternoon", "09:00 17:00"),
        ("8 in the morning and 9 in the evening", "08:00 21:00"),
        ("every morning at 7 and every evening at 6", "07:00 18:00"),
        ("at 7 every morning", "07:00"),
        ("at 7 and 8 every evening", "19:00 20:00"),
        ("um 7 Uhr am Morgen", "07:00"),
        ("alle 9 tutte le sere", "21:00"),
        ("alle 8 e alle 9 di sera", "20:00 21:00"),
        ("ogni sera alle 9 e alle 10", "21:00 22:00"),
        ("8 und 9 Uhr abends", "20:00 21:00"),
        ("jeden Morgen um 7", "07:00"),
        ("8 et 9 heures du soir", "20:00 21:00"),
        ("à 8 h et 20 h", "08:00 20:00"),
        ("a las 8 y a las 9 de la noche", "20:00 21:00"),
        ("todas las noches", "22:00"),
        ("0830", "08:30"),
        ("7 a.m. and 9 p.m.", "07:00 21:00"),
        ("ten past six", "06:10"),
    ],
)
def test_a_spoken_time_is_read_as_meant(typed: str, meant: str) -> None:
    assert _wished(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "12 du soir",
        "12 in the evening",
        "0 in the evening",
        "0 in the afternoon",
        "2 di sera",
        "11 in the afternoon",
        "12 de la mañana",
        "12 di mattina",
        "15 at night",
        "um 8 Uhr und 15",
        "8 o'clock and 15",
        "mezzanotte e 15",
        "midi et 15",
        "à 8 et 20",
        "alle 8 e 12 e 20",
        "alle 8 e 15, 20:30",
    ],
)
def test_an_unclear_time_is_refused(typed: str) -> None:
    with pytest.raises(TimeUnclear):
        written_times(typed)
    with pytest.raises(SettingRefused, match="is not a time of the day"):
        parse_times(typed)
    with pytest.raises(SettingRefused, match="is not a time of the day"):
        _wished(f"weekdays {typed} rome")


def test_spaces_and_hours_with_their_own_words_are_two_times() -> None:
    assert parse_times("8 heures et  20 heures") == (time(8), time(20))
    assert parse_times("alle 8 e  20") == (time(8, 20),)


def test_quiet_hours_begin_at_midnight() -> None:
    quiet = wished("8:00 quiet from 12 at night to 7", Settings(), _NOW).schedule.quiet
    assert quiet == Quiet(time(0), time(7))


@pytest.mark.parametrize(
    ("typed", "begin", "end"),
    [
        ("10-12 at night", 22, 0),
        ("from 10 to 6 in the morning", 22, 6),
        ("from 8 to 10 in the morning", 8, 10),
        ("from 8 to 5 in the afternoon", 8, 17),
        ("from 10 to 6am", 22, 6),
        ("dalle 10 alle 6 di mattina", 22, 6),
        ("von 10 bis 6 Uhr morgens", 22, 6),
        ("de 10 à 6 h du matin", 22, 6),
        ("de 10 a 6 de la mañana", 22, 6),
    ],
)
def test_hours_end_in_the_part_of_the_day_that_is_said(typed: str, begin: int, end: int) -> None:
    assert parse_hours(typed) == (time(begin), time(end))
    assert wished(f"20:00 quiet {typed}", Settings(), _NOW).schedule.quiet == Quiet(time(begin), time(end))
    with pytest.raises(SettingRefused, match="are hours"):
        _wished(typed)


@pytest.mark.parametrize("typed", ["once", "at once", "morgen um 8", "once at eight in the evening", "mañana a las 8"])
def test_words_for_one_post_are_still_found(typed: str) -> None:
    with pytest.raises(Once):
        _wished(typed)


@pytest.mark.parametrize("text", ["alle 8 e ", "8 heures et ", "mezzanotte e ", "um 8 uhr und ", "every evening "])
def test_a_long_text_is_read_in_one_pass(text: str) -> None:
    assert len(written_times(text * 5_000)) >= 5_000


@pytest.mark.parametrize(
    "typed", ["evening 8", "sunday evening at 8", "abends um 8", "le soir à 8h", "7 in the morning and evening"]
)
def test_a_part_of_the_day_beside_an_hour_is_refused(typed: str) -> None:
    with pytest.raises(SettingRefused, match="is not a time of the day"):
        _wished(typed)
