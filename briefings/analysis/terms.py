"""The words of a text as counts and weights."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache

from briefings import languages
from briefings.caches import text_cache
from briefings.phrases import fold

# Cutting words to a prefix joins their forms in all languages with endings, well enough to compare texts.
_STEM = 6
# A shorter prefix would match too many other words.
_LEAST_STEM = 4
_ENDING = re.compile(r"(?:ie|e)?s$|[aeiouy]e?$")
# Sentences are ranked several times, so their terms are cached. An article's are not.
_SENTENCE = 600


@cache
def stopwords(language: str | None) -> frozenset[str]:
    """The words of ``language`` (None: of English) that carry no meaning."""
    return frozenset().union(*(tongue.stopwords for tongue in languages.spoken(language)))


def terms(text: str, language: str | None) -> tuple[str, ...]:
    """The stems of the meaningful words of ``text``, in order."""
    return _terms_of_sentence(text, language) if len(text) < _SENTENCE else _terms(text, language)


@text_cache(1024)
def _terms_of_sentence(text: str, language: str | None) -> tuple[str, ...]:
    return _terms(text, language)


def _terms(text: str, language: str | None) -> tuple[str, ...]:
    stops = stopwords(language)
    return tuple(word[:_STEM] for word in fold(text).split() if len(word) > 1 and word not in stops)


def beginning(word: str) -> str:
    """The common beginning of the forms of a word: ``dron*`` for drone and drones, ``pont*`` for ponte and ponti.

    In languages with endings, plurals and most other forms differ in a final vowel or "s". Short words are not cut:
    they stand for themselves.
    """
    stem = _ENDING.sub("", word[:_STEM])
    return f"{stem}*" if len(stem) >= _LEAST_STEM else word


def fits(wanted: str, term: str) -> bool:
    """Whether ``term`` matches ``wanted``, which may be a result of `beginning`."""
    return term.startswith(wanted[:-1]) if wanted.endswith("*") else term == wanted


class Vector:
    """Weights of terms, with their Euclidean length computed once."""

    __slots__ = ("length", "weights")

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights
        self.length = math.hypot(*weights.values())


def cosine(one: Vector, other: Vector) -> float:
    """The cosine of the angle between two sparse vectors. 0 if one is empty."""
    ours, theirs = one.weights, other.weights
    dot = math.fsum([ours[term] * theirs[term] for term in ours.keys() & theirs.keys()])
    return dot / (one.length * other.length) if dot else 0.0
