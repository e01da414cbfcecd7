"""Evidence for questions about opposition, conditions, advice, guilt and earlier cases: "what happens if ...?".

Their cue words are in `briefings.languages.disputes`, those of earlier cases in `briefings.languages.questions`.
"""

from __future__ import annotations

from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.model import Asked, Evidence
from briefings.analysis.questions.phrases import phrases
from briefings.analysis.questions.surroundings import nearest
from briefings.languages.disputes import dispute_words

_GUILT = frozenset({"confess", "deny", "suspect"})
#: Words of "who is to blame?" and "who is behind it?".
_BLAME = frozenset({"accuse", "blame"})
_ACCUSED, _NOT_ACCUSED = 0.35, -0.8
_OPPOSED, _NAMED, _NOT_OPPOSED = 0.35, 0.1, -0.4
_ADVICE, _REMEDY = 0.3, 0.15
_EARLIER, _NO_PRECEDENT = 0.35, -0.8
_CONDITION, _PENALTY, _ONLY_PENALTY, _NO_CONDITION = 0.3, 0.2, 0.1, -0.6


def asks_for_plea(matcher: Matcher) -> bool:
    """Whether a question for yes or no names nothing but guilt: "did he do it?", "did the suspect confess?"."""
    is_yes_no = matcher.question.asked is Asked.YES_NO
    return is_yes_no and all(term.concepts & _GUILT for term in matcher.terms)


def asks_for_the_blamed(matcher: Matcher) -> bool:
    """Whether a question asks who is to blame and names nothing else: "who did it?", "whose fault is it?"."""
    is_who = matcher.question.asked in {Asked.PERSON, Asked.WHO_IS}
    return is_who and all(term.concepts & _BLAME for term in matcher.terms)


def is_accusing(matcher: Matcher, place: int) -> bool:
    """Whether a sentence holds somebody responsible."""
    index = matcher.index
    return bool(dispute_words(index.language).accusing.search(index.sentences[place].folded))


def blamed(matcher: Matcher, place: int) -> Evidence | None:
    """An accusation. Related words alone are none: "responsible for the books" does not answer "whose fault is it?".

    None where the sentence has a word of the question, or the question has none.
    """
    if is_accusing(matcher, place):
        named = phrases(Asked.PERSON, place, matcher.index)
        return Evidence(_ACCUSED, nearest(matcher, place, named, matcher.spots(place))[0] if named else None)
    words = {token.folded for token in matcher.index.sentences[place].words.tokens}
    is_related = bool(matcher.terms) and words.isdisjoint(term.word for term in matcher.terms)
    return Evidence(_NOT_ACCUSED) if is_related else None


def accused(matcher: Matcher, place: int) -> Evidence:
    """Words such as "accused of", in a sentence about the one who is asked for."""
    sentence = matcher.index.sentences[place]
    names_others = not sentence.leans or bool(phrases(Asked.PERSON, place, matcher.index))
    if matcher.terms and not any(matcher.own[place]) and names_others:
        return Evidence(_NOT_ACCUSED)
    is_charge = dispute_words(matcher.index.language).charging.search(sentence.folded)
    return Evidence(_ACCUSED if is_charge else _NOT_ACCUSED)


def opposed(matcher: Matcher, place: int) -> Evidence:
    """Words such as "criticised" or "against", and better still somebody who is named beside them."""
    index = matcher.index
    is_reply = index.sentences[place].replies_to is Asked.OPPOSED
    if not is_reply and not dispute_words(index.language).opposing.search(index.sentences[place].folded):
        return Evidence(_NOT_OPPOSED)
    named = phrases(Asked.PERSON, place, index)
    if is_reply or not named:
        return Evidence(_OPPOSED)
    phrase, _ = nearest(matcher, place, named, matcher.spots(place))
    return Evidence(_OPPOSED + _NAMED, phrase)


def condition(matcher: Matcher, place: int) -> Evidence:
    """Words such as "if" or "in case", and words for a penalty or a price."""
    known, folded = dispute_words(matcher.index.language), matcher.index.sentences[place].folded
    is_condition, is_penalty = (bool(cue.search(folded)) for cue in (known.conditions, known.penalties))
    if not is_condition:
        return Evidence(_ONLY_PENALTY if is_penalty else _NO_CONDITION)
    return Evidence(_CONDITION + _PENALTY * is_penalty)


def advice(matcher: Matcher, place: int) -> Evidence:
    """Words such as "should" or "are asked to", and words for a refund or for help."""
    known, folded = dispute_words(matcher.index.language), matcher.index.sentences[place].folded
    is_advice, is_remedy = (bool(cue.search(folded)) for cue in (known.advising, known.remedies))
    return Evidence(_ADVICE * is_advice + _REMEDY * is_remedy)


def precedent(matcher: Matcher, place: int) -> Evidence:
    """Words for an earlier case, or for the lack of one: "the third fire in two years", "never before"."""
    is_earlier = matcher.index.known.precedents.search(matcher.index.sentences[place].folded)
    return Evidence(_EARLIER if is_earlier else _NO_PRECEDENT)
