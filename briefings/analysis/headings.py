"""Classifies headings and readers' questions by the question that they ask."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

from briefings import languages
from briefings.languages import Language
from briefings.model import SectionKind
from briefings.phrases import PhraseTable, fold

_NUMBERING = re.compile(r"^\s*(?:\d{1,2}|[a-z]|[ivx]{1,4})\s*[.):]\s+", re.IGNORECASE)

_TABLES: tuple[Literal["headings", "questions"], ...] = ("headings", "questions")

# If patterns match equally many words, the rarer kind wins, because its words are rarely used by chance.
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
    """The question that ``heading`` (or a reader's question) asks.

    Args:
        language: ISO 639-1 of the article. Its patterns are used together with the English ones.

    Returns:
        The kind, or `SectionKind.OTHER` if no pattern matches.
    """
    return _best(heading, languages.spoken(language))


def classify_question(question: str) -> SectionKind:
    """The same for a reader's question, in any language that has a file."""
    return _best(question, map(languages.load, languages.codes()))


def _best(text: str, tongues: Iterable[Language]) -> SectionKind:
    folded = fold(_NUMBERING.sub("", text))
    known = [tongue.code for tongue in tongues]
    for name in _TABLES:
        found = [match for code in known for match in _table(code, name).matches(folded)]
        if found:
            return max(found, key=lambda match: (match[1], -_PRECEDENCE.index(match[0])))[0]
    return SectionKind.OTHER


@cache
def _table(code: str, name: Literal["headings", "questions"]) -> PhraseTable[SectionKind]:
    language = languages.load(code)
    if name == "headings":
        return PhraseTable(language.headings)
    # The first question word decides: "What happens when we are bored?"
    asked = {kind: [*rows, *(f"^ {row}" for row in rows if row[0] != "^")] for kind, rows in language.questions.items()}
    return PhraseTable(asked)
