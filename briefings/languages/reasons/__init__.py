"""The words before a reason or a manner, one YAML file for each language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import product
from typing import Any

import yaml

from briefings import languages
from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: The weight of a cue that hardly ever means anything else.
SURE = 0.7
_WEIGHTS = {"sure": SURE, "likely": 0.4, "weak": 0.25, "seeming": 0.0}


@dataclass(frozen=True)
class Cues:
    """The words before a reason or a manner; all are folded.

    Attributes:
        weights: For each cue how sure it is that a reason follows, in [0, 1). 0 for words that only look like a cue.
        inside: First words of cues that are part of the reason: "to avoid a strike".
        blaming: Verbs that put a reason behind a later "on", which English alone has.
        accusing: Other verbs behind whose preposition a name says who did it, not why: "attributed to rebels".
        judging: Verbs that put a reason behind a later "for": "fined for".
        before_gerund: Words that open a reason before a verb in -ing: "for failing".
        only_gerund: First words of cues that tell a reason only before a verb in -ing: "aimed at killing".
    """

    weights: dict[tuple[str, ...], float]
    inside: frozenset[str] = frozenset()
    blaming: frozenset[str] = frozenset()
    accusing: frozenset[str] = frozenset()
    judging: frozenset[str] = frozenset()
    before_gerund: frozenset[str] = frozenset()
    only_gerund: frozenset[str] = frozenset()

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first words of the cues."""
        return frozenset(words[0] for words in self.weights)


@cache
def reason_cues(code: str | None) -> Cues:
    """The words before a reason."""
    return _cues(_read(code)["why"])


@cache
def manner_cues(code: str | None) -> Cues:
    """The words before a manner."""
    return _cues(_read(code)["how"])


def _cues(raw: dict[str, list[str]]) -> Cues:
    weights = {
        tuple(fold(" ".join(words)).split()): weight
        for strength, weight in _WEIGHTS.items()
        for phrase in raw.get(strength, ())
        for words in product(*(part.split("|") for part in phrase.split()))
    }
    others = {topic: frozenset(words) for topic, words in raw.items() if topic not in _WEIGHTS}
    return Cues(weights, **others)


def _read(code: str | None) -> dict[str, Any]:
    name = code if code in languages.codes() else "en"
    raw: dict[str, Any] = yaml.load(files(__name__).joinpath(f"{name}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe loader
    return raw
