"""Reads commands that people write in their own way: "//who", "/who?", "LATEST". Pure."""

from __future__ import annotations

import re

from bot.commands.names import command_named
from bot.commands.table import Command, OptionKind
from bot.i18n import Translator, best_locale
from bot.i18n.typed_words import typed_words
from briefings.phrases import fold

_MARK_BEHIND_NAME = re.compile(r"\A(/\w+(?:@\w+)?)[?!.,;:]+(?=\s|$)")
_LEAST_SHOUTED = 4
_MOST_NAMED = 3


def tidied(text: str) -> str:
    """Returns a text with one slash before a command and no marks behind it, and not all in capitals."""
    if text.startswith("/"):
        text = _MARK_BEHIND_NAME.sub(r"\1", "/" + text.lstrip("/ "))
    is_shouted = text.isupper() and sum(map(str.isalpha, text)) >= _LEAST_SHOUTED
    return text.lower() if is_shouted else text


def command_alone(text: str) -> Command | None:
    """Returns the command of which a text is the name, without a slash, or None. "resume, please" is one."""
    polite = typed_words("polite")
    words = [word for word in text.rstrip("?!. ").split() if fold(word) not in polite]
    return command_named(" ".join(words).rstrip(","))


def commands_mentioned(text: str, locale: str) -> list[Command]:
    """Returns the commands whose names, in English or in the user's language, are among the words of a text.

    Commands about a story are left out: "people" and "next" are common words.
    """
    say = Translator(best_locale(locale)).say
    found = list[Command]()
    for word in dict.fromkeys(fold(text).split()):
        command = command_named(word)
        if command is None or any(option.kind is OptionKind.STORY for option in command.options):
            continue
        if word in {command.name, *command.aliases, fold(say(command.title))}:
            found.append(command)
    return found[:_MOST_NAMED]
