"""The word lists, one YAML file for each language.

The keys of a file are the fields of `Language`. README.md explains how to add one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings.model import SectionKind
from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FEWEST_STOPWORDS = 0.12


@dataclass(frozen=True, slots=True)
class Language:
    """The word lists of one language. All patterns are those of `briefings.phrases`.

    Attributes:
        code: ISO 639-1.
        stopwords: Folded words without a subject.
        leaning: Folded first words of a sentence that needs the one before it.
        months: Folded names and abbreviations, to the month's number.
        weekdays: Folded names and abbreviations.
        furniture: Texts around the article on news pages, by place: ``whole start anywhere
            related end closing byline tagline``.
        headings: For each kind the patterns of headings that open it.
        questions: Patterns for headings and questions that match none of ``headings``.
        cues: Patterns in sentences that answer a question.
        places: Folded words before the name of a place.
    """

    code: str
    stopwords: frozenset[str]
    leaning: frozenset[str]
    months: dict[str, int]
    weekdays: frozenset[str]
    furniture: dict[str, tuple[str, ...]]
    headings: dict[SectionKind, tuple[str, ...]]
    questions: dict[SectionKind, tuple[str, ...]]
    cues: dict[SectionKind, tuple[str, ...]]
    places: frozenset[str]


@cache
def codes() -> tuple[str, ...]:
    """Returns the codes of all languages that have a file, sorted."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def partial_codes() -> tuple[str, ...]:
    """Returns the codes of the languages that are recognised and split into sentences, and no more, sorted."""
    names = (entry.name for entry in files(__name__).joinpath("partial").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def load(code: str) -> Language:
    """Returns the word lists of ``code``, one of `codes` or `partial_codes`. Those of the latter are mostly empty."""
    name = f"partial/{code}.yaml" if code in partial_codes() else f"{code}.yaml"
    raw = yaml.load(files(__name__).joinpath(name).read_bytes(), _LOADER)  # noqa: S506  # a safe one, in C or not
    return Language(
        code=code,
        stopwords=frozenset(fold(raw["stopwords"]).split()),
        leaning=frozenset(fold(raw["leaning"]).split()),
        months={name: month for month, names in enumerate(raw["months"], start=1) for name in fold(names).split()},
        weekdays=frozenset(fold(raw["weekdays"]).split()),
        furniture={place: tuple(patterns) for place, patterns in raw.get("furniture", {}).items()},
        headings=_by_kind(raw.get("headings", {})),
        questions=_by_kind(raw.get("questions", {})),
        cues=_by_kind(raw.get("cues", {})),
        places=frozenset(fold(raw.get("places", "")).split()),
    )


def spoken(code: str | None) -> Iterator[Language]:
    """Yields the language of a text, if it is known, and English, which occurs on pages in all languages."""
    if code in codes() and code != "en":
        yield load(code)
    yield load("en")


def around(code: str | None) -> Iterator[Language]:
    """Yields the languages of `spoken` and, before them, one that is only recognised and split into sentences."""
    if code in partial_codes():
        yield load(code)
    yield from spoken(code)


def detect(text: str) -> str | None:
    """Detects the language of ``text`` by its stopwords, or returns None if there are too few.

    Args:
        text: A sample is enough; only its first 4,000 characters are read.
    """
    words = fold(text[:4000]).split()
    spoken_by = _stopword_codes()
    hits = Counter(code for word in words for code in spoken_by.get(word, ()))
    best = max(hits, key=lambda code: hits[code], default=None)
    return best if best and hits[best] / len(words) >= _FEWEST_STOPWORDS else None


@cache
def _stopword_codes() -> dict[str, list[str]]:
    """Returns the languages of which a word is a stopword."""
    found: dict[str, list[str]] = {}
    for code in (*codes(), *partial_codes()):
        for word in load(code).stopwords:
            found.setdefault(word, []).append(code)
    return found


def _by_kind(raw: dict[str, list[str]]) -> dict[SectionKind, tuple[str, ...]]:
    return {SectionKind(kind): tuple(patterns) for kind, patterns in raw.items()}
