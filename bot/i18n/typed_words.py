"""Words that people type in the bot's languages, besides those that the bot shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.i18n.word_lists import word_list
from briefings.phrases import fold


@cache
def typed_words(purpose: str) -> Mapping[str, str]:
    """Returns what each word means: the name of a command, a setting, a value, a switch or a verb of ``/feeds``.

    Args:
        purpose: A part of the list: ``commands``, ``settings``, ``values``, ``switches``, ``feeds``, ``polite``,
            ``requests``, ``clauses`` or ``fillers``.
    """
    words = word_list("typed_words")[purpose]
    return {fold(word): meaning for meaning, known in words.items() for word in (meaning, *known)}
