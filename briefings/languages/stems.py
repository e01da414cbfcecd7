"""The stems of words, by the Snowball stemmers and, for German verbs, by CISTEM."""

from __future__ import annotations

import re
from functools import cache, lru_cache
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
#: "Ge" before a participle, and particles before one or before an infinitive: "geprüft", "eingestellt", "einzustellen".
_PARTICIPLE = re.compile(r"\Age(?=.{4})")
_SEPARABLE = re.compile(
    r"(ab|an|auf|aus|bei|ein|fern|fest|fort|frei|her|hin|los|mit|nach|statt|teil|um|vor|weg|zu|zuruck|zusammen)"
    r"(?:ge(?=.{4})|zu(?=.{3,}n\Z))"
)
_NOUN_OF_VERB = re.compile(r"(?<=.{3})ung(?:en)?\Z")
#: Letters that CISTEM reads as one, and the signs that stand for them meanwhile.
_TOGETHER = (("sch", "$"), ("ei", "%"), ("ie", "&"))
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


@lru_cache(_MOST_KEPT)
def german_stem(word: str) -> str:
    """The stem of a folded German word, by CISTEM. Unlike Snowball's, "geprüft", "prüft" and "prüfen" have the same.

    Source: Weissweiler and Fraser, "Developing a Stemmer for German Based on a Comparative Analysis of Publicly
    Available Stemmers", 2017. Particles before "ge" and "zu" and the ending "-ung" are ours.
    """
    word = _SEPARABLE.sub(r"\1", word, count=1) if _SEPARABLE.match(word) else _PARTICIPLE.sub("", word, count=1)
    word = _NOUN_OF_VERB.sub("", word)
    for letters, sign in _TOGETHER:
        word = word.replace(letters, sign)
    word = re.sub(r"(.)\1", r"\1*", word)
    while len(word) > 3:
        shorter = re.sub(r"(?:em|er|nd)\Z" if len(word) > 5 else r"[tesn]\Z", "", word)
        shorter = shorter if shorter != word else re.sub(r"[tesn]\Z", "", word)
        if shorter == word:
            break
        word = shorter
    word = re.sub(r"(.)\*", r"\1\1", word)
    for letters, sign in _TOGETHER:
        word = word.replace(sign, letters)
    return word


@cache
def _stemmer(code: str) -> _Stemmer:
    made: _Stemmer = snowballstemmer.stemmer(_ALGORITHMS[code])
    return made
