"""The words of numbers, one YAML file a language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings import languages
from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class NumberWords:
    """The words of numbers in one language, folded.

    Attributes:
        values: "two" and "twelve" to their numbers.
        amounts: Words of no exact number: "dozens", "several".
        vague: Those of them that do not even tell the size: "several".
        scales: "hundred", "million" to their numbers.
        around: Words before a number: "about", "at least".
        units: Words behind a number that need no noun: "percent", "kilometres", "dollars".
        of: Words between an amount and what is counted.
        nouns: Nouns that are counted and are no plurals in -s.
        adjectives_first: Whether adjectives stand between a number and its noun.
        capitalised_nouns: Whether every noun begins with a capital.
    """

    values: dict[str, int]
    amounts: frozenset[str]
    vague: frozenset[str]
    scales: dict[str, int]
    around: frozenset[tuple[str, ...]]
    units: frozenset[tuple[str, ...]]
    of: frozenset[str]
    nouns: frozenset[str]
    adjectives_first: bool
    capitalised_nouns: bool


@cache
def counting_words(code: str | None) -> NumberWords:
    """Returns the words of ``code``, or those of English if it has no file."""
    name = code if code in languages.codes() else "en"
    raw = yaml.load(files(__name__).joinpath(f"{name}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe loader
    return NumberWords(
        values=_values(raw["values"]),
        amounts=frozenset(fold(raw["amounts"]).split()),
        vague=frozenset(fold(raw["vague"]).split()),
        scales=_values(raw["scales"]),
        around=_phrases(raw["around"]),
        units=_phrases(raw["units"]),
        of=frozenset(fold(raw["of"]).split()),
        nouns=frozenset(fold(raw["nouns"]).split()),
        adjectives_first=raw["adjectives_first"],
        capitalised_nouns=raw["capitalised_nouns"],
    )


def number_words(code: str | None) -> dict[str, int]:
    """The words that are a number by themselves."""
    return counting_words(code).values


def _values(raw: dict[int, str]) -> dict[str, int]:
    return {word: number for number, names in raw.items() for word in fold(names).split()}


def _phrases(raw: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(fold(phrase).split()) for phrase in raw)
