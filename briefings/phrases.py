"""Phrase patterns: the syntax of the word lists of `briefings.languages`.

A pattern is a sequence of words. It matches whole words and ignores case, accents and punctuation:

===============  ==================================================================
``who is``       these words, one after the other
``attack~``      any word that begins with "attack"
``was|were``     either word; a part may be empty: ``the|`` is "the" or nothing
``so_far``       two words where one is expected: ``today|so_far``
``...``          up to forty words, none included
``^``  ``$``     the beginning and the end of the text
``0``            any number
===============  ==================================================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from briefings.caches import text_cache

_WORD = re.compile(r"[^\W_]+")
_ANCHORS = frozenset("^$")
_STEM_KEY = 3
# An unbounded gap would make the search time quadratic.
_GAP_WORDS = 40
# Only short texts are cached: lines and sentences are folded several times, whole articles are not.
_SHORT = 600
# Letters without a decomposition, and the marks that decomposition leaves.
_PLAIN = {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe"}
_SPECIAL = re.compile("[ßłøæœ]")
# Accents, and the vowel signs and hamzas of Arabic.
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]+")


def fold(text: str) -> str:
    """Returns the words of ``text`` in lower case without accents, separated by single spaces.

    An apostrophe separates words, so that "what's" is "what s" and "l'attacco" is "l attacco".
    """
    return _fold_short(text) if len(text) < _SHORT else _fold(text)


@text_cache(8192)
def _fold_short(text: str) -> str:
    return _fold(text)


def _fold(text: str) -> str:
    text = text.casefold()
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFD", text))
        text = _SPECIAL.sub(lambda letter: _PLAIN[letter.group()], text)
    return " ".join(_WORD.findall(text))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled pattern."""

    pattern: str
    regex: re.Pattern[str]
    anchors: int

    def weight(self, folded: str) -> float:
        """Returns how much of a folded text the pattern explains.

        Returns:
            The number of matched words without gaps, plus a quarter for each anchor, or 0 without a match.
        """
        match = self.regex.search(folded)
        if match is None:
            return 0.0
        gaps = sum(len(gap.split()) for gap in match.groups() if gap)
        return len(match.group().split()) - gaps + self.anchors / 4


@cache
def compile_phrase(pattern: str) -> Phrase:
    """Compiles a pattern.

    Raises:
        ValueError: The pattern has no word.
    """
    return Phrase(pattern, re.compile(_translate(pattern)), sum(part in _ANCHORS for part in pattern.split()))


Key = TypeVar("Key")


class PhraseTable(Generic[Key]):
    """Many patterns with keys. Only patterns whose first word is in the text are tried."""

    def __init__(self, patterns: Mapping[Key, Iterable[str]]) -> None:
        self._by_word: dict[str, list[tuple[Key, str]]] = {}
        self._by_stem: dict[str, list[tuple[Key, str]]] = {}
        self._always: list[tuple[Key, str]] = []
        for key, rows in patterns.items():
            for row in rows:
                self._file(key, row)

    def matches(self, folded: str) -> list[tuple[Key, float]]:
        """Yields the key and the weight of each pattern that matches a folded text."""
        words = set(folded.split())
        tried = set(self._always)
        for word in words & self._by_word.keys():
            tried.update(self._by_word[word])
        for stem in {word[:_STEM_KEY] for word in words} & self._by_stem.keys():
            tried.update(self._by_stem[stem])
        return [(key, weight) for key, pattern in tried if (weight := compile_phrase(pattern).weight(folded))]

    def _file(self, key: Key, pattern: str) -> None:
        first = next(part for part in pattern.split() if part not in _ANCHORS)
        choices = first.split("|")
        if first == "..." or "" in choices or "0" in choices:
            self._always.append((key, pattern))
            return
        for choice in choices:
            word = fold(choice.removesuffix("~").replace("_", " ")).split(" ")[0]
            if not choice.endswith("~"):
                self._by_word.setdefault(word, []).append((key, pattern))
            elif len(word) >= _STEM_KEY:
                self._by_stem.setdefault(word[:_STEM_KEY], []).append((key, pattern))
            else:
                self._always.append((key, pattern))


def compile_any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Returns a regular expression that matches any of ``patterns`` at the start of a folded text."""
    if not patterns:
        return re.compile(r"(?!)")
    return re.compile(rf"\A(?:{'|'.join(_translate(pattern) for pattern in patterns)})")


def _translate(pattern: str) -> str:
    regex, tail, is_start, has_word = r"(?:^|(?<= ))", r"(?= |$)", True, False
    for part in pattern.split():
        if part == "^":
            regex = "^"
        elif part == "$":
            tail = "$"
        elif part == "...":
            gap = r"(?:[^ ]+ )" if is_start else r"(?: [^ ]+)"
            regex += f"({gap}{{0,{_GAP_WORDS}}}?)"
        else:
            choices = [_word(choice) for choice in part.split("|")]
            words = "|".join(choice for choice in choices if choice)
            optional = "" if all(choices) else "?"
            has_word = has_word or not optional
            if not is_start:
                regex += f"(?: (?:{words})){optional}"
            elif optional:
                # The space after an optional first word is optional too.
                regex += f"(?:(?:{words})(?: |$))?"
            else:
                regex += f"(?:{words})"
                is_start = False
    if not has_word:
        raise ValueError(f"a pattern without a word: {pattern!r}")
    return regex + tail


def _word(choice: str) -> str:
    if choice == "0":
        return r"\d+"
    stem = choice.endswith("~")
    word = re.escape(fold(choice.removesuffix("~").replace("_", " ")))
    return word + (r"[^ ]*" if stem else "")
