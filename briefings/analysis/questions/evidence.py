"""What a sentence has, beside the words of a question, that such an answer needs, or lacks.

A weight of 0.3 is worth as much as three tenths of the question's words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefings.analysis.questions.causes import manner, reason
from briefings.analysis.questions.disputes import advice, condition, opposed
from briefings.analysis.questions.index import Index, Indexed
from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.model import Asked, Evidence
from briefings.analysis.questions.phrases import phrases
from briefings.analysis.questions.surroundings import introduction, is_name, is_of_another, nearest, whereabouts
from briefings.languages.dates import date_words
from briefings.languages.questions import question_words
from briefings.model import Span
from briefings.phrases import fold

_DIMENSIONS = frozenset({"deep", "high", "heavy"})
_OUTLOOK = frozenset({"hope", "expect", "plan", "promise"})
_DISPUTES = frozenset({"accuse", "deny", "confess", "suspect"})
_QUALIFIERS = frozenset({"deputy", "old"})
_QUOTES = frozenset('“«„"')
#: The largest number of words between a number and the noun that it counts.
_COUNTED = 4
#: The share of a description that a sentence about that person has.
_FITS = 0.9
#: The largest number of words between a verb and "by", and of words of the agent.
_TO_AGENT, _AGENT = 3, 5
#: The largest number of words between a speaker and the verb after or before it.
_SPEAKS, _SPOKEN_BY = 12, 4


def evidence(matcher: Matcher, place: int) -> Evidence:
    """The evidence for sentence number ``place`` as an answer to the matcher's question."""
    find = _EVIDENCE.get(matcher.question.asked)
    found = find(matcher, place) if find else Evidence()
    if matcher.index.sentences[place].replies_to is matcher.question.asked and matcher.question.asked in _ANNOUNCED:
        found = Evidence(max(found.weight, 0.0) + _REPLIES, found.phrase)
    asked = matcher.question.asked
    if asked in _FIGURES and (is_of_another(matcher, place) or _lacks_measure(matcher, place)):
        return Evidence(min(0.0, found.weight) - _OTHER_FIGURE)
    if asked in _EXACT and matcher.has_unknown:
        return Evidence(found.weight - _UNKNOWN, found.phrase)
    return found


def _lacks_measure(matcher: Matcher, place: int) -> bool:
    """Whether the question asks for a certain figure, such as revenue, and the sentence is about another."""
    essential = question_words(matcher.question.language).essential
    asked = [number for number, term in enumerate(matcher.terms) if term.word in essential]
    return any(not matcher.near(place)[number] for number in asked)


def _measure(matcher: Matcher, place: int) -> Evidence:
    """A phrase of the kind that is asked for. It counts more if it is near the terms of the question."""
    found = phrases(matcher.question.asked, place, matcher.index)
    if not found:
        return Evidence(-0.2 if _is_undisclosed(matcher, place) and _has_hint(matcher, place) else -0.6)
    phrase, distance = nearest(matcher, place, found, matcher.spots(place))
    return Evidence(0.25 + 0.1 / (1 + distance / 4), phrase)


def _has_hint(matcher: Matcher, place: int) -> bool:
    """Whether a sentence has a word such as "cost" in "how much does it cost", where the question has one."""
    words, hints = matcher.index.sentences[place].words, matcher.question.hints
    return not hints or any(matcher.match(term, words) for term in hints)


def _count(matcher: Matcher, place: int) -> Evidence:
    """A number of the things that are asked for."""
    found = _measure(matcher, place)
    counted = matcher.terms[:1]
    if found.phrase is None or not counted:
        return found
    words = matcher.index.sentences[place].words
    if counted[0].weight == 1.0 and not matcher.match(counted[0], words):
        return Evidence(found.weight - 0.35, found.phrase)
    numbers = phrases(matcher.question.asked, place, matcher.index)
    phrase, distance = nearest(matcher, place, numbers, matcher.spots(place, counted))
    if counted[0].weight == 1.0:
        return Evidence(found.weight + (0.1 if distance <= _COUNTED else -0.25), phrase)
    return found


def _distance(matcher: Matcher, place: int) -> Evidence:
    """A length of the dimension that is asked for: a height is not a depth."""
    found = _measure(matcher, place)
    asked = [term for term in matcher.question.hints if term.concepts & _DIMENSIONS]
    words = matcher.index.sentences[place].words
    if found.phrase and asked and not any(matcher.match(term, words) for term in asked):
        return Evidence(found.weight - 0.4, found.phrase)
    return found


def _time(matcher: Matcher, place: int) -> Evidence:
    """A date or time. It must be in the future if the question asks for that."""
    found, question, index = _measure(matcher, place), matcher.question, matcher.index
    if found.phrase and fold(found.phrase.of(index.article.text)) in index.known.until | index.known.vague:
        found = Evidence(found.weight - _VAGUE, found.phrase)
    if found.phrase is None or not _is_coming(fold(question.text), question.language):
        return found
    sentence = index.sentences[place]
    is_coming = bool(sentence.words.concepts & _OUTLOOK) or _is_coming(sentence.folded, index.language)
    return Evidence(found.weight + (0.15 if is_coming else -0.15), found.phrase)


