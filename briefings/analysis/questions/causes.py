"""Evidence for questions that ask why or how."""

from __future__ import annotations

import re

from briefings.analysis.questions.index import Index
from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.model import Evidence
from briefings.analysis.tokens import Token
from briefings.languages.numbers import counting_words
from briefings.languages.questions import QuestionWords, question_words
from briefings.languages.verbs import verb_forms
from briefings.phrases import fold

#: What people do against something, and what they then say: their reason is what they want, fear or criticise.
PROTESTS = frozenset({"protest", "strike_work", "sue"})
#: The evidence of words that often tell a reason, the words of a clause behind a colon, and marks of a quotation.
_LIKELY, _CLAUSE, _QUOTES = 0.3, 5, frozenset('"“”«»„')
#: The evidence of a sentence without the words for a cause, where the question asks for nothing else.
_NO_CAUSE = -0.8
_NUMBER_AND_UNIT = 2
#: The evidence of a means or a cause, and of a sentence without any word that could begin one.
_MANNER, _NO_MANNER = 0.2, -0.2
#: What a question such as "how is she?" asks for, and the evidence for a sentence that tells it, or against another.
_HEALTH_CONCEPT, _HEALTH, _NO_HEALTH = "state", 0.25, -0.6
_CLAUSE_MARKS = frozenset(",;:–—")
_GRIEVANCES = frozenset({"demand", "fear", "criticise", "accuse"})


def reason(matcher: Matcher, place: int) -> Evidence:
    """Words such as "because"."""
    known = matcher.index.known
    if _has_cue(known.strong_reasons, matcher, place) or _is_grievance(matcher, place):
        return Evidence(0.45)
    if _asks_for_cause_of_death(matcher):
        return Evidence(_NO_CAUSE)
    if _has_cue(known.likely_reasons, matcher, place) or _has_purpose(matcher, place) or _is_explained(matcher, place):
        return Evidence(_LIKELY)
    return Evidence(0.1 if _has_cue(known.reasons, matcher, place) else -0.15)


def _has_cue(cues: re.Pattern[str], matcher: Matcher, place: int) -> bool:
    """Whether a sentence has one of ``cues`` for a reason, and not for a time or a plan."""
    folded = matcher.index.sentences[place].folded
    return any(
        not _is_measured(match, matcher.index)
        and (cues is matcher.index.known.likely_reasons or not _is_plan(match, matcher.index))
        for match in cues.finditer(folded)
    )


def _is_measured(match: re.Match[str], index: Index) -> bool:
    """Whether a measured time stands before a word such as "after"."""
    before = match.string[: match.start()].split()[-2:]
    is_time = len(before) == _NUMBER_AND_UNIT and before[1] in index.known.units["duration"]
    return is_time and _is_number(before[0], index) and match.group().split()[0] in index.known.within


def _is_plan(match: re.Match[str], index: Index) -> bool:
    """Whether "to" with a verb follows, as in "due to meet"."""
    words, behind = match.group().split(), match.string[match.end() :].split(maxsplit=1)
    is_cue = words[0] in index.known.no_purpose and words[-1] in index.known.purposes
    return is_cue and bool(behind) and behind[0] in verb_forms().base


def _is_number(word: str, index: Index) -> bool:
    return word.isdecimal() or word in counting_words(index.language).values


def _has_purpose(matcher: Matcher, place: int) -> bool:
    """Whether a verb of purpose follows a word of the question in its clause: "left early to catch the ferry"."""
    known, tokens = matcher.index.known, matcher.index.sentences[place].words.tokens
    first = min(matcher.spots(place), default=len(tokens))
    for before, word, verb in zip(tokens[first:], tokens[first + 1 :], tokens[first + 2 :], strict=False):
        if not _CLAUSE_MARKS.isdisjoint(word.gap):
            return False
        if word.folded in known.purposes and before.folded not in known.no_purpose and _is_infinitive(verb, known):
            return True
    return False


def _is_infinitive(verb: Token, known: QuestionWords) -> bool:
    if known.infinitives:
        return verb.folded.endswith(tuple(known.infinitives)) and not verb.is_capitalised
    return verb.folded in verb_forms().base


def _is_explained(matcher: Matcher, place: int) -> bool:
    """Whether a clause of some length follows a colon behind words of the question, and no quotation."""
    tokens = matcher.index.sentences[place].words.tokens
    first = min(matcher.spots(place), default=len(tokens))
    return any(
        ":" in token.gap and _QUOTES.isdisjoint(token.gap) and len(tokens) - number >= _CLAUSE
        for number, token in enumerate(tokens)
        if number > first
    )


def _asks_for_cause_of_death(matcher: Matcher) -> bool:
    """Whether the question is "what did she die of?", which a sentence that only tells the death does not answer."""
    essential = question_words(matcher.question.language).essential
    return any("death" in term.concepts and term.word in essential for term in matcher.terms)


def _is_grievance(matcher: Matcher, place: int) -> bool:
    """Whether the question asks why people protest, and a sentence tells what somebody wants, fears or criticises."""
    asked = frozenset[str]().union(*(term.concepts for term in matcher.terms))
    return bool(asked & PROTESTS and matcher.index.sentences[place].words.concepts & _GRIEVANCES)


def manner(matcher: Matcher, place: int) -> Evidence:
    """A word such as "with" or "by" soon after the verb, or a cause. A sentence without such a word is no answer."""
    tokens, words = matcher.index.sentences[place].words.tokens, matcher.index.known.manner
    soon = (token for spot in matcher.spots(place) for token in tokens[spot + 1 : spot + 4])
    is_cause = bool(matcher.index.known.strong_reasons.search(matcher.index.sentences[place].folded))
    if question_words(matcher.question.language).state_asked.search(fold(matcher.question.text)):
        tells = _HEALTH_CONCEPT in matcher.index.sentences[place].words.concepts
        return Evidence(_HEALTH if tells else _NO_HEALTH)
    if is_cause or any(token.folded in words for token in soon):
        return Evidence(_MANNER)
    return Evidence(0.0 if any(token.folded in words for token in tokens) else _NO_MANNER)
