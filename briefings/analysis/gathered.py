"""Sections for questions that no heading answers, gathered from sentences that tell by themselves that they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from briefings.analysis.cues import cue_weights
from briefings.analysis.roles import RoleScores, SentenceRole, cues_of, is_expected
from briefings.analysis.selection import KEY_CHARACTERS, Selection, spans
from briefings.analysis.sentences import Sentence
from briefings.languages.roles import CueGroup
from briefings.model import Answer, Answers, Article, Block, BlockKind, Section, SectionKind, Span
from briefings.phrases import fold
from briefings.sources.furniture import furniture

_MOST = 3
# A cue of two words in the upper half, or a stronger one further down.
_FEWEST_CUES = 2.0
# Below this an answer is a guess.
_SURE = 0.4
# The share of 500 articles whose best sentence by the ranking told the main event.
_WHAT_SCORE = 0.87
# A consequence that somebody judges or guesses comes behind one that is told.
_OPINION = 0.5
_LEAST = 0.01
#: Told of a day that is set, and not feared or hoped.
_SCHEDULED = frozenset({CueGroup.SET_TO, CueGroup.SOON})
#: Months whose names are words as well.
_ALSO_VERBS = frozenset({"may", "march", "mar", "sat", "sun"})
#: Sentences of these roles do not tell what happened.
_BESIDE = frozenset(SentenceRole) - {SentenceRole.MAIN}
#: Those that need the surest words choose first; what happened comes before them all.
_ORDER = (
    SectionKind.WHAT,
    SectionKind.NEXT,
    SectionKind.CONSEQUENCES,
    SectionKind.WHY,
    SectionKind.UNKNOWNS,
    SectionKind.ADVICE,
    SectionKind.REACTIONS,
    SectionKind.BACKGROUND,
    SectionKind.WHO,
    SectionKind.HOW,
    SectionKind.WHEN,
    SectionKind.WHERE,
)


@dataclass(frozen=True, slots=True)
class Material:
    """What sections are gathered from.

    Attributes:
        found: The article's sentences in its order.
        ranked: The best of them, those first that tell most of the whole.
        summary: Those that the summary shows.
        roles: The roles of each of them.
    """

    article: Article
    found: Sequence[Sentence]
    ranked: Sequence[Sentence]
    summary: Sequence[Sentence]
    roles: Mapping[Sentence, RoleScores]
    answers: Answers


def gathered_sections(material: Material, kinds: Iterable[SectionKind]) -> tuple[list[Section], list[Section]]:
    """Sections for those of ``kinds`` that sentences answer.

    Returns:
        Sections that share no key sentence, but that the main event may stand under its day as well; and sections
        whose sentences are all shown by one of those. Their key sentences have the surest one first.
    """
    wanted = set(kinds)
    choice = Selection(material.article, material.found)
    taken: set[Sentence] = set()
    own: list[Section] = []
    shared: list[Section] = []
    for kind in (kind for kind in _ORDER if kind in wanted):
        scores = _SCORES.get(kind, partial(_cue_scores, kind=kind))(material)
        best = sorted(scores, key=lambda sentence: (-scores[sentence], sentence.span))
        # A day or a place that is less sure than one that is shown already is another event's.
        key = choice.choose(best[:1] if kind in _ONE else best, KEY_CHARACTERS, _MOST, without=taken)
        is_shared = not key
        key = key or choice.choose(best, KEY_CHARACTERS, 1)
        if key:
            is_day_of_main = kind is SectionKind.WHEN and list(key) == list(material.ranked[:1])
            (shared if is_shared and not is_day_of_main else own).append(_section(material, kind, key, scores))
            taken.update(key)
    return sorted(own, key=_by_kind), sorted(shared, key=_by_kind)


def _section(
    material: Material, kind: SectionKind, key: Sequence[Sentence], scores: Mapping[Sentence, float]
) -> Section:
    # Beside its key sentences the section of consequences holds all others.
    every = {*key, *scores} if kind is SectionKind.CONSEQUENCES else set(key)
    blocks = [Block(BlockKind.PARAGRAPH, span) for span in sorted(spans(every))]
    expected = [one for one in every if kind is SectionKind.CONSEQUENCES and is_expected(material.roles[one])]
    score = max((scores[one] for one in key if one in scores), default=_SURE)
    return Section(kind, (), round(min(score, 0.99), 2), tuple(blocks), spans(key), tuple(sorted(spans(expected))))


def _by_kind(section: Section) -> int:
    return list(SectionKind).index(section.kind)


def _what(material: Material) -> dict[Sentence, float]:
    """The main event, and what else is told of it that the summary leaves out."""
    if not material.ranked:
        return {}
    best = material.ranked[0]
    scores = {best: _WHAT_SCORE}
    for sentence in material.found:
        role = material.roles[sentence]
        if sentence not in material.summary and not any(role.plays(other) for other in _BESIDE):
            scores[sentence] = _WHAT_SCORE * role.scores[SentenceRole.MAIN]
    return scores


def _by_role(material: Material, role: SentenceRole) -> dict[Sentence, float]:
    return {one: roles.scores[role] for one, roles in material.roles.items() if roles.best() is role}


def _consequences(material: Material) -> dict[Sentence, float]:
    """What has happened since, and what is expected."""
    found = {}
    for sentence, roles in material.roles.items():
        both = [role for role in (SentenceRole.CONSEQUENCE, SentenceRole.EXPECTATION) if roles.plays(role)]
        if both:
            score = max(roles.scores[role] for role in both)
            found[sentence] = max(_LEAST, score - _OPINION * roles.scores[SentenceRole.EVALUATION])
    return found


def _next(material: Material) -> dict[Sentence, float]:
    """What is expected on a day that is set: by its words, or by a month or weekday that it names."""
    text, language = material.article.text, material.article.language
    calendar = furniture(language).calendar.names - _ALSO_VERBS
    found = {}
    for one, score in _by_role(material, SentenceRole.EXPECTATION).items():
        words = one.span.of(text)
        if not _SCHEDULED.isdisjoint(cues_of(words, language)) or not calendar.isdisjoint(fold(words).split()):
            found[one] = score
    return found


def _cue_scores(material: Material, *, kind: SectionKind) -> dict[Sentence, float]:
    """How sure it is, in [0, 1), that each sentence answers ``kind``; those that are not sure enough are left out."""
    article = material.article
    scores = {}
    for place, sentence in enumerate(material.found):
        # A cue says more near the top, where an article tells what matters.
        nearness = 1.2 - 0.4 * place / len(material.found)
        weight = nearness * cue_weights(sentence.span.of(article.text), article.language).get(kind, 0.0)
        if weight >= _FEWEST_CUES:
            scores[sentence] = weight / (weight + 1)
    return scores


def _answered(material: Material, answers: Callable[[Answers], Sequence[Answer]]) -> dict[Sentence, float]:
    """The sentences that hold a sure answer."""
    scores: dict[Sentence, float] = {}
    for answer in answers(material.answers):
        sentence = _holding(material.found, answer.span)
        if sentence and answer.score >= _SURE:
            scores.setdefault(sentence, answer.score)
    return scores


def _holding(found: Sequence[Sentence], span: Span) -> Sentence | None:
    return next((sentence for sentence in found if sentence.span.covers(span)), None)


_ONE = frozenset({SectionKind.WHEN, SectionKind.WHERE})
_SCORES: Mapping[SectionKind, Callable[[Material], dict[Sentence, float]]] = {
    SectionKind.WHAT: _what,
    SectionKind.CONSEQUENCES: _consequences,
    SectionKind.NEXT: _next,
    SectionKind.BACKGROUND: partial(_by_role, role=SentenceRole.BACKGROUND),
    SectionKind.REACTIONS: partial(_by_role, role=SentenceRole.REACTION),
    SectionKind.WHY: partial(_answered, answers=lambda answers: answers.why),
    SectionKind.HOW: partial(_answered, answers=lambda answers: answers.how),
    SectionKind.WHEN: partial(_answered, answers=lambda answers: answers.when),
    SectionKind.WHERE: partial(_answered, answers=lambda answers: answers.where),
}
