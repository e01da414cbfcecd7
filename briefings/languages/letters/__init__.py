"""The letters, common words and old encodings of each language, to tell an encoding by what it reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings import languages
from briefings.phrases import fold


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters and common words of one language.

    Attributes:
        code: ISO 639-1.
        letters: Those beyond a to z, in both cases.
        common: Where a language has no alphabet, its commonest characters.
        encodings: Python's names of those that were used before UTF-8, the commonest first.
        words: Folded words that nearly every text has.
    """

    code: str
    letters: frozenset[str]
    common: frozenset[str]
    encodings: tuple[str, ...]
    words: frozenset[str]


@cache
def alphabets() -> tuple[Letters, ...]:
    """The letters of every language that has any here."""
    raw = yaml.safe_load(files(__name__).joinpath("letters.yaml").read_bytes())
    return tuple(_letters(str(code), entry) for code, entry in raw.items())


def _letters(code: str, entry: dict[str, str | list[str]]) -> Letters:
    letters = str(entry.get("letters", ""))
    words = fold(str(entry["words"])).split() if "words" in entry else ()
    return Letters(
        code=code,
        letters=frozenset(letters + letters.upper()),
        common=frozenset(str(entry.get("common", ""))),
        encodings=tuple(entry["encodings"]),
        words=languages.load(code).stopwords if code in languages.codes() else frozenset(words),
    )
