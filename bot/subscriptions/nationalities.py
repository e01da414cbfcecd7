"""Finds countries by the adjectives that people use for the time there: "Italian time", "ora italiana"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bot.i18n.word_lists import word_list
from briefings.phrases import fold

_GERMAN_ENDINGS = ("e", "er", "en")


def place_called(adjective: str) -> str:
    """Returns the code of a country, or a time zone, by a folded adjective in one of the bot's languages, or ""."""
    stems = (adjective.removesuffix(ending) for ending in ("", *_GERMAN_ENDINGS))
    return next((_places()[stem] for stem in stems if stem in _places()), "")


@cache
def _places() -> Mapping[str, str]:
    return {fold(word): place for place, words in word_list("nationalities").items() for word in words}
