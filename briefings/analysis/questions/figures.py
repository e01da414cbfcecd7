"""Evidence for questions that ask for a figure or a time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefings.analysis.questions.index import Index
from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.model import Asked, Evidence, Question, Term
from briefings.analysis.questions.phrases import phrases
from briefings.analysis.questions.surroundings import is_undisclosed, nearest
from briefings.analysis.questions.words import words_of
from briefings.languages.dates import date_words
from briefings.languages.questions import question_words
from briefings.languages.verbs import verb_forms
from briefings.model import Span
from briefings.phrases import fold

_DIMENSIONS = frozenset({"deep", "high", "heavy"})
_LASTING = frozenset({Asked.DURATION, Asked.LENGTH})
_OUTLOOK = frozenset({"hope", "expect", "plan", "promise"})
#: Units of what is measured rather than counted.
_UNITS = ("duration", "distance", "weight", "temperature", "speed")
#: The largest number of words between a number and the noun that it counts.
_COUNTED = 4
_NOT_COUNTED = 0.4
#: A word such as "since" or "now" alone is hardly a time.
_VAGUE = 0.35
#: The most characters between a name and an age.
_APART = 2
#: The most words between an age and a description behind it.
_APPOSITION = 3
#: The evidence of a sentence without the figure that is asked for.
_NO_FIGURE = -0.6
#: The evidence against a sum of something else: neither what is asked about stands near it, nor "cost" or the like.
_OTHER_SUM, _NEAR = 0.1, 0.4
#: What a sentence about the future gains where the question asks about it, and one about the past loses.
_AHEAD = 0.15
#: The evidence against a time without an hour, where the question asks for the hour, and the shape of an hour.
_NO_CLOCK = 0.4
_CLOCK = re.compile(r"(?<![\d.,])[012]?\d(?:[:.h][0-5]\d\b(?!\.\d)|(?: ?h\b| ?[ap]\.?m\b))")
#: The evidence against a time that bounds nothing, where the question asks until when.
_NO_BOUND = 0.3
#: The class of words such as "next" and "coming" among the words of dates.
_NEXT = "X"


def measure(matcher: Matcher, place: int) -> Evidence:
    """A phrase of the kind that is asked for. It counts more if it is near the terms of the question."""
    found = phrases(matcher.question.asked, place, matcher.index)
    if not found:
        return Evidence(-0.2 if is_undisclosed(matcher, place) and _has_hint(matcher, place) else _NO_FIGURE)
    phrase, distance = nearest(matcher, place, found, matcher.spots(place))
    if matcher.question.asked in _LASTING and not _is_measured(found, matcher.index):
        return Evidence(0.05, phrase)
    if matcher.question.asked is Asked.MONEY and is_far(matcher, place) and not _has_hint(matcher, place):
        return Evidence(-_OTHER_SUM, phrase)
    return Evidence(0.25 + 0.1 / (1 + distance / 4), phrase)


def _is_measured(found: Sequence[Span], index: Index) -> bool:
    """Whether one of the phrases has a length of time, not only its end, as "until" has."""
    return any(fold(one.of(index.article.text)).split()[0] not in index.known.until for one in found)


def is_far(matcher: Matcher, place: int) -> bool:
    """Whether a sentence and those around it name nothing of what the question asks about."""
    return bool(matcher.terms) and max(matcher.near(place)) < _NEAR


def _has_hint(matcher: Matcher, place: int) -> bool:
    """Whether a sentence has a word such as "cost" in "how much does it cost", where the question has one."""
    words, hints = matcher.index.sentences[place].words, matcher.question.hints
    return not hints or any(matcher.match(term, words) for term in hints)


def count(matcher: Matcher, place: int) -> Evidence:
    """A number of the things that are asked for."""
    found = measure(matcher, place)
    counted = matcher.terms[:1]
    if found.phrase is None or not counted:
        return found
    numbers = phrases(matcher.question.asked, place, matcher.index)
    if counted[0].weight < 1.0:
        return _count_of_people(matcher, found, numbers, counted[0])
    sentence = matcher.index.sentences[place]
    is_told = matcher.match(counted[0], sentence.words) or sentence.replies_to is Asked.COUNT
    if not is_told:
        # "200 seats" counts no students, though the sentence before names them.
        names_others = all(" " in fold(number.of(matcher.index.article.text)) for number in numbers)
        missing = _NOT_COUNTED * (1 - matcher.near(place)[0] * (not names_others))
        return Evidence(found.weight - missing, found.phrase)
    phrase, distance = nearest(matcher, place, numbers, matcher.spots(place, counted))
    is_beside = distance <= _COUNTED or sentence.replies_to is Asked.COUNT
    return Evidence(found.weight + (0.1 if is_beside else -0.25), phrase)


def _count_of_people(matcher: Matcher, found: Evidence, numbers: Sequence[Span], counted: Term) -> Evidence:
    """Like ``found``, where a word such as "people" is counted: the number may stand with another noun, but no unit."""
    index = matcher.index
    words = {number: set(fold(number.of(index.article.text)).split()) for number in numbers}
    fitting = [number for number in numbers if not any(words[number] & index.known.units[kind] for kind in _UNITS)]
    named = [number for number in fitting if counts(matcher, number, counted)]
    if not fitting:
        return Evidence(_NO_FIGURE)
    return Evidence(found.weight + 0.15 * bool(named), (named or [found.phrase or fitting[0]])[0])


def counts(matcher: Matcher, number: Span, counted: Term | None = None) -> bool:
    """Whether a number counts a term of the question: "7,793 deaths" where it asks how many were killed."""
    words = words_of(matcher.index.article, number, matcher.index.language)
    terms = [term for term in matcher.terms if term.weight == 1 or term is counted]
    return any(matcher.match(term, words) for term in terms)


def age(matcher: Matcher, place: int) -> Evidence:
    """An age, unless it stands beside the name of somebody else than the question is about: "Finch, 44"."""
    found = measure(matcher, place)
    if found.phrase is None or not matcher.terms:
        return found
    tokens, spots = matcher.index.sentences[place].words.tokens, matcher.spots(place)
    owner = next((name for name in matcher.index.mentions if _is_beside(name, found.phrase)), None)
    # "The driver was Finch, 44" and "Finch, 44, the driver" may answer "how old is the driver?".
    is_far = bool(spots) and nearest(matcher, place, [found.phrase], spots)[1] > _APPOSITION
    is_of_another = owner is not None and is_far and all(tokens[spot].start >= owner.end for spot in spots)
    return Evidence(_NO_FIGURE) if is_of_another else found


def _is_beside(name: Span, age: Span) -> bool:
    """Whether at most a comma or a bracket stands between a name and an age."""
    return 0 <= age.start - name.end <= _APART or 0 <= name.start - age.end <= _APART


def distance(matcher: Matcher, place: int) -> Evidence:
    """A length of the dimension that is asked for: a height is not a depth."""
    found = measure(matcher, place)
    asked = [term for term in matcher.question.hints if term.concepts & _DIMENSIONS]
    words = matcher.index.sentences[place].words
    if found.phrase and asked and not any(matcher.match(term, words) for term in asked):
        return Evidence(found.weight - 0.4, found.phrase)
    return found


def time(matcher: Matcher, place: int) -> Evidence:
    """A date or time. It must be in the future if the question asks for that."""
    found, question, index = measure(matcher, place), matcher.question, matcher.index
    if found.phrase and fold(found.phrase.of(index.article.text)) in index.known.until | index.known.vague:
        found = Evidence(found.weight - _VAGUE, found.phrase)
    if found.phrase and _lacks_clock(matcher, place):
        found = Evidence(found.weight - _NO_CLOCK, found.phrase)
    if found.phrase and _is_bounded(question) and index.known.until.isdisjoint(index.sentences[place].folded.split()):
        found = Evidence(found.weight - _NO_BOUND, found.phrase)
    if found.phrase is None or not asks_ahead(question):
        return found
    sentence = index.sentences[place]
    if is_ahead(matcher, place):
        return Evidence(found.weight + _AHEAD, found.phrase)
    words = [token.folded for token in sentence.words.tokens]
    is_told = index.language != "en" or not verb_forms().past.isdisjoint(words)
    is_day = not date_words(index.language).calendar.isdisjoint(fold(found.phrase.of(index.article.text)).split())
    # "On Saturday they host Norby" is ahead.
    return Evidence(found.weight + _AHEAD * (-1 if is_told else is_day), found.phrase)


def _is_bounded(question: Question) -> bool:
    """Whether a question asks for the end or the start of a state: "until when is it on?"."""
    return not question_words(question.language).until.isdisjoint(fold(question.text).split())


def _lacks_clock(matcher: Matcher, place: int) -> bool:
    """Whether the question asks for a time of day, and the sentence tells none."""
    asked = question_words(matcher.question.language).clock_asked
    sentence = matcher.index.sentences[place]
    is_told = _CLOCK.search(sentence.span.of(matcher.index.article.text)) or any(
        token.folded in matcher.index.known.clocks for token in sentence.words.tokens
    )
    return bool(asked.search(fold(matcher.question.text))) and not is_told


def asks_ahead(question: Question) -> bool:
    """Whether a question is about what is to come: "when will it end?", "when is the next match?"."""
    folded = fold(question.text)
    is_present = question.language == "en" and verb_forms().past.isdisjoint(folded.split())
    return asks_for_next(question) or is_present or _is_coming(folded, question.language)


def asks_for_next(question: Question) -> bool:
    """Whether a question has a word such as "next"."""
    words = date_words(question.language)
    return any(words.phrases.get((word,), ("",))[0] == _NEXT for word in fold(question.text).split())


def is_ahead(matcher: Matcher, place: int) -> bool:
    """Whether a sentence tells what is to come."""
    sentence = matcher.index.sentences[place]
    return bool(sentence.words.concepts & _OUTLOOK) or _is_coming(sentence.folded, matcher.index.language)


def _is_coming(folded: str, language: str) -> bool:
    words, coming = folded.split(), date_words(language).coming
    return any((word,) in coming or pair in coming for word, pair in zip(words, _pairs(words), strict=True))


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(words, [*words[1:], ""], strict=True))
