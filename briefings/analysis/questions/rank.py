"""Ranks the sentences of an article by how well they answer a question: shared terms and evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from briefings.analysis.questions.causes import PROTESTS
from briefings.analysis.questions.disputes import asks_for_plea, asks_for_the_blamed, is_accusing
from briefings.analysis.questions.evidence import evidence
from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.model import Asked
from briefings.model import Span

#: The coverage of a question that names no subject.
_UNNAMED = 0.3
#: Evidence counts in full if at least this share of the question is matched.
_ENOUGH = 0.3
_HINT, _MOST_HINTS = 0.1, 1.5
_EARLY, _LATER = 0.05, 5
#: The evidence of an accusation, a confirmation or a denial.
_SIDE = 0.25
#: What it is worth that the words are those of the one who is asked for, and of somebody else.
_SPEAKER, _OTHER_SPEAKER = 0.2, -0.3


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence and how well it answers.

    Attributes:
        place: Its number in the index.
        coverage: The share of the question's terms in it or near it, in [0, 1].
        own: The share of the terms in it.
        phrase: The part of it that answers, if it is known.
        evidence: What it has beside the terms that such an answer needs; negative for what it lacks.
        score: Coverage and evidence together, from about -1 to 1.6.
    """

    place: int
    coverage: float
    own: float
    phrase: Span | None
    evidence: float
    score: float


def rank(
    matcher: Matcher, sides: Collection[int] = (), speakers: Mapping[int, float] = MappingProxyType({})
) -> list[Ranked]:
    """The sentences, ordered by how well they answer the matcher's question. One that asks itself is left out.

    Args:
        sides: The numbers of sentences in which somebody says yes or no to it.
    """
    found = [_ranked(matcher, place) for place in range(len(matcher.index.sentences)) if not _asks(matcher, place)]
    found = [_raised(one, _SIDE) if one.place in sides and one.coverage >= _ENOUGH else one for one in found]
    found = [_raised(one, _spoken(speakers.get(one.place))) for one in found]
    return sorted(found, key=lambda one: (-one.score, one.place))


def _asks(matcher: Matcher, place: int) -> bool:
    return matcher.index.sentences[place].span.of(matcher.index.article.text).endswith("?")


def _is_of_event(matcher: Matcher) -> bool:
    """Whether the answer need not name what is asked about, such as opposition, a plea, or an earlier case."""
    if asks_for_plea(matcher):
        return True
    if matcher.has_unknown:
        return False
    is_protest = matcher.question.asked is Asked.REASON and all(term.concepts & PROTESTS for term in matcher.terms)
    return is_protest or matcher.question.asked in {Asked.OPPOSED, Asked.PRECEDENT}


def _names_nothing_known(matcher: Matcher) -> bool:
    """Whether a question names no subject, or only one in another language whose word is not known."""
    is_foreign = matcher.question.language != matcher.index.language
    return all(
        term.weight < 1 or (is_foreign and not term.concepts and not matcher.is_known(term)) for term in matcher.terms
    )


def _raised(one: Ranked, weight: float) -> Ranked:
    return replace(one, score=one.score + weight)


def _spoken(share: float | None) -> float:
    """The evidence that the person asked for, or somebody else, is known to speak."""
    if share is None:
        return 0.0
    return _SPEAKER if share == 1 else _OTHER_SPEAKER if not share else 0.0


def _ranked(matcher: Matcher, place: int) -> Ranked:
    coverage = matcher.coverage(matcher.near(place))
    is_accusation = asks_for_the_blamed(matcher) and is_accusing(matcher, place)
    if is_accusation or _is_of_event(matcher) or _names_nothing_known(matcher):
        coverage = max(coverage, _UNNAMED)
    found = evidence(matcher, place)
    weight = found.weight * min(1.0, coverage / _ENOUGH) if found.weight > 0 else found.weight
    sentence = matcher.index.sentences[place]
    both = [sentence.words, sentence.heading] if sentence.replies_to else [sentence.words]
    hints = sum(max(matcher.match(term, words) for words in both) for term in matcher.question.hints)
    hints += bool(matcher.times) and not matcher.times.isdisjoint(sentence.folded.split())
    score = coverage + weight + _HINT * min(hints, _MOST_HINTS) + _EARLY / (1 + place / _LATER)
    return Ranked(place, coverage, matcher.coverage(matcher.own[place]), found.phrase, found.weight, score)
