"""What people type in the bot's languages: names, values, times of the day and hours."""

from __future__ import annotations

from collections import Counter
from datetime import time
from importlib.resources import files

import pytest
import yaml

import bot.i18n
from bot.commands.names import command_named
from bot.commands.table import BY_NAME
from bot.i18n import LOCALES, Translator, listed, own
from bot.i18n.spoken_times import written_times
from bot.i18n.typed_words import typed_words
from bot.subscriptions.edits import Setting, with_value
from bot.subscriptions.model import Mode, Settings
from bot.subscriptions.parsing import SettingRefused, parse_hours, parse_times
from bot.subscriptions.setting_names import setting_called
from bot.subscriptions.unsuited import Once
from bot.subscriptions.wishes import wished
from briefings.phrases import fold
from tests.fakes import NOON


@pytest.mark.parametrize("locale", LOCALES)
def test_the_options_of_subscribe_are_names_of_their_settings(locale: str) -> None:
    say = Translator(locale).say
    for option in BY_NAME["subscribe"].options:
        if option.setting:
            assert setting_called(say(option.title))[0] is option.setting


@pytest.mark.parametrize("purpose", ["commands", "settings", "values", "switches", "feeds"])
def test_no_word_has_two_meanings(purpose: str) -> None:
    found = yaml.safe_load(files(bot.i18n).joinpath("typed_words.yaml").read_text(encoding="utf-8"))[purpose]
    counts = Counter(fold(word) for words in found.values() for word in words)
    assert [word for word, count in counts.items() if count > 1] == []
    assert all(typed_words(purpose)[fold(word)] == meaning for meaning, words in found.items() for word in words)


def test_every_name_of_a_command_means_it() -> None:
    for name, meaning in typed_words("commands").items():
        assert command_named(name) is BY_NAME[meaning]
    assert command_named("Kündigen") is BY_NAME["unsubscribe"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("alle 7 e mezza", "7:30"),
        ("alle sette e un quarto", "7:15"),
        ("8 meno un quarto", "7:45"),
        ("8 di sera", "20:00"),
        ("11 di mattina", "11:00"),
        ("sette di sera", "19:00"),
        ("20 abends", "20:00"),
        ("halb acht", "7:30"),
        ("viertel vor 8", "7:45"),
        ("20 Uhr 15", "20:15"),
        ("8 Uhr abends", "20:00"),
        ("half past seven", "7:30"),
        ("quarter to 12 at night", "23:45"),
        ("sept heures et demie", "7:30"),
        ("18 heures 30", "18:30"),
        ("siete y media", "7:30"),
        ("a las 8 de la tarde", "20:00"),
        ("at 8am", "at 8am"),
        ("99 Uhr", "99 Uhr"),
        ("München 8:00", "München 8:00"),
    ],
)
def test_spoken_times_are_written(typed: str, said: str) -> None:
    assert written_times(typed) == said


def test_a_long_text_of_times_takes_no_longer_than_its_length() -> None:
    text = "viertel vor " * 20_000
    assert written_times(text) == text


@pytest.mark.parametrize(
    "typed",
    ["22:00-7:00", "22-7", "dalle 22 alle 7", "von 22 bis 7 Uhr", "from 10 pm to 7am", "de 22h à 7h", "entre 22 y 7"],
)
def test_hours_are_said_with_words(typed: str) -> None:
    assert parse_hours(typed) == (time(22), time(7))


@pytest.mark.parametrize("typed", ["22", "7-7", "1-2-3", "night", "-", ""])
def test_other_words_are_no_hours(typed: str) -> None:
    with pytest.raises(SettingRefused):
        parse_hours(typed)


def test_words_stand_between_times() -> None:
    assert parse_times("alle 8 e alle 18") == parse_times("8 Uhr und 18 Uhr") == (time(8), time(18))
    with pytest.raises(SettingRefused):
        parse_times("alle")


@pytest.mark.parametrize("typed", ["entrambi", "beides", "les deux", "ambos", "both"])
def test_values_have_names_in_each_language(typed: str) -> None:
    assert with_value(Settings(), Setting.MODE, typed, NOON).mode is Mode.BOTH
    assert wished(f"8:00 {typed}", Settings(), NOON).mode is Mode.BOTH


@pytest.mark.parametrize("typed", ["tedesco", "german", "Deutsch", "allemand", "de"])
def test_a_language_has_names_in_each_language(typed: str) -> None:
    assert with_value(Settings(), Setting.LANGUAGE, typed, NOON).language == "de"


def test_refusals_list_what_the_buttons_say() -> None:
    with pytest.raises(SettingRefused) as refused:
        with_value(Settings(), Setting.MODE, "xyz", NOON)
    assert "appena arriva" in Translator("it").say(refused.value.reason)
    with pytest.raises(SettingRefused) as refused:
        with_value(Settings(), Setting.SILENT, "xyz", NOON)
    assert Translator("it").say(refused.value.reason) == "Scrivi «sì» oppure «no»."


@pytest.mark.parametrize("typed", ["ogni ora", "every 30 minutes", "stündlich", "alle 2 Stunden", "toutes les heures"])
def test_no_subscription_posts_every_hour(typed: str) -> None:
    with pytest.raises(SettingRefused, match="up to"):
        wished(typed, Settings(), NOON)
    assert wished("alle ore 8", Settings(), NOON).schedule.times == (time(8),)


@pytest.mark.parametrize("typed", ["tra mezz'ora", "in einer halben Stunde", "dans une demi-heure", "en media hora"])
def test_half_an_hour_is_one_post(typed: str) -> None:
    with pytest.raises(Once) as once:
        wished(typed, Settings(), NOON)
    assert once.value.delay.total_seconds() == 1800


def test_the_words_of_the_options_work_without_a_name() -> None:
    words = "18:00 roma; con ponte; senza calcio; quiete dalle 22 alle 7; modalità entrambi"
    settings = wished(words, Settings(), NOON)
    assert settings.include == ("ponte",)
    assert settings.exclude == ("calcio",)
    assert settings.schedule.quiet is not None
    assert Translator("it").say(listed([own("on"), own("off")])) == "sì, no"
