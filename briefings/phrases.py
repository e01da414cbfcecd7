"""Phrase patterns: how the word lists of `briefings.languages` are written and matched.

A pattern is a row of words, matched against whole words, case, accents and punctuation aside:

===============  ==================================================================
``who is``       these words, one after the other
``attack~``      any word that begins with "attack"
``was|were``     either word; a part may be empty: ``the|`` is "the" or nothing
``...``          any number of words, none included
``^``  ``$``     the beginning and the end of the text
``0``            any number
===============  ==================================================================
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_SHARP = {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe"}


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The words of ``text`` in lower case without accents, one space between them.

    An apostrophe parts words, so that "what's" is "what s" and "l'attacco" is "l attacco".
    """
    text = text.casefold()
    if not text.isascii():
        decomposed = unicodedata.normalize("NFD", text)
        text = "".join(_SHARP.get(c, c) for c in decomposed if unicodedata.category(c) != "Mn")
    return " ".join(_WORD.findall(text))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled pattern; ``weight`` counts its literal words, anchors as a quarter of one."""

    pattern: str
    regex: re.Pattern[str]
    weight: float

    def search(self, folded: str) -> re.Match[str] | None:
        """Its first occurrence in a text that `fold` has folded."""
        return self.regex.search(folded)


@lru_cache(maxsize=None)
def compile_phrase(pattern: str) -> Phrase:
    """The phrase that ``pattern`` writes down.

    Raises:
        ValueError: The pattern holds no word.
    """
    regex, weight = _translate(pattern)
    return Phrase(pattern, re.compile(regex), weight)


def compile_any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression that finds any of ``patterns`` in a folded text; none finds nothing."""
    if not patterns:
        return re.compile(r"(?!)")
    return re.compile("|".join(_translate(pattern)[0] for pattern in patterns))


def _translate(pattern: str) -> tuple[str, float]:
    regex, weight, is_start = r"(?:^|(?<= ))", 0.0, True
    tail = r"(?= |$)"
    for part in pattern.split():
        if part == "^":
            regex, weight = "^", weight + 0.25
        elif part == "$":
            tail, weight = "$", weight + 0.25
        elif part == "...":
            regex += r"(?:[^ ]+ )*?" if is_start else r"(?: [^ ]+)*?"
        else:
            choices = [_word(choice) for choice in part.split("|")]
            weight += 1.0 if all(choices) else 0.5
            words = "|".join(choice for choice in choices if choice)
            optional = "" if all(choices) else "?"
            if is_start:
                # The blank behind an optional first word goes with it.
                regex += f"(?:(?:{words})(?: |$))?" if optional else f"(?:{words})"
                is_start = bool(optional)
            else:
                regex += f"(?: (?:{words})){optional}"
    if weight < 0.5:
        raise ValueError(f"a pattern without a word: {pattern!r}")
    return regex + tail, weight


def _word(choice: str) -> str:
    if choice == "0":
        return r"\d+"
    stem = choice.endswith("~")
    word = re.escape(fold(choice.removesuffix("~")))
    return word + (r"[^ ]*" if stem else "")
