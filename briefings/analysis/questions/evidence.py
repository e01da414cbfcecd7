"""What a sentence has, beside the words of a question, that such an answer needs, or lacks.

A weight of 0.3 is worth as much as three tenths of the question's words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefings.analysis.questions.causes import manner, reason
from briefings.analysis.questions.disputes import (
    accused,
    advice,
    asks_for_plea,
    asks_for_the_blamed,
    blamed,
    condition,
    opposed,
    precedent,
)
from briefings.analysis.questions.figures import (
    age,
    asks_ahead,
    asks_for_next,
    count,
    counts,
    distance,
    is_ahead,
    is_far,
    measure,
    time,
)
from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.model import FIGURES, Asked, Evidence, Question
from briefings.analysis.questions.phrases import phrases
from briefings.analysis.questions.speech import said
from briefings.analysis.questions.surroundings import (
    introduction,
    is_followed_by_name,
    is_introduced,
    is_name,
    is_of_another,
    is_of_another_office,
    is_only_mentioned,
    is_undisclosed,
    nearest,
    whereabouts,
)
from briefings.languages.questions import question_words
from briefings.model import Span

_DISPUTES = frozenset({"accuse", "deny", "confess", "suspect"})
#: What answers "did he admit it?".
_PLEAS = frozenset({"deny", "confess", "testify"})
#: The evidence of a sentence that only mentions somebody, where the question asks who that is.
_MENTIONED = -0.6
#: The evidence of a sentence that names nobody where the question asks who somebody described is.
_NOBODY = -0.2
#: The evidence against a sentence about a deputy or a predecessor of the one who is asked for, and such questions.
_OFFICE, _OF_SOMEBODY = 0.45, frozenset({Asked.WHO_IS, Asked.PERSON, Asked.NAME, Asked.SAID, Asked.OPINION})
_NAMED = 0.1
#: The share of a description that a sentence about that person has.
_FITS = 0.9
#: The largest number of words between a verb and "by", and of words of the agent.
_TO_AGENT, _AGENT = 3, 5


def evidence(matcher: Matcher, place: int) -> Evidence:
    """The evidence for sentence number ``place`` as an answer to the matcher's question."""
    if asks_for_the_blamed(matcher) and (accusation := blamed(matcher, place)):
        return accusation
    find = _EVIDENCE.get(matcher.question.asked)
    found = find(matcher, place) if find else Evidence()
    if matcher.index.sentences[place].replies_to is matcher.question.asked and matcher.question.asked in _ANNOUNCED:
        found = Evidence(max(found.weight, 0.0) + _REPLIES, found.phrase)
    asked = matcher.question.asked
    is_counted = asked is Asked.COUNT and found.phrase is not None and counts(matcher, found.phrase)
    is_other = is_of_another(matcher, place) and not is_counted
    if asked in FIGURES and (is_other or _lacks_measure(matcher, place)):
        return Evidence(min(0.0, found.weight) - _OTHER_FIGURE)
    if asked in _OF_SOMEBODY and is_of_another_office(matcher, place):
        return Evidence(min(0.0, found.weight) - _OFFICE)
    if asked in _FORESEEN and asks_for_next(matcher.question) and not is_ahead(matcher, place):
        found = Evidence(found.weight - _PAST, found.phrase)
    if matcher.has_untold and _is_told(matcher.question):
        return Evidence(found.weight - _UNTOLD, found.phrase)
    if matcher.has_unknown and asked in _EXACT:
        return Evidence(found.weight - _UNKNOWN, found.phrase)
    return found


def _is_told(question: Question) -> bool:
    """Whether an English question asks for what is told only with the word for what happened: who bought it.

    What is to come is more often told in other words. In other languages the words of an answer vary more.
    """
    is_past = question.asked is not Asked.TIME or not asks_ahead(question)
    return question.language == "en" and question.asked in _TOLD and is_past


def _lacks_measure(matcher: Matcher, place: int) -> bool:
    """Whether the question asks for a certain figure, such as revenue, and the sentence is about another."""
    essential = question_words(matcher.question.language).essential
    asked = [number for number, term in enumerate(matcher.terms) if term.word in essential]
    return any(not matcher.near(place)[number] for number in asked)


def _person(matcher: Matcher, place: int) -> Evidence:
    """A named person who is not in the question."""
    tokens, spots = matcher.index.sentences[place].words.tokens, matcher.spots(place)
    fresh = [
        span
        for span in phrases(Asked.PERSON, place, matcher.index)
        if not any(span.start <= tokens[spot].start < span.end for spot in spots)
    ]
    if agent := _agent(matcher, place, spots):
        return Evidence(0.2, agent)
    if not fresh:
        return Evidence(0.05 if is_undisclosed(matcher, place) else 0.0)
    phrase, distance = nearest(matcher, place, fresh, spots)
    return Evidence(0.1 + 0.1 / (1 + distance / 4), phrase)


def _agent(matcher: Matcher, place: int, spots: Sequence[int]) -> Span | None:
    """The one who acts, behind "by" and a verb of the question: "the work was paid for by the navy"."""
    tokens, agents = matcher.index.sentences[place].words.tokens, matcher.index.known.agents
    for spot in spots:
        for by in range(spot + 1, min(spot + _TO_AGENT, len(tokens) - 1)):
            if tokens[by].folded in agents:
                end = by + 1
                while end + 1 < len(tokens) and end - by < _AGENT and tokens[end + 1].gap == " ":
                    end += 1
                return Span(tokens[by + 1].start, tokens[end].end)
    return None


