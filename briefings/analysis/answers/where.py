"""Where it happened."""

from __future__ import annotations

from briefings.analysis.answers.reading import Reading
from briefings.analysis.tokens import tokens
from briefings.languages.names import name_words
from briefings.model import Answer, Entity, EntityKind, Span

_MOST = 4
_BEFORE = 24


def where(reading: Reading) -> list[Answer]:
    """The places of the story, that of its main event first."""
    found = []
    for entity in reading.entities:
        score = max((_score(reading, entity, mention.span) for mention in entity.mentions), default=0.0)
        if score > 0:
            found.append(Answer(entity.mentions[0].span, round(min(0.95, score + 0.02 * len(entity.mentions)), 2)))
    return sorted(found, key=lambda answer: (-answer.score, answer.span))[:_MOST]


def _score(reading: Reading, entity: Entity, span: Span) -> float:
    """How much a mention tells that something happened there."""
    is_place = entity.kind is EntityKind.PLACE
    stands_in = _preposition(reading, span) in name_words(reading.article.language).before_place
    if not stands_in and not is_place:
        return 0.0
    if entity.kind is EntityKind.PERSON:
        return 0.0
    nearness = max(0.1, 0.8 - 0.05 * reading.place(span))
    return nearness * (1.0 if is_place and stands_in else 0.75 if stands_in else 0.6)


def _preposition(reading: Reading, span: Span) -> str:
    before = tokens(reading.text, Span(max(0, span.start - _BEFORE), span.start))
    articles = name_words(reading.article.language).articles
    while before and before[-1].folded in articles:
        before.pop()
    return before[-1].folded if before else ""
