"""Commands have a name in each language, and every name works everywhere."""

from __future__ import annotations

import re

import pytest

from bot.commands.names import command_named, nearest_name, plain_name
from bot.commands.table import BY_NAME, COMMANDS
from bot.i18n import LOCALES, Translator
from bot.platforms.telegram.menus import menus
from bot.platforms.telegram.posts import drafts
from tests.fakes import article, talk_over
from tests.shown import said

#: https://core.telegram.org/bots/api#botcommand
_ALLOWED = re.compile(r"[a-z0-9_]{1,32}")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_names_in_a_menu_are_allowed_and_lead_to_their_commands(locale: str) -> None:
    names = [plain_name(command, locale) for command in COMMANDS]
    assert all(_ALLOWED.fullmatch(name) for name in names)
    assert len(set(names)) == len(names)
    assert [command_named(name) for name in names] == list(COMMANDS)


@pytest.mark.parametrize("locale", LOCALES)
def test_names_work_as_other_clients_show_them(locale: str) -> None:
    """Discord shows them with their accents."""
    for command in COMMANDS:
        assert command_named(Translator(locale).say(command.title)) is command


@pytest.mark.parametrize(
    ("typed", "name"),
    [("perche", "why"), ("perché", "why"), ("überblick", "digest"), ("ueberblick", "digest"), ("uberblick", "digest"),
     ("WER", "who"), ("resume", "resume"), ("résumé", "summary"), ("stop", "unsubscribe"), ("nothing", "")],
)  # fmt: skip
def test_accents_may_be_left_out_but_never_change_the_command(typed: str, name: str) -> None:
    command = command_named(typed)
    assert (command.name if command else "") == name


def test_an_english_name_is_never_another_command() -> None:
    assert all(command_named(name) is command for name, command in BY_NAME.items())


def test_misspelt_names_are_looked_for_in_the_users_language() -> None:
    assert nearest_name("consegenze", "it-IT") == "conseguenze"
    assert nearest_name("consequnces", "it") == "consequences"
    assert nearest_name("einstelungen", "it") is None


async def test_translated_commands_are_answered() -> None:
    async with talk_over(article("Bridge collapses", "The bridge at Norby fell into the river on Monday.")) as talk:
        assert said(await talk.ask("/quando")) == said(await talk.ask("/when"))
        assert said(await talk.ask("quando 1")) == said(await talk.ask("when 1"))


async def test_hints_are_those_of_the_clients_menu() -> None:
    async with talk_over() as talk:
        [help_, *_] = drafts(await talk.ask("/help"), Translator("it"))
        assert "/chi" in help_.plain
        assert "/who" not in help_.plain
        [gone] = drafts(await talk.ask("glorp glorp"), Translator("it"))
        assert "/aiuto" in gone.plain


def test_menus_have_translated_names() -> None:
    shown = {menu.language: dict(menu.commands) for menu in menus()}
    assert "who" in shown[""]
    assert "chi" in shown["it"]
    assert "zusammenfassung" in shown["de"]
