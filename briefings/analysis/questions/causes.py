"""Evidence for questions that ask why or how."""

from __future__ import annotations

from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.model import Evidence

#: What people do against something, and what they then say: their reason is what they want, fear or criticise.
PROTESTS = frozenset({"protest", "strike_work", "sue"})
_GRIEVANCES = frozenset({"demand", "fear", "criticise", "accuse"})


def reason(matcher: Matcher, place: int) -> Evidence:
    """Words such as "because"."""
    known, folded = matcher.index.known, matcher.index.sentences[place].folded
    if known.strong_reasons.search(folded) or _is_grievance(matcher, place):
        return Evidence(0.45)
    return Evidence(0.1 if known.reasons.search(folded) else -0.15)


def _is_grievance(matcher: Matcher, place: int) -> bool:
    """Whether the question asks why people protest, and a sentence tells what somebody wants, fears or criticises."""
    asked = frozenset[str]().union(*(term.concepts for term in matcher.terms))
    return bool(asked & PROTESTS and matcher.index.sentences[place].words.concepts & _GRIEVANCES)


def manner(matcher: Matcher, place: int) -> Evidence:
    """A word such as "with" or "by" soon after the verb, or a cause."""
    tokens, words = matcher.index.sentences[place].words.tokens, matcher.index.known.manner
    soon = (token for spot in matcher.spots(place) for token in tokens[spot + 1 : spot + 4])
    is_cause = bool(matcher.index.known.strong_reasons.search(matcher.index.sentences[place].folded))
    return Evidence(0.2 if is_cause or any(token.folded in words for token in soon) else 0.0)
