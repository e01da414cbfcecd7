"""Phrases that follow certain words: "because", "by means of"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefings.analysis.answers.reading import Reading
from briefings.analysis.tokens import Token, tokens
from briefings.languages.reasons import Cues
from briefings.languages.verbs import verb_forms
from briefings.model import Answer, Span

_MOST = 4
_LONGEST_CUE = 5
_MOST_WORDS = 24
_MOST_READ = 60
_LEAD = 4
_SURE = 0.7
_DUE_TO = 2
_MOST_BLAMED = 14
_HEADLINE = 0.2
_DECAY = 0.015
_ENDS = frozenset(".,;:!?()–—\n")


def cued(reading: Reading, cues: Cues, blaming: frozenset[str] = frozenset()) -> list[Answer]:
    """The phrases behind ``cues``, those with the surest words and nearest to the top first.

    Args:
        blaming: Verbs behind which the phrase stands after "on".
    """
    found: list[Answer] = []
    headline = reading.article.headline()
    passages = [
        (headline, _HEADLINE),
        *((span, -_DECAY * place) for place, span in enumerate(reading.lead(_MOST_READ))),
    ]
    for place, (passage, bonus) in enumerate(passages):
        for span, weight in _phrases(reading, passage, cues, blaming):
            if weight >= _SURE or place <= _LEAD:
                found.append(Answer(span, round(max(0.05, min(0.95, weight + bonus)), 2)))
    return sorted(found, key=lambda answer: (-answer.score, answer.span))[:_MOST]


def _phrases(reading: Reading, passage: Span, cues: Cues, blaming: frozenset[str]) -> Iterator[tuple[Span, float]]:
    words = tokens(reading.text, passage)
    place = 0
    while place < len(words):
        length, weight = _cue(words, place, cues)
        if words[place].folded in blaming:
            length, weight = _up_to_on(words, place), _SURE
        if length:
            end = _end(words, place + length)
            if end > place + length:
                yield Span(words[place + length].start, words[end - 1].end), weight
        place += max(length, 1)


def _cue(words: Sequence[Token], place: int, cues: Cues) -> tuple[int, float]:
    for length in range(min(_LONGEST_CUE, len(words) - place), 0, -1):
        weight = cues.get(tuple(word.folded for word in words[place : place + length]))
        if weight:
            # "due to meet" tells a plan.
            behind = words[place + length].folded if place + length < len(words) else ""
            is_plan = length == _DUE_TO and words[place + 1].folded == "to" and behind in verb_forms().base
            return (0, 0.0) if is_plan else (length, weight)
    return 0, 0.0


def _up_to_on(words: Sequence[Token], place: int) -> int:
    """How many words there are up to the next "on" of the same clause, with it; 0 where there is none."""
    for length, word in enumerate(words[place + 1 : place + _MOST_BLAMED], start=2):
        if not _ENDS.isdisjoint(word.gap):
            return 0
        if word.folded == "on":
            return length
    return 0


def _end(words: Sequence[Token], start: int) -> int:
    ends = verb_forms().ends
    end = start
    while end < len(words) and end - start < _MOST_WORDS:
        is_over = not _ENDS.isdisjoint(words[end].gap) and words[end].gap != "." and not words[end].is_number
        if end > start and (is_over or (end - start > 1 and words[end].folded in ends)):
            break
        end += 1
    return end
