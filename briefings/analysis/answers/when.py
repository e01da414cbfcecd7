"""Answers "when?"."""

from __future__ import annotations

from briefings.analysis.answers.reading import Reading
from briefings.analysis.tokens import tokens
from briefings.languages.dates import date_words
from briefings.model import Answer, Moment, Span

_MOST = 4
_LEAD = 0.85
_DECAY = 0.06
#: What the beginning of a state and a moment told by the way lose, and the characters before a moment that are read.
_LASTING, _ASIDE, _CLAUSE = 0.2, 0.35, 120
_MARKS = frozenset(",;:.!?–—()")


def when(reading: Reading) -> list[Answer]:
    """The moments of the story, that of the main event first."""
    best: dict[str, Answer] = {}
    for moment in reading.moments:
        score = _score(reading, moment)
        key = moment.span.of(reading.text).casefold()
        if score > 0 and (key not in best or best[key].score < score):
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
    if published is not None and moment.first > published:
        score -= 0.15
    if published is not None and (published - moment.last).days > 60:
        score -= 0.3
    return max(0.05, score)


def _aside(reading: Reading, moment: Moment) -> float:
    """What a moment loses that is told by the way: behind "since", or in a clause such as ", who fell last week"."""
    words = date_words(reading.article.language)
    before = tokens(reading.text, Span(max(0, moment.span.start - _CLAUSE), moment.span.start))
    if before and before[-1].folded in words.lasting:
        return _LASTING
    opener = next((token for token in reversed(before) if not _MARKS.isdisjoint(token.gap)), None)
    return _ASIDE * (opener is not None and opener.gap == ", " and opener.folded in words.relatives)
