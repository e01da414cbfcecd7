"""Cue words in a single sentence that show which question it answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from briefings import languages
from briefings.caches import text_cache
from briefings.model import SectionKind
from briefings.phrases import PhraseTable, fold


@text_cache(1024)
def cue_weights(sentence: str, language: str | None) -> Mapping[SectionKind, float]:
    """For each kind of section, the sum of the weights of its cues in the sentence."""
    weights: dict[SectionKind, float] = {}
    for kind, weight in _table(language).matches(fold(sentence)):
        weights[kind] = weights.get(kind, 0.0) + weight
    return weights


@cache
def _table(language: str | None) -> PhraseTable[SectionKind]:
    return PhraseTable(languages.load(language).cues if language in languages.codes() else {})