def _name(matcher: Matcher, place: int) -> Evidence:
    """A name that is introduced as a name, or one of two words."""
    found = _person(matcher, place)
    is_own = found.phrase is not None and is_introduced(matcher, place, found.phrase)
    if not is_own and is_followed_by_name(matcher, place):
        return Evidence(_NAMED)
    if found.phrase is None:
        return Evidence(0.1 if is_undisclosed(matcher, place) else -0.6)
    if matcher.index.known.names.search(matcher.index.sentences[place].folded) and not is_far(matcher, place):
        return Evidence(found.weight + 0.3, found.phrase)
    if not is_own:
        return Evidence(_MENTIONED)
    if matcher.coverage(matcher.own[place]) < 1 and _is_unnamed(matcher):
        return Evidence(-0.3, found.phrase)
    is_whole = " " in found.phrase.of(matcher.index.article.text)
    return found if is_whole else Evidence(-0.3, found.phrase)


def _is_unnamed(matcher: Matcher) -> bool:
    """Whether the sentences that fit the description in every word name nobody: "An 81-year-old woman is missing."."""
    whole = [place for place, own in enumerate(matcher.own) if own and matcher.coverage(own) >= _FITS]
    return bool(whole) and not any(phrases(Asked.PERSON, place, matcher.index) for place in whole)


def _who_is(matcher: Matcher, place: int) -> Evidence:
    """The words that introduce a named person, or a person who fits a description."""
    if not matcher.terms or not all(is_name(matcher, term.word) for term in matcher.terms):
        found = _person(matcher, place)
        if is_only_mentioned(matcher, place, found.phrase):
            return Evidence(_MENTIONED)
        return found if found.phrase or found.weight else Evidence(_NOBODY)
    spots, index = matcher.spots(place), matcher.index
    if not spots:
        return Evidence(-0.3)
    span, tokens = index.sentences[place].span, index.sentences[place].words.tokens
    for entity in index.entities:
        is_asked = any(one.span.start <= tokens[n].start < one.span.end for one in entity.mentions for n in spots)
        if is_asked and entity.introduction and span.covers(entity.introduction):
            return Evidence(0.4, entity.introduction)
    words = introduction(matcher, place, spots[0], spots[-1])
    return Evidence(0.2 if words else 0.0, words)


def _place(matcher: Matcher, place: int) -> Evidence:
    """A place."""
    found: Sequence[Span] = phrases(Asked.PLACE, place, matcher.index)
    if matcher.terms and all(is_name(matcher, term.word) for term in matcher.terms):
        found = whereabouts(matcher, place, found)
        if not found:
            return Evidence(-0.6)
    if not found:
        return Evidence(0.1 if is_undisclosed(matcher, place) else -0.25)
    phrase, distance = nearest(matcher, place, found, matcher.spots(place))
    return Evidence(0.1 + 0.15 / (1 + distance / 4), phrase)


def _yes_no(matcher: Matcher, place: int) -> Evidence:
    """For a question that names nothing or only guilt, such as "did he admit it?": an accusation, a denial, a plea."""
    if not asks_for_plea(matcher):
        return Evidence()
    answers = _PLEAS if matcher.terms else _DISPUTES
    return Evidence(0.3 * bool(matcher.index.sentences[place].words.concepts & answers))


_MEASURES = FIGURES - {Asked.COUNT}
#: What is asked for by a word that the article must have: who is whose coach, how many employees.
_EXACT = frozenset({*FIGURES, Asked.TIME, Asked.PERSON, Asked.WHO_IS})
#: What can be asked of the next case, and the evidence against a sentence that tells nothing to come.
_FORESEEN, _PAST = frozenset({Asked.PERSON, Asked.PLACE, Asked.COUNT}), 0.4
_UNKNOWN, _OTHER_FIGURE = 0.2, 0.3
#: What may be told only with the word for what happened: who bought it, where she was born, when he was elected.
_TOLD, _UNTOLD = frozenset({Asked.PERSON, Asked.WHO_IS, Asked.AGE, Asked.PLACE, Asked.TIME}), 0.45
#: What a heading can ask for in so many words: "Why do lorries still drive through the town?".
_ANNOUNCED = frozenset(
    {
        Asked.MONEY,
        Asked.COUNT,
        Asked.TIME,
        Asked.PLACE,
        Asked.REASON,
        Asked.MANNER,
        Asked.PERSON,
        Asked.OPPOSED,
        Asked.ADVICE,
        Asked.CONDITION,
    }
)
_REPLIES = 0.2
_EVIDENCE: dict[Asked, Callable[[Matcher, int], Evidence]] = {
    **dict.fromkeys(_MEASURES, measure),
    Asked.AGE: age,
    Asked.COUNT: count,
    Asked.DISTANCE: distance,
    Asked.TIME: time,
    Asked.PERSON: _person,
    Asked.NAME: _name,
    Asked.WHO_IS: _who_is,
    Asked.PLACE: _place,
    Asked.REASON: reason,
    Asked.MANNER: manner,
    Asked.ACCUSED: accused,
    Asked.SAID: said,
    Asked.OPINION: said,
    Asked.ADVICE: advice,
    Asked.OPPOSED: opposed,
    Asked.CONDITION: condition,
    Asked.PRECEDENT: precedent,
    Asked.YES_NO: _yes_no,
}
