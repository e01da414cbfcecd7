"""Tells which question a heading answers, and which one a reader asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from briefings import languages
from briefings.languages import Language
from briefings.model import SectionKind
from briefings.phrases import compile_phrase, fold

_NUMBERING = re.compile(r"^\s*(?:\d{1,2}|[a-z]|[ivx]{1,4})\s*[.):]\s+", re.IGNORECASE)

# Between patterns that explain as many words: the rarer kind first, since its words are not used
# by chance, and WHAT last.
_PRECEDENCE = (
    SectionKind.UNKNOWNS,
    SectionKind.NEXT,
    SectionKind.ADVICE,
    SectionKind.REACTIONS,
    SectionKind.CONSEQUENCES,
    SectionKind.SUMMARY,
    SectionKind.BACKGROUND,
    SectionKind.WHO,
    SectionKind.WHY,
    SectionKind.HOW,
    SectionKind.WHEN,
    SectionKind.WHERE,
    SectionKind.WHAT,
)


def classify_heading(heading: str, language: str | None = "en") -> SectionKind:
    """The question that ``heading`` (or a reader's own question) asks, by its words.

    Args:
        language: ISO 639-1 of the article, whose patterns count beside English ones.

    Returns:
        `SectionKind.OTHER` where no pattern fits.
    """
    return _best(heading, languages.spoken(language))


def classify_question(question: str) -> SectionKind:
    """The same for a reader's question, in any language that has a file."""
    return _best(question, map(languages.load, languages.codes()))


def _best(text: str, tongues: Iterable[Language]) -> SectionKind:
    folded = fold(_NUMBERING.sub("", text))
    known = list(tongues)
    for tier in ([tongue.headings for tongue in known], [tongue.questions for tongue in known]):
        weights = {kind: max(_weight(patterns, kind, folded) for patterns in tier) for kind in _PRECEDENCE}
        best = max(_PRECEDENCE, key=lambda kind: weights[kind])
        if weights[best]:
            return best
    return SectionKind.OTHER


def _weight(patterns: Mapping[SectionKind, Iterable[str]], kind: SectionKind, folded: str) -> float:
    return max((compile_phrase(pattern).weight(folded) for pattern in patterns.get(kind, ())), default=0.0)
