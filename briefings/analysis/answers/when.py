"""Answers "when?"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from briefings.analysis.answers.reading import Reading
from briefings.analysis.quoted import is_quoted
from briefings.analysis.tokens import Token, tokens
from briefings.languages.dates import date_words
from briefings.languages.reasons import SURE, reason_cues
from briefings.model import Answer, Moment, Span

_MOST = 4
_LEAD = 0.85
_DECAY = 0.06
#: A moment with a lower score is told by the way: the article does not say when.
_LEAST = 0.15
#: What the beginning of a state, a moment told by the way and one in somebody's words lose, and the characters before a
#: moment that are read.
_LASTING, _ASIDE, _QUOTED, _CLAUSE = 0.2, 0.35, 0.3, 120
_MARKS = frozenset(",;:.!?–—()")
_LONGEST_CUE = 4


def when(reading: Reading) -> list[Answer]:
    """The moments of the story, that of the main event first."""
    best: dict[str, Answer] = {}
    for moment in reading.moments:
        score = _score(reading, moment) - _QUOTED * is_quoted(moment.span, reading.quoted)
        key = moment.span.of(reading.text).casefold()
        if score >= _LEAST and (key not in best or best[key].score < score):
            days = (moment.first, moment.last) if moment.first and moment.last else None
            best[key] = Answer(moment.span, round(score, 2), days)
    return sorted(best.values(), key=lambda answer: (-answer.score, answer.span))[:_MOST]


def _score(reading: Reading, moment: Moment) -> float:
    """A score that is higher near the top of the article and for precise moments."""
    place = reading.place(moment.span)
    score = max(0.2, _LEAD - _DECAY * place) - _aside(reading, moment)
    published = reading.article.published
    if moment.first is None or moment.last is None:
        return score - 0.1
    days = (moment.last - moment.first).days
    score -= 0.0 if days == 0 else 0.2 if days < 32 else 0.35
    if published is not None and moment.first > published and not _is_in_headline(reading, moment):
        score -= 0.15
    if published is not None and (published - moment.last).days > 60:
        score -= 0.3
    return score


def _is_in_headline(reading: Reading, moment: Moment) -> bool:
    """Whether the headline names the same day, so that the article is about what is to come."""
    headline = reading.article.headline()
    return any(
        (other.first, other.last) == (moment.first, moment.last)
        for other in takewhile(lambda one: headline.covers(one.span), reading.moments)
    )


def _aside(reading: Reading, moment: Moment) -> float:
    """What a moment loses that is told by the way: behind "since", in a reason, or in a clause such as ", who fell"."""
    words = date_words(reading.article.language)
    before = tokens(reading.text, Span(max(0, moment.span.start - _CLAUSE), moment.span.start))
    if before and before[-1].folded in words.lasting:
        return _LASTING
    opens = next((place for place in range(len(before) - 1, -1, -1) if not _MARKS.isdisjoint(before[place].gap)), None)
    if _tells_reason(before[opens or 0 :], reading.article.language):
        return _ASIDE
    return _ASIDE * (opens is not None and before[opens].gap == ", " and before[opens].folded in words.relatives)


def _tells_reason(clause: Sequence[Token], language: str | None) -> bool:
    """Whether a clause holds words such as "because of": "in retaliation for air strikes last week"."""
    words, cues = [token.folded for token in clause], reason_cues(language).weights
    return any(
        cues.get(tuple(words[place : place + length]), 0.0) >= SURE
        for place in range(len(words))
        for length in range(1, _LONGEST_CUE + 1)
    )
