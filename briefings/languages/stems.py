"""The stems of words, by the Snowball stemmers."""

from __future__ import annotations

from functools import cache
from typing import Protocol

import snowballstemmer

from briefings.phrases import fold

_ALGORITHMS = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "pt": "portuguese",
    "ru": "russian",
}
_MOST_KEPT = 20_000
_stems: dict[tuple[str, str], str] = {}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # the library's name


def stem(word: str, code: str) -> str:
    """Returns the stem of a folded word, or the word itself if the language has no stemmer.

    Args:
        code: ISO 639-1.
    """
    key = code, word
    if (known := _stems.get(key)) is None:
        if len(_stems) >= _MOST_KEPT:
            _stems.clear()
        known = _stems[key] = fold(_stemmer(code).stemWord(word)) if code in _ALGORITHMS else word
    return known


@cache
def _stemmer(code: str) -> _Stemmer:
    made: _Stemmer = snowballstemmer.stemmer(_ALGORITHMS[code])
    return made
