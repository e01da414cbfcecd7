"""Chooses the sentences to show, if any."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from briefings.analysis.questions.index import Index
from briefings.analysis.questions.model import Asked, Line, Question
from briefings.analysis.questions.rank import Ranked
from briefings.phrases import fold

#: Below this score a sentence does not answer. Set on all questions of `tests/data/questions`.
THRESHOLD = 0.5
#: Who somebody is and what somebody said is told in few forms, so that a real answer has a high score. Questions for
#: yes or no are answered in other words more often than others.
_THRESHOLDS = {Asked.WHO_IS: 0.65, Asked.SAID: 0.65, Asked.COUNT: 0.75, Asked.YES_NO: 0.5, Asked.WORDS: 0.38}
#: What a sentence needs at least to be shown as one of the nearest, where none answers: score, share of the question's
#: words, and evidence, which is less where it lacks the kind of figure that is asked for.
_NEAR, _NEAR_COVERAGE, _NEAR_EVIDENCE = 0.15, 0.2, -0.5
_MOST = 3
#: The second and third sentences need at least this share of the best score. A third seldom says yes or no.
_SECOND, _THIRD, _THIRD_SIDE = 0.6, 0.7, 0.8
_STOP = re.compile(r"[.!?…][”\"’»]?\s+(?=[A-ZÀ-Ú“\"‘«])")
_ANSWERED = frozenset({"deny", "reject", "confess"})
#: Characters before an introduction in which its "its" can stand.
_BESIDE = 6


def select(question: Question, index: Index, ranked: Sequence[Ranked]) -> tuple[Line, ...]:
    """The best of ``ranked``, with a neighbour that it needs or that continues it, and the next best."""
    best = next((one for one in ranked if one.evidence > _NEAR_EVIDENCE), None)
    if best is None or best.score < _THRESHOLDS.get(question.asked, THRESHOLD):
        return ()
    by_place = {one.place: one for one in ranked}
    third = _THIRD_SIDE if question.asked is Asked.YES_NO else _THIRD
    chosen = [by_place[place] for place in _together(question, index, best, by_place)]
    for other in ranked[1:]:
        if len(chosen) == _MOST or other.score < (_SECOND if len(chosen) == 1 else third) * best.score:
            break
        if other not in chosen and (len(chosen) == 1 or _length(index, [*chosen, other]) <= _MOST):
            chosen.append(other)
    return _lines(index, chosen)


def nearest(index: Index, ranked: Sequence[Ranked]) -> tuple[Line, ...]:
    """The sentences that share most with a question that none of them seems to answer."""
    chosen: list[Ranked] = []
    for one in ranked[:_MOST]:
        is_near = one.score >= _NEAR and one.coverage >= _NEAR_COVERAGE and one.evidence > _NEAR_EVIDENCE
        if is_near and _length(index, [*chosen, one]) <= _MOST:
            chosen.append(one)
    return _lines(index, chosen)


def _lines(index: Index, chosen: Sequence[Ranked]) -> tuple[Line, ...]:
    return tuple(Line(index.sentences[one.place].span, one.phrase, one.score) for one in chosen)


def _length(index: Index, chosen: Sequence[Ranked]) -> int:
    """The number of sentences as a reader counts them. Sentences inside quotations count one by one."""
    text = index.article.text
    return sum(1 + len(_STOP.findall(index.sentences[one.place].span.of(text))) for one in chosen)


def _together(question: Question, index: Index, best: Ranked, by_place: Mapping[int, Ranked]) -> list[int]:
    """The places of the best sentence and of the neighbour that is needed to understand it."""
    place, behind = best.place, best.place + 1
    before = by_place.get(place - 1)
    if before and index.is_behind(place) and _leans(question, index, best, before):
        return [place - 1, place]
    if behind not in by_place:
        return [place]
    if index.known.afterwards.search(fold(question.text)) and question.asked in {Asked.THING, Asked.HAPPENED}:
        return [place, behind]
    is_answered = question.asked is Asked.YES_NO and index.sentences[behind].words.concepts & _ANSWERED
    has_topic = len(question.terms) > len(question.speaker)
    is_said = question.asked in {Asked.SAID, Asked.OPINION} and index.is_behind(behind)
    is_said = is_said and (not has_topic or by_place[behind].own > 0)
    return [place, behind] if is_answered or is_said else [place]


def _leans(question: Question, index: Index, best: Ranked, before: Ranked) -> bool:
    """Whether the best sentence refers to something that the previous sentence names.

    One without a word that stands for something does not, except for reasons: what led to it often stands there.
    """
    sentence = index.sentences[best.place]
    if best.coverage > best.own + 0.1 and before.own > 0 and (sentence.leans or question.asked is Asked.REASON):
        return True
    if question.asked is Asked.TIME and sentence.words.tokens[0].folded in index.known.then:
        return True
    if question.asked is Asked.YES_NO:
        return sentence.leans and "deny" in sentence.words.concepts
    if question.asked is not Asked.WHO_IS or best.phrase is None:
        return False
    start, end = best.phrase.start - _BESIDE, best.phrase.end
    if any(token.is_capitalised for token in sentence.words.tokens[1:] if token.start < start):
        return False  # its "them" can be somebody whom it has just named
    beside = (token for token in sentence.words.tokens if start <= token.start < end)
    return any(token.folded in index.known.pronouns for token in beside)
