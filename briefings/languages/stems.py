"""The stems of words, by the Snowball stemmers."""

from __future__ import annotations

import re
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
_PARTICLES = "ab|an|auf|aus|bei|ein|fern|fest|fort|frei|her|hin|los|mit|nach|statt|teil|um|vor|weg|zu|zuruck|zusammen"
#: Regular participles, and infinitives with "zu" inside them: "geprüft", "eingestellt", "einzustellen".
_PARTICIPLE = re.compile(rf"({_PARTICLES})?ge([^\W\d_]{{4,30}}?)e?t(?:e[mnrs]?)?")
_WITH_ZU = re.compile(rf"({_PARTICLES})zu([^\W\d_]{{3,30}}n)")
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


def german_stem(word: str) -> str:
    """The stem of a folded German word. Participles and infinitives with "zu" have that of the plain infinitive."""
    if match := _PARTICIPLE.fullmatch(word):
        word = f"{match[1] or ''}{match[2]}en"
    elif match := _WITH_ZU.fullmatch(word):
        word = f"{match[1]}{match[2]}"
    return stem(word, "de")


@cache
def _stemmer(code: str) -> _Stemmer:
    made: _Stemmer = snowballstemmer.stemmer(_ALGORITHMS[code])
    return made
