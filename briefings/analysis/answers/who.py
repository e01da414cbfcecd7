"""Answers "who?": the people and organisations that act or are affected."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from briefings.analysis.answers.reading import Reading
from briefings.analysis.clauses import clause
from briefings.analysis.numbers import counts_something
from briefings.analysis.quoted import is_quoted
from briefings.analysis.terms import stopwords
from briefings.analysis.tokens import tokens
from briefings.languages.numbers import counting_words
from briefings.languages.verbs import verb_forms
from briefings.model import Answer, Entity, EntityKind, Span

_MOST = 4
_LEAD = 3
_MOST_WORDS = 12
_ATTACKS = 0.92
#: The most for what is only mentioned often, what it counts more in the headline, and the most then: below who acts.
_MENTIONED, _IN_HEADLINE, _NO_ACTOR = 0.54, 0.08, 0.59
#: A subject without a name, below a headline that names who acts, is another word for them, or a thing.
_DESCRIBED = 0.2
_BEFORE_ATTACK = frozenset({"in", "by"})
_LISTING = frozenset({"and", "e", "und", "et", "y"})


def who(reading: Reading) -> list[Answer]:
    """The people and organisations of the story, the one who acts first."""
    found: dict[str, Answer] = {}
    for span, score in _candidates(reading):
        key = span.of(reading.text).casefold()
        if key not in found:
            found[key] = Answer(span, score)
    return sorted(found.values(), key=lambda answer: -answer.score)[:_MOST]


def _candidates(reading: Reading) -> Iterator[tuple[Span, float]]:
    yield from ((name, _ATTACKS) for name in _attackers(reading))
    subject, people = reading.headline.subject, {one.name for one in reading.people}
    is_named = subject is not None and any(
        _acts(reading, entity, subject) and entity.mentions[-1].span.start >= subject.end for entity in reading.entities
    )
    if subject is not None and not _is_purpose(reading, subject):
        yield from _of_subject(reading, subject, 0.9)
    for place, sentence in enumerate(reading.lead(_LEAD)):
        acting = clause(reading.text, sentence, reading.article.language).subject
        if acting is not None and not is_quoted(acting, reading.quoted):
            yield from _of_subject(reading, acting, 0.7 - 0.1 * place, unnamed=_DESCRIBED if is_named else 0.0)
    for entity in reading.entities:
        if entity.kind is EntityKind.ORGANISATION or entity.name in people:
            is_in_headline = any(reading.article.headline().covers(one.span) for one in entity.mentions)
            score = min(_MENTIONED, 0.3 + 0.05 * len(entity.mentions))
            yield entity.name, min(_NO_ACTOR, score + _IN_HEADLINE * is_in_headline)


def _attackers(reading: Reading) -> Iterator[Span]:
    """The attackers in a headline that begins with the victims: "Four killed in Taliban raid on consulate"."""
    words, forms = tokens(reading.text, reading.article.headline()), verb_forms()
    starts = [word.start for word in words]
    for entity in reading.entities:
        if entity.kind is EntityKind.PLACE:
            continue
        for mention in entity.mentions:
            first, behind = bisect_left(starts, mention.span.start), bisect_left(starts, mention.span.end)
            if not 0 < first < behind < len(words):
                continue
            if words[first - 1].folded in _BEFORE_ATTACK and words[behind].folded in forms.assaults:
                yield entity.name


def _is_purpose(reading: Reading, subject: Span) -> bool:
    """Whether a subject is an effort and not an actor: a noun with "to" and a verb, as in "Race to reach boy"."""
    words = [token.folded for token in tokens(reading.text, subject)]
    return any(word == "to" and behind in verb_forms().base for word, behind in pairwise(words))


def _of_subject(reading: Reading, subject: Span, score: float, unnamed: float = 0.0) -> Iterator[tuple[Span, float]]:
    """The names in a subject, or the subject itself if it has none, which may count ``unnamed`` less."""
    inside = [entity for entity in reading.entities if _acts(reading, entity, subject)]
    if not inside:
        fuller = _fuller(reading, _without_adverb(reading, subject))
        words = tokens(reading.text, fuller)
        # "It" and "there" are not names, and "why the canal" is a question.
        names_somebody = words[-1].folded not in stopwords("en") and words[0].folded not in verb_forms().questions
        if len(words) <= _MOST_WORDS and names_somebody:
            yield fuller, score - unnamed
        return
    if len(inside) > 1 and _is_head(reading, inside[-1], subject):
        inside.reverse()
    for place, entity in enumerate(inside):
        yield entity.name, score - 0.05 * place


def _without_adverb(reading: Reading, subject: Span) -> Span:
    """The subject without an adverb before the verb: "the strikers finally"."""
    words = tokens(reading.text, subject)
    is_adverb = len(words) > 1 and words[-1].folded.endswith("ly") and not words[-1].is_capitalised
    return Span(subject.start, words[-2].end) if is_adverb else subject


def _acts(reading: Reading, entity: Entity, subject: Span) -> bool:
    """Whether a subject names the entity as the actor, and not only as an owner or a part of a word."""
    return (
        any(
            subject.covers(mention.span)
            and reading.text[mention.span.end : mention.span.end + 2] not in {"'s", "’s"}
            # "Pro-Marsh demonstrators" are not Marsh.
            and reading.text[mention.span.start - 1 : mention.span.start] != "-"
            for mention in entity.mentions
        )
        and (entity.kind is not EntityKind.PLACE or any(mention.span == subject for mention in entity.mentions))
    )


def _is_head(reading: Reading, entity: Entity, subject: Span) -> bool:
    """Whether the subject ends with that name and is not a list: "Acme boss Ann Lee"."""
    words = {token.folded for token in tokens(reading.text, subject)}
    ends_it = any(mention.span.end == subject.end for mention in entity.mentions)
    return entity.kind is EntityKind.PERSON and ends_it and not words & _LISTING


def _fuller(reading: Reading, subject: Span) -> Span:
    """A longer phrase of the lead for the same people: "at least seven people" for "Seven"."""
    counting = counting_words(reading.article.language)
    numbers = {
        token.folded
        for token in tokens(reading.text, subject)
        if token.is_number or token.folded in counting.values or token.folded in counting.amounts
        # "The guard, 41" is no number of people.
        if "," not in token.gap
    }
    for quantity in reading.quantities if numbers else ():
        told = tokens(reading.text, quantity.span)
        is_same = told[-1].folded not in verb_forms().past and not numbers.isdisjoint(token.folded for token in told)
        if is_same and counts_something(reading.text, quantity, reading.article.language):
            return quantity.span
    return subject
