"""Phrases that follow certain words: "because", "by means of"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefings.analysis.answers.reading import Reading
from briefings.analysis.tokens import Token, tokens
from briefings.languages.reasons import Cues
from briefings.model import Answer, Span

_MOST = 4
_LONGEST_CUE = 5
_MOST_WORDS = 24
_FEWEST_WORDS = 1
_HEADLINE = 0.2
_DECAY = 0.015
_ENDS = frozenset(".,;:!?()–—\n")


def cued(reading: Reading, cues: Cues) -> list[Answer]:
    """The phrases behind ``cues``, those with the surest words and nearest to the top first."""
    found: list[Answer] = []
    headline = reading.article.headline()
    passages = [(headline, _HEADLINE), *((span, -_DECAY * place) for place, span in enumerate(reading.lead(60)))]
    for passage, bonus in passages:
        for span, weight in _phrases(reading, passage, cues):
            found.append(Answer(span, round(max(0.05, min(0.95, weight + bonus)), 2)))
    return sorted(found, key=lambda answer: (-answer.score, answer.span))[:_MOST]


def _phrases(reading: Reading, passage: Span, cues: Cues) -> Iterator[tuple[Span, float]]:
    words = tokens(reading.text, passage)
    place = 0
    while place < len(words):
        length, weight = _cue(words, place, cues)
        if length:
            end = _end(words, place + length)
            if end - place - length >= _FEWEST_WORDS:
                yield Span(words[place + length].start, words[end - 1].end), weight
            place += length
        else:
            place += 1


def _cue(words: Sequence[Token], place: int, cues: Cues) -> tuple[int, float]:
    for length in range(min(_LONGEST_CUE, len(words) - place), 0, -1):
        weight = cues.get(tuple(word.folded for word in words[place : place + length]))
        if weight:
            return length, weight
    return 0, 0.0


def _end(words: Sequence[Token], start: int) -> int:
    end = start
    while end < len(words) and end - start < _MOST_WORDS:
        if end > start and not _ENDS.isdisjoint(words[end].gap) and not (words[end].gap == "." or words[end].is_number):
            break
        end += 1
    return end
