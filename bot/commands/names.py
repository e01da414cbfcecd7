"""The names of commands, in English and in the bot's other languages."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from bot.commands.table import BY_NAME, COMMANDS, Command
from bot.i18n import LOCALES, Translator, best_locale
from bot.i18n.typed_words import typed_words
from briefings.phrases import fold

#: How German writes its letters where only ASCII is allowed.
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def plain_name(command: Command, locale: str) -> str:
    """Returns the name of a command for menus that allow only ASCII.

    It is the English name if another command has the translated one: "resume" is not the French "résumé".
    """
    name = _plain(Translator(locale).say(command.title), locale)
    return name if _by_every_name()[name] is command else command.name


def command_named(name: str) -> Command | None:
    """Returns the command with a name in any of the languages, with or without its accents, or None."""
    return _by_every_name().get(name.lower()) or _by_every_name().get(fold(name))


def nearest_name(typed: str, locale: str, alike: float = 0.6) -> str | None:
    """Returns the name most similar to a misspelt one, in English or in the user's language, or None.

    Args:
        alike: How similar it has to be, from 0 to 1.
    """
    say = Translator(best_locale(locale)).say
    names = [*BY_NAME, *(say(command.title) for command in COMMANDS)]
    return next(iter(get_close_matches(typed.lower(), names, n=1, cutoff=alike)), None)


def _plain(name: str, locale: str) -> str:
    name = name.translate(_GERMAN) if locale == "de" else name
    return fold(name)


def _translated() -> Iterator[tuple[str, Command]]:
    """Yields all names in the languages other than English. Those without accents come last."""
    translated = [(locale, Translator(locale).say(one.title), one) for locale in LOCALES[1:] for one in COMMANDS]
    yield from ((name, command) for _, name, command in translated)
    yield from ((_plain(name, locale), command) for locale, name, command in translated)
    yield from ((fold(name), command) for _, name, command in translated)


@cache
def _by_every_name() -> dict[str, Command]:
    """Returns the commands by all their names. The first command keeps a name that several have."""
    named = dict(BY_NAME)
    for name, command in (*_translated(), *_also_typed()):
        named.setdefault(name, command)
    return named


def _also_typed() -> Iterator[tuple[str, Command]]:
    """Yields names that people try: the words for the same act."""
    return ((name, BY_NAME[meaning]) for name, meaning in typed_words("commands").items())
