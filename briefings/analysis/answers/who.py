"""Who acts, or to whom it happens."""

from __future__ import annotations

from collections.abc import Iterator

from briefings.analysis.answers.reading import Reading
from briefings.analysis.clauses import clause
from briefings.analysis.numbers import quantities
from briefings.analysis.tokens import tokens
from briefings.model import Answer, Entity, EntityKind, Span

_MOST = 4
_LEAD = 3
_MOST_WORDS = 12
_ACTORS = (EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.OTHER)


def who(reading: Reading) -> list[Answer]:
    """The people and organisations that the story is about, the one who acts first."""
    found: dict[str, Answer] = {}
    for span, score in _candidates(reading):
        key = span.of(reading.text).casefold()
        if key not in found:
            found[key] = Answer(span, score)
    return sorted(found.values(), key=lambda answer: -answer.score)[:_MOST]


def _candidates(reading: Reading) -> Iterator[tuple[Span, float]]:
    subject = reading.headline.subject
    if subject is not None:
        yield from _of_subject(reading, subject, 0.9)
    for place, sentence in enumerate(reading.lead(_LEAD)):
        acting = clause(reading.text, sentence, reading.article.language).subject
        if acting is not None:
            yield from _of_subject(reading, acting, 0.7 - 0.1 * place)
    for entity in reading.entities:
        if entity.kind in _ACTORS[:2]:
            yield entity.name, min(0.65, 0.3 + 0.05 * len(entity.mentions))


def _of_subject(reading: Reading, subject: Span, score: float) -> Iterator[tuple[Span, float]]:
    """The names in a subject, or the subject itself where it has none."""
    inside = [entity for entity in reading.entities if _acts(reading, entity, subject)]
    if not inside:
        fuller = _fuller(reading, subject)
        if len(fuller.of(reading.text).split()) <= _MOST_WORDS:
            yield fuller, score
        return
    for place, entity in enumerate(inside):
        yield entity.name, score - 0.05 * place


def _acts(reading: Reading, entity: Entity, subject: Span) -> bool:
    """Whether a subject names the entity, and not as somebody's or something's owner only."""
    return any(
        subject.covers(mention.span) and reading.text[mention.span.end : mention.span.end + 2] not in {"'s", "’s"}
        for mention in entity.mentions
    ) and (entity.kind is not EntityKind.PLACE or any(mention.span == subject for mention in entity.mentions))


def _fuller(reading: Reading, subject: Span) -> Span:
    """The same people with their number or their fuller name, where the lead has it."""
    last = tokens(reading.text, subject)[-1].folded
    for sentence in reading.lead(_LEAD):
        for quantity in quantities(reading.text, sentence, reading.article.language):
            if tokens(reading.text, quantity.span)[-1].folded == last:
                return quantity.span
    for entity in reading.entities:
        words = tokens(reading.text, entity.name)
        if len(words) > 1 and words[-1].folded == last:
            return entity.name
    return subject
