"""The role of each sentence in its article: main event, consequence, expectation, cause and others.

The score of a role is a logistic function of a weighted sum of readable features: groups of cue words
(`briefings.languages.roles`) and the position of the sentence. The weights were fitted on English news with labels for
the relation to the main event (NewsDiscourse, Choubey et al. 2020) and rounded. The weights of cause and reaction,
which have no labels there, were set by hand. Other languages use the same weights with their own cue words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from briefings.analysis.sentences import Sentence
from briefings.analysis.terms import terms
from briefings.caches import text_cache
from briefings.languages.roles import CueGroup, role_cues
from briefings.model import Article

_LEAD = 3
_LONG, _SHORT = 20, 8
_QUOTE_MARKS = '“"«„‘'


class SentenceRole(StrEnum):
    """The role of a sentence in its article."""

    MAIN = "main"
    CONSEQUENCE = "consequence"
    EXPECTATION = "expectation"
    CAUSE = "cause"
    BACKGROUND = "background"
    REACTION = "reaction"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class RoleScores:
    """The probability, in [0, 1], of each role of a sentence. A sentence may have several roles."""

    scores: Mapping[SentenceRole, float]

    def plays(self, role: SentenceRole) -> bool:
        """Whether the score is high enough for ``role``."""
        return self.scores[role] >= _THRESHOLDS[role]

    def best(self) -> SentenceRole | None:
        """The role whose score exceeds its threshold most. None if none does."""
        role = max(SentenceRole, key=lambda role: self.scores[role] / _THRESHOLDS[role])
        return role if self.plays(role) else None

    def consequence(self) -> float:
        """The probability, in [0, 1], of a consequence that has happened or is expected."""
        return max(self.scores[SentenceRole.CONSEQUENCE], self.scores[SentenceRole.EXPECTATION])


def sentence_roles(
    article: Article, found: Sequence[Sentence], cues: Sequence[frozenset[CueGroup]] | None = None
) -> list[RoleScores]:
    """The scores of each of the article's sentences, in order.

    Args:
        cues: The groups of cues that count in each sentence. By default all that occur in it.
    """
    text, language = article.text, article.language
    title = set(terms(article.headline().of(text), language))
    rated = []
    for place, sentence in enumerate(found):
        words = sentence.span.of(text)
        groups = cues_of(words, language) if cues is None else cues[place]
        features: dict[str, float] = dict.fromkeys(groups, 1.0)
        features.update(_shape(words, place, len(found)))
        features["title"] = len(title.intersection(terms(words, language))) / max(3, len(title))
        rated.append(RoleScores({role: _score(role, features) for role in SentenceRole}))
    return rated


def is_expected(roles: RoleScores) -> bool:
    """Whether a sentence describes something expected or feared, not something that has happened."""
    scores = roles.scores
    return roles.plays(SentenceRole.EXPECTATION) and scores[SentenceRole.EXPECTATION] > scores[SentenceRole.CONSEQUENCE]


@text_cache(1024)
def cues_of(sentence: str, language: str | None) -> frozenset[CueGroup]:
    """The groups of cue words that occur in the sentence."""
    return frozenset(role_cues(language).groups(sentence))


def _shape(sentence: str, place: int, count: int) -> Iterator[tuple[str, float]]:
    words = sentence.count(" ") + 1
    yield "first", float(place == 0)
    yield "lead", float(place < _LEAD)
    yield "late", place / count
    yield "quote", float(sentence[:1] in _QUOTE_MARKS)
    yield "long", float(words > _LONG)
    yield "short", float(words < _SHORT)


def _score(role: SentenceRole, features: Mapping[str, float]) -> float:
    weights = _WEIGHTS[role]
    total = _BIASES[role] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-total))


_BIASES: Mapping[SentenceRole, float] = {
    SentenceRole.MAIN: -3.0,
    SentenceRole.CONSEQUENCE: -3.3,
    SentenceRole.EXPECTATION: -3.5,
    SentenceRole.CAUSE: -3.0,
    SentenceRole.BACKGROUND: -2.4,
    SentenceRole.REACTION: -3.0,
    SentenceRole.EVALUATION: -1.6,
}
_THRESHOLDS: Mapping[SentenceRole, float] = {
    SentenceRole.MAIN: 0.4,
    SentenceRole.CONSEQUENCE: 0.4,
    SentenceRole.EXPECTATION: 0.2,
    SentenceRole.CAUSE: 0.4,
    SentenceRole.BACKGROUND: 0.3,
    SentenceRole.REACTION: 0.35,
    SentenceRole.EVALUATION: 0.4,
}
_WEIGHTS: Mapping[SentenceRole, Mapping[str, float]] = {
    SentenceRole.MAIN: {
        "title": 3.9,
        "first": 0.6,
        "lead": 0.6,
        "long": 0.6,
        "short": -1.1,
        "late": -2.0,
        CueGroup.CASUALTY: 0.8,
        CueGroup.WILL: 0.7,
        CueGroup.IF: -0.5,
        CueGroup.FORECAST: -0.6,
        CueGroup.EXPERT: -0.5,
        CueGroup.UNREAL: -0.5,
        CueGroup.CAPTION: -1.4,
    },
    SentenceRole.CONSEQUENCE: {
        CueGroup.DONE: 3.6,
        CueGroup.RESULT: 2.6,
        CueGroup.DAMAGE: 1.5,
        CueGroup.EMERGENCY: 1.2,
        CueGroup.CASUALTY: 1.1,
        CueGroup.MARKET: 1.2,
        CueGroup.PAST: -1.0,
        CueGroup.HISTORY: -1.0,
        CueGroup.WILL: -2.0,
        CueGroup.WOULD: -1.5,
        CueGroup.MAY: -1.5,
        CueGroup.FORECAST: -1.0,
        CueGroup.IF: -0.7,
        CueGroup.SOON: -0.7,
        CueGroup.EXPERT: -0.5,
        CueGroup.OPINION: -0.5,
        CueGroup.UNREAL: -0.5,
        CueGroup.OUTLOOK: 0.6,
        CueGroup.REFERRED: -0.8,
        CueGroup.INDIRECT: -0.4,
        CueGroup.ADDRESS: -0.7,
        CueGroup.NARRATIVE: -0.3,
        CueGroup.NEGATION: -0.4,
        "late": -0.6,
        "first": -0.6,
        "title": -0.6,
        "quote": -0.9,
    },
    SentenceRole.EXPECTATION: {
        CueGroup.WILL: 2.5,
        CueGroup.FORECAST: 2.4,
        CueGroup.WOULD: 2.0,
        CueGroup.MAY: 1.9,
        CueGroup.GOING_TO: 1.8,
        CueGroup.PLAN: 1.5,
        CueGroup.SET_TO: 1.4,
        CueGroup.SOON: 1.2,
        CueGroup.LIKELY: 0.9,
        CueGroup.URGE: 0.8,
        CueGroup.FEAR: 0.8,
        CueGroup.IF: 0.7,
        CueGroup.SAY: 0.4,
        CueGroup.EXPERT: 0.3,
        CueGroup.DONE: -1.0,
        CueGroup.PAST: -0.6,
        CueGroup.HISTORY: -0.4,
        CueGroup.CASUALTY: -0.7,
        CueGroup.UNREAL: -1.1,
        CueGroup.OUTLOOK: 0.6,
        CueGroup.REFERRED: -0.8,
        CueGroup.INDIRECT: -0.4,
        CueGroup.ADDRESS: -0.7,
        CueGroup.NARRATIVE: -0.3,
        CueGroup.NEGATION: -0.4,
        "late": 0.8,
        "first": -0.3,
        "lead": -1.0,
        "title": -0.7,
    },
    SentenceRole.CAUSE: {
        CueGroup.CAUSE: 3.0,
        CueGroup.CAUSE_WEAK: 0.5,
        CueGroup.RESULT: -0.5,
        CueGroup.IF: -0.5,
    },
    SentenceRole.BACKGROUND: {
        CueGroup.PAST: 1.7,
        CueGroup.HISTORY: 0.9,
        CueGroup.CAUSE_WEAK: 0.5,
        CueGroup.WILL: -1.6,
        CueGroup.WOULD: -0.6,
        CueGroup.FORECAST: -0.8,
        CueGroup.PLAN: -0.8,
        CueGroup.SAY: -0.9,
        CueGroup.IF: -0.7,
        CueGroup.EXPERT: -0.6,
        CueGroup.DAMAGE: -0.6,
        CueGroup.OPINION: -0.5,
        CueGroup.JUDGE: -0.5,
        "late": 0.6,
        "lead": -1.2,
        "short": -0.7,
        "quote": -1.0,
        "title": -1.1,
    },
    SentenceRole.REACTION: {
        CueGroup.REACT: 2.4,
        CueGroup.STATEMENT: 1.2,
        CueGroup.SAY: 0.8,
        CueGroup.URGE: 0.8,
        CueGroup.PAST: -0.5,
        "quote": 0.8,
    },
    SentenceRole.EVALUATION: {
        "quote": 1.0,
        CueGroup.JUDGE: 0.9,
        CueGroup.SAY: 0.8,
        CueGroup.OPINION: 0.8,
        CueGroup.UNREAL: 0.8,
        CueGroup.EXPERT: 0.7,
        CueGroup.WILL: -1.2,
        CueGroup.SOON: -0.9,
        CueGroup.DAMAGE: -0.9,
        CueGroup.CASUALTY: -0.9,
        CueGroup.EMERGENCY: -0.8,
        CueGroup.PAST: -0.7,
        CueGroup.SET_TO: -0.7,
        CueGroup.CAPTION: -0.8,
        "first": -0.5,
        "lead": -1.4,
        "title": -0.6,
    },
}
