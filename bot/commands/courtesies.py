"""Recognises greetings and thanks, which ask nothing."""

from __future__ import annotations

import unicodedata
from functools import cache

from bot.i18n import LOCALES, Message, Translator, own
from briefings.phrases import fold

_GREETINGS = own("hello, hi, hey, good morning, good afternoon, good evening")
_THANKS = own("thanks, thank you, thanks a lot, many thanks, great, okay, ok")
#: The Unicode categories of emojis: symbols, and the marks that change and join them.
_EMOJI = frozenset({"So", "Sk", "Mn", "Cf"})


def is_greeting(text: str) -> bool:
    """Returns whether a text is only a greeting, in any of the bot's languages."""
    return fold(text) in _phrases(_GREETINGS)


def is_thanks(text: str) -> bool:
    """Returns whether a text only thanks or agrees, in any of the bot's languages or with emojis."""
    return fold(text) in _phrases(_THANKS) or (bool(text) and all(unicodedata.category(one) in _EMOJI for one in text))


@cache
def _phrases(message: Message) -> frozenset[str]:
    said = (Translator(locale).say(message) for locale in LOCALES)
    return frozenset(fold(phrase) for phrases in said for phrase in phrases.split(","))
