"""Every message of the bot is in every catalogue."""

from __future__ import annotations

import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bot
from bot.i18n import LOCALES, Translator, best_locale, own, own_n

ROOT = Path(bot.__file__).parent
KEYWORDS = {"own": None, "own_n": (1, 2)}


def _extracted() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(str(ROOT), keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found if message}


def _catalogue(locale: str) -> dict[str | tuple[str, ...], Entry]:
    raw = (ROOT / "i18n" / "locale" / locale / "LC_MESSAGES" / "nutgraf.po").read_bytes()
    entries = read_po(BytesIO(raw), locale=locale)
    return {tuple(entry.id) if isinstance(entry.id, list) else entry.id: entry for entry in entries if entry.id}


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_a_catalogue_has_every_message_and_no_other(locale: str) -> None:
    assert _catalogue(locale).keys() == _extracted()


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_translations_are_there_and_keep_their_names(locale: str) -> None:
    for message, entry in _catalogue(locale).items():
        forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
        originals = message if isinstance(message, tuple) else (message,)
        assert all(forms), message
        assert not entry.fuzzy
        assert {name for form in forms for name in _names(form)} == {n for one in originals for n in _names(one)}


def test_plural_forms_are_the_languages() -> None:
    say = Translator("it").say
    assert say(own_n("Digest: {count} story", "Digest: {count} stories", 1)) == "Riepilogo: 1 notizia"
    assert say(own_n("Digest: {count} story", "Digest: {count} stories", 3)) == "Riepilogo: 3 notizie"
    assert Translator("en").say(own_n("Digest: {count} story", "Digest: {count} stories", 1)) == "Digest: 1 story"


def test_values_are_never_read_as_patterns() -> None:
    assert "{0.__class__}" in Translator("en").say(own("I did not understand “{words}”.", words="{0.__class__}"))


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [("it_IT.UTF-8", "it"), ("IT", "it"), ("en-GB", "en"), ("de_DE", "en"), ("C", "en"), ("", "en"), (None, "en")],
)
def test_the_best_locale_is_found(wanted: str | None, locale: str) -> None:
    assert best_locale(wanted) == locale
