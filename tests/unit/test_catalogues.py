"""Every message of the bot is in every catalogue."""

from __future__ import annotations

import re
import string
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bot
from bot.commands.table import COMMANDS
from bot.i18n import LOCALES, Translator, best_locale, own, own_n
from bot.subscriptions.setting_names import SETTING_NAMES
from briefings.phrases import fold

ROOT = Path(bot.__file__).parent
#: https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
_ONE_WORD = re.compile(r"[-_\w]{1,32}")
_MESSAGE = re.compile(r'^msgid ("[^\n]*(?:\n"[^\n]*)*)', re.MULTILINE)
_QUOTED = re.compile(r'^"(.*)"$', re.MULTILINE)
KEYWORDS = {"own": None, "own_n": (1, 2)}


def _extracted() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(str(ROOT), keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found if message}


def _catalogue(locale: str) -> dict[str | tuple[str, ...], Entry]:
    raw = (ROOT / "i18n" / "locale" / locale / "LC_MESSAGES" / "nutgraf.po").read_bytes()
    entries = read_po(BytesIO(raw), locale=locale)
    return {tuple(entry.id) if isinstance(entry.id, list) else entry.id: entry for entry in entries if entry.id}


def _forms(entry: Entry) -> tuple[object, ...]:
    return entry.string if isinstance(entry.string, tuple) else (entry.string,)


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_each_catalogue_has_every_message_and_no_other() -> None:
    extracted = _extracted()
    for locale in LOCALES[1:]:
        catalogue = _catalogue(locale)
        assert catalogue.keys() == extracted, locale
        assert [entry.id for entry in catalogue.values() if not all(_forms(entry))] == [], locale


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_babel_finds_no_fault(locale: str) -> None:
    faults = {entry.id: found for entry in _catalogue(locale).values() if (found := list(entry.check()))}
    assert faults == {}


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_no_message_stands_twice(locale: str) -> None:
    """Readers of a catalogue differ in which of two translations they take."""
    text = (ROOT / "i18n" / "locale" / locale / "LC_MESSAGES" / "nutgraf.po").read_text(encoding="utf-8")
    found = Counter("".join(_QUOTED.findall(words)) for words in _MESSAGE.findall(text))
    assert {words: count for words, count in found.items() if count > 1} == {}


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_names_and_labels_are_told_apart(locale: str) -> None:
    """What people type must have one meaning: commands, options of a command, and settings."""
    say = Translator(locale).say
    names = [say(own(command.name)) for command in COMMANDS]
    labels = [fold(say(label)) for label in SETTING_NAMES.values()]
    assert len(names) == len(set(names))
    assert len(labels) == len(set(labels))
    for command in COMMANDS:
        options = [say(option.title) for option in command.options]
        assert len(options) == len(set(options))
        assert all(_ONE_WORD.fullmatch(name) for name in (say(own(command.name)), *options))


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_translations_are_there_and_keep_their_names(locale: str) -> None:
    for message, entry in _catalogue(locale).items():
        forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
        originals = message if isinstance(message, tuple) else (message,)
        assert all(forms), message
        assert not entry.fuzzy
        assert {name for form in forms for name in _names(form)} == {n for one in originals for n in _names(one)}


@pytest.mark.parametrize(
    ("locale", "none", "one", "many"),
    [
        ("de", "Überblick: 0 Meldungen", "Überblick: 1 Meldung", "Überblick: 5 Meldungen"),
        ("fr", "Condensé : 0 actualité", "Condensé : 1 actualité", "Condensé : 5 actualités"),
        ("es", "Boletín: 0 noticias", "Boletín: 1 noticia", "Boletín: 5 noticias"),
        ("it", "Riepilogo: 0 notizie", "Riepilogo: 1 notizia", "Riepilogo: 5 notizie"),
    ],
)
def test_plural_forms_follow_the_rules_of_the_language(locale: str, none: str, one: str, many: str) -> None:
    say = Translator(locale).say
    said = [say(own_n("Digest: {count} story", "Digest: {count} stories", count)) for count in (0, 1, 5)]
    assert said == [none, one, many]


def test_plural_forms_are_the_languages() -> None:
    say = Translator("it").say
    assert say(own_n("Digest: {count} story", "Digest: {count} stories", 1)) == "Riepilogo: 1 notizia"
    assert say(own_n("Digest: {count} story", "Digest: {count} stories", 3)) == "Riepilogo: 3 notizie"
    assert Translator("en").say(own_n("Digest: {count} story", "Digest: {count} stories", 1)) == "Digest: 1 story"


def test_values_are_never_read_as_patterns() -> None:
    assert "{0.__class__}" in Translator("en").say(own("I did not understand “{words}”.", words="{0.__class__}"))


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        ("it_IT.UTF-8", "it"),
        ("IT", "it"),
        ("en-GB", "en"),
        ("de_DE", "de"),
        ("nl_NL", "en"),
        ("C", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_best_locale_is_found(wanted: str | None, locale: str) -> None:
    assert best_locale(wanted) == locale
