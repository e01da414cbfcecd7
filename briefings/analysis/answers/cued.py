"""Phrases after cue words such as "because" or "by means of"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefings.analysis.answers.reading import Reading
from briefings.analysis.headings import classify_heading
from briefings.analysis.quoted import is_quoted
from briefings.analysis.terms import terms
from briefings.analysis.tokens import Token, tokens
from briefings.languages.numbers import number_words
from briefings.languages.questions import question_words
from briefings.languages.reasons import Cues
from briefings.languages.verbs import verb_forms
from briefings.model import Answer, BlockKind, SectionKind, Span

_MOST = 4
_LONGEST_CUE = 5
_MOST_WORDS = 24
_MOST_READ = 60
_LEAD = 4
_SURE, _LIKELY = 0.7, 0.4
_BLAMED, _JUDGED = 0.55, 0.5
_DUE_TO = 2
#: The number of words in a length of time: "eleven days".
_PERIOD = 2
_MOST_BETWEEN = 14
_HEADLINE = 0.3
_DECAY = 0.015
#: What the headings of an explainer ask about after the event itself.
_LATER = frozenset({SectionKind.CONSEQUENCES, SectionKind.NEXT, SectionKind.ADVICE, SectionKind.UNKNOWNS})
_ENDS = frozenset(".,;:!?()–—\n")


def cued(reading: Reading, cues: Cues) -> list[Answer]:
    """The phrases after ``cues``. The best ones have sure cue words and are near the top of the article."""
    found: list[Answer] = []
    headline, beside = reading.article.headline(), _of_other_sections(reading)
    passages = [
        (headline, _HEADLINE),
        *((span, -_DECAY * place) for place, span in enumerate(reading.lead(_MOST_READ)) if span not in beside),
    ]
    for place, (passage, bonus) in enumerate(passages):
        is_lead = place <= _LEAD
        for span, weight in _phrases(reading, passage, cues):
            if is_lead or (weight >= _SURE and _is_about(reading, passage) and not is_quoted(span, reading.quoted)):
                found.append(Answer(span, round(max(0.05, min(0.95, weight + bonus)), 2)))
    return sorted(found, key=lambda answer: (-answer.score, answer.span))[:_MOST]


def _of_other_sections(reading: Reading) -> frozenset[Span]:
    """The sentences below headings such as "What are the consequences?", which explain something else."""
    article, kind = reading.article, SectionKind.OTHER
    blocks: set[int] = set()
    for number, block in enumerate(article.blocks):
        if block.kind is BlockKind.HEADING:
            kind = classify_heading(block.span.of(article.text), article.language)
        elif kind in _LATER:
            blocks.add(number)
    return frozenset(sentence.span for sentence in reading.sentences if sentence.block in blocks)


def _is_about(reading: Reading, passage: Span) -> bool:
    """Whether a sentence shares a word with the title. Later sentences often explain other things than the event."""
    text, language = reading.text, reading.article.language
    title = terms(reading.article.headline().of(text), language)
    return not set(title).isdisjoint(terms(passage.of(text), language))


def _phrases(reading: Reading, passage: Span, cues: Cues) -> Iterator[tuple[Span, float]]:
    words = tokens(reading.text, passage)
    place = 0
    while place < len(words):
        length, weight = _cue(words, place, cues)
        if weight:
            end = _end(words, place + length)
            start = place if words[place].folded in cues.inside else place + length
            content = words[place + length : end]
            if content and not _names_actor(reading, words[place], content[0], cues) and not _is_time(reading, content):
                yield Span(words[start].start, words[end - 1].end), weight
        place += max(length, 1)


def _is_time(reading: Reading, content: Sequence[Token]) -> bool:
    """Whether a phrase is only a time or a length of time: "heard after 10 a.m.", "found after eleven days"."""
    if content[0].is_number and any(moment.span.start == content[0].start for moment in reading.moments):
        return True
    language = reading.article.language or "en"
    is_number = content[0].is_number or content[0].folded in number_words(language)
    has_unit = len(content) > 1 and content[1].folded in question_words(language).units["duration"]
    return is_number and has_unit and (len(content) == _PERIOD or content[2].folded != "of")


def _names_actor(reading: Reading, cue: Token, first: Token, cues: Cues) -> bool:
    """Whether a phrase names who did it, and not why: "attributed to Russian partisans"."""
    if cue.folded not in cues.blaming | cues.accusing:
        return False
    return any(one.span.start <= first.start < one.span.end for entity in reading.entities for one in entity.mentions)


def _cue(words: Sequence[Token], place: int, cues: Cues) -> tuple[int, float]:
    """The number of words of the cue at ``place``, and its weight. The number is 0 if there is no cue."""
    if words[place].folded in cues.blaming and (length := _up_to("on", words, place)):
        return length, _BLAMED
    longest = min(_LONGEST_CUE, len(words) - place) if words[place].folded in cues.first_words else 0
    for length in range(longest, 0, -1):
        weight = cues.weights.get(tuple(word.folded for word in words[place : place + length]))
        if weight is not None:
            return (0, 0.0) if _is_of_another_kind(words, place, length, cues) else (length, weight)
    word, behind = words[place].folded, words[place + 1] if place + 1 < len(words) else None
    if behind is None:
        return 0, 0.0
    if word in cues.judging:
        length = _up_to("for", words, place)
        is_term = place + length < len(words) and words[place + length].is_number
        return (0 if is_term else length), _JUDGED
    is_deed = word in cues.before_gerund and behind.folded in verb_forms().gerunds
    return (1, _LIKELY) if is_deed else (0, 0.0)


def _is_of_another_kind(words: Sequence[Token], place: int, length: int, cues: Cues) -> bool:
    """Whether a cue only looks like one: "due to meet" states a plan, "aimed at Moscow" a place."""
    behind = words[place + length].folded if place + length < len(words) else ""
    if words[place].folded in cues.only_gerund:
        return behind not in verb_forms().gerunds
    return length == _DUE_TO and words[place + 1].folded == "to" and behind in verb_forms().base


def _up_to(preposition: str, words: Sequence[Token], place: int) -> int:
    """The number of words up to and including the next such preposition of the clause. 0 if there is none."""
    for length, word in enumerate(words[place + 1 : place + _MOST_BETWEEN], start=2):
        if not _ENDS.isdisjoint(word.gap):
            return 0
        if word.folded == preposition:
            return length
    return 0


def _end(words: Sequence[Token], start: int) -> int:
    ends = verb_forms().ends
    end = start
    while end < len(words) and end - start < _MOST_WORDS:
        gap = words[end].gap
        is_over = gap != "." and not words[end].is_number and (" -" in gap or not _ENDS.isdisjoint(gap))
        if end > start and (is_over or (end - start > 1 and words[end].folded in ends)):
            break
        end += 1
    while end > start and words[end - 1].folded in ends | verb_forms().before_nouns:
        end -= 1
    return end
