"""Answers "where?"."""

from __future__ import annotations

import re

from briefings.analysis.answers.reading import Reading
from briefings.analysis.dateline import dateline_place
from briefings.analysis.terms import stopwords
from briefings.analysis.tokens import tokens
from briefings.languages.names import name_words
from briefings.languages.numbers import counting_words
from briefings.languages.verbs import verb_forms
from briefings.model import Answer, Entity, EntityKind, Span
from briefings.phrases import fold

_MOST = 4
_BEFORE = 24
_BEHIND = 20
_TOP, _DECAY, _LEAST = 0.9, 0.07, 0.05
#: The score of a place without "in" or "at" before it, which is only mentioned.
_NAMED = 0.3
#: The score of a name that is not known to be a place.
_UNSURE = 0.7
#: The score of a place before a noun in a headline: "Harrowby fire".
_LABEL = 0.5
_COUNTRY = 0.6
_LEAST_SCORE = 0.35
#: The score of a place that is only mentioned as concerned, "its UK range", and the sentences that are searched.
_CONCERNED, _MOST_LEAD = 0.3, 8
#: The separator within one place: "X, Y province".
_REGION = re.compile(r", (?=[^\W\d_])")


def where(reading: Reading) -> list[Answer]:
    """The places of the story, that of the main event first."""
    places = {mention.span.start: mention.span for entity in reading.entities for mention in entity.mentions}
    found: dict[Span, float] = {}
    for entity in reading.entities:
        if entity.kind not in {EntityKind.PLACE, EntityKind.ORGANISATION}:
            continue
        scored = [
            (_score(reading, entity, mention.span), -mention.span.start, mention.span) for mention in entity.mentions
        ]
        score, _, span = max(scored)
        if score >= _LEAST_SCORE:
            found[_with_region(reading, span, places)] = score
    if not found:
        return _concerned(reading)
    # "X, Y" is more precise than "Y".
    for span in found:
        within = [score for other, score in found.items() if other.of(reading.text) in span.of(reading.text)]
        found[span] = max(within)
    best = sorted(found, key=lambda span: (-found[span], -len(span)))
    return [Answer(span, round(found[span], 2)) for span in best[:_MOST]]


def _concerned(reading: Reading) -> list[Answer]:
    """The place that the first sentences name most, if no sentence says where something happened.

    It must be a country or be named in the title. Otherwise it is the dateline's place.
    """
    countries, title = name_words(reading.article.language).countries, reading.article.headline()
    found: list[tuple[int, Entity]] = []
    for entity in reading.entities:
        early = [mention for mention in entity.mentions if reading.place(mention.span) <= _MOST_LEAD]
        is_country = fold(entity.name.of(reading.text)) in countries
        is_told = is_country or any(title.covers(mention.span) for mention in entity.mentions)
        if entity.kind is EntityKind.PLACE and is_told and early and len(entity.mentions) > 1:
            found.append((len(early), entity))
    best = max(found, key=lambda one: (one[0], -one[1].name.start), default=None)
    if best:
        return [Answer(best[1].name, _CONCERNED)]
    place = dateline_place(reading.article)
    return [Answer(place, _CONCERNED)] if place else []


def _score(reading: Reading, entity: Entity, span: Span) -> float:
    """A score for a mention: how strongly it suggests that something happened there."""
    words = name_words(reading.article.language)
    nearness = max(_LEAST, _TOP - _DECAY * reading.place(span))
    is_place = entity.kind is EntityKind.PLACE
    if fold(entity.name.of(reading.text)) in words.countries:
        nearness *= _COUNTRY
    if _is_adjective(reading, span):
        return nearness * _LABEL if is_place and reading.article.headline().covers(span) else 0.0
    if not _stands_in(reading, span):
        return nearness * _NAMED if is_place else 0.0
    return nearness * (1.0 if is_place else _UNSURE)


def _stands_in(reading: Reading, span: Span) -> bool:
    """Whether the name follows "in", "at" or "near", also as in "in the city of X"."""
    before = tokens(reading.text, Span(max(0, span.start - _BEFORE), span.start))
    words = name_words(reading.article.language)
    while before and before[-1].folded in words.articles:
        before.pop()
    if not before:
        return False
    is_of_place = len(before) > 1 and before[-1].folded in words.inside and before[-2].folded in words.places
    return before[-1].folded in words.before_place or is_of_place


def _is_adjective(reading: Reading, span: Span) -> bool:
    """Whether the name only describes the noun or number after it: "Harrowby's mayor", "Terminal Two"."""
    behind = tokens(reading.text, Span(span.end, min(span.end + _BEHIND, len(reading.text))))
    if not behind or reading.article.language not in {None, "en"}:
        return False
    word = behind[0]
    is_longer = word.gap == " " and word.is_capitalised and word.folded in counting_words("en").values
    if is_longer or (word.folded == "s" and word.gap in {"'", "’"}):
        return True
    forms = verb_forms()
    is_verb = word.folded in forms.past | forms.present | forms.auxiliaries
    is_plain = word.gap == " " and not word.is_capitalised and not word.is_number
    is_other = word.folded in stopwords("en") or word.folded in name_words("en").places or word.folded.endswith("ly")
    return is_plain and not is_verb and not is_other


def _with_region(reading: Reading, span: Span, places: dict[int, Span]) -> Span:
    """The name with the words after it that belong to it: "X, Y", "X province"."""
    match = _REGION.match(reading.text, span.end)
    behind = places.get(match.end()) if match else None
    if behind:
        span = Span(span.start, behind.end)
    after = tokens(reading.text, Span(span.end, min(span.end + _BEHIND, len(reading.text))))
    if after and after[0].gap == " " and after[0].folded in name_words(reading.article.language).places:
        return Span(span.start, after[0].end)
    return span