def _is_coming(folded: str, language: str) -> bool:
    words, coming = folded.split(), date_words(language).coming
    return any((word,) in coming or pair in coming for word, pair in zip(words, _pairs(words), strict=True))


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(words, [*words[1:], ""], strict=True))


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
        return Evidence(0.05 if _is_undisclosed(matcher, place) else 0.0)
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
    if found.phrase is None:
        return Evidence(0.1 if _is_undisclosed(matcher, place) else -0.6)
    if matcher.index.known.names.search(matcher.index.sentences[place].folded):
        return Evidence(found.weight + 0.3, found.phrase)
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
        return _person(matcher, place)
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
        return Evidence(0.1 if _is_undisclosed(matcher, place) else -0.25)
    phrase, distance = nearest(matcher, place, found, matcher.spots(place))
    return Evidence(0.1 + 0.15 / (1 + distance / 4), phrase)


def _said(matcher: Matcher, place: int) -> Evidence:
    """Words of speech next to the speaker, or the words of somebody named just before."""
    index, speaker = matcher.index, matcher.question.speaker
    sentence = index.sentences[place]
    missing = 0.3 * any(term.weight == 1 and not matcher.is_known(term) for term in speaker)
    spots, cues = _speaking(matcher, place), _speech(sentence, index)
    if any(0 < cue - spot <= _SPEAKS or 0 < spot - cue <= _SPOKEN_BY for cue in cues for spot in spots):
        return Evidence(0.3 - missing)
    if spots:
        return Evidence((0.3 if _is_undisclosed(matcher, place) else -0.6) - missing)
    is_quoted = not _QUOTES.isdisjoint(sentence.span.of(index.article.text))
    if (cues or is_quoted) and index.is_behind(place):
        return Evidence(0.2 - missing)
    return Evidence((-0.3 if speaker else 0.0) - missing)


def _speaking(matcher: Matcher, place: int) -> list[int]:
    """The place where the speaker is named: "the deputy governor" is not "the governor"."""
    words = matcher.index.sentences[place].words
    is_other = _QUALIFIERS - frozenset[str]().union(*(term.concepts for term in matcher.question.speaker))
    spots = matcher.spots(place, matcher.question.speaker)
    return [spot for spot in spots if not spot or words.meanings[spot - 1].isdisjoint(is_other)]


def _speech(sentence: Indexed, index: Index) -> list[int]:
    """The numbers of the tokens that begin words of speech."""
    starts = (match.start() for match in index.known.speech.finditer(sentence.folded))
    return [sentence.folded.count(" ", 0, start) for start in starts]


def _yes_no(matcher: Matcher, place: int) -> Evidence:
    """For a question that names nothing, such as "did he do it?": an accusation or a denial."""
    is_disputed = bool(matcher.index.sentences[place].words.concepts & _DISPUTES)
    return Evidence(0.3 * is_disputed if not matcher.terms else 0.0)


def _is_undisclosed(matcher: Matcher, place: int) -> bool:
    """Whether a sentence says that something is not known or not disclosed."""
    return bool(matcher.index.known.undisclosed.search(matcher.index.sentences[place].folded))


_MEASURES = (
    Asked.MONEY,
    Asked.DURATION,
    Asked.LENGTH,
    Asked.AGE,
    Asked.WEIGHT,
    Asked.SPEED,
    Asked.TEMPERATURE,
    Asked.SHARE,
    Asked.AMOUNT,
)
#: What is asked for by a word that the article must have: who is whose coach, how many employees.
_FIGURES = frozenset({*_MEASURES, Asked.COUNT})
_EXACT = frozenset({*_FIGURES, Asked.TIME, Asked.PERSON, Asked.WHO_IS})
_UNKNOWN, _OTHER_FIGURE = 0.2, 0.3
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
    }
)
_REPLIES = 0.2
#: A word such as "since" or "now" alone is hardly a time.
_VAGUE = 0.2
_EVIDENCE: dict[Asked, Callable[[Matcher, int], Evidence]] = {
    **dict.fromkeys(_MEASURES, _measure),
    Asked.COUNT: _count,
    Asked.DISTANCE: _distance,
    Asked.TIME: _time,
    Asked.PERSON: _person,
    Asked.NAME: _name,
    Asked.WHO_IS: _who_is,
    Asked.PLACE: _place,
    Asked.REASON: reason,
    Asked.MANNER: manner,
    Asked.SAID: _said,
    Asked.OPINION: _said,
    Asked.ADVICE: advice,
    Asked.OPPOSED: opposed,
    Asked.CONDITION: condition,
    Asked.YES_NO: _yes_no,
}
