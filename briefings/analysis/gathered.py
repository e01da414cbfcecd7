"""Gathers sections from single sentences for questions that no heading asks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import itemgetter

from briefings.analysis.consequences import sure_consequences
from briefings.analysis.cues import cue_weights
from briefings.analysis.quoted import is_quoted
from briefings.analysis.roles import RoleScores, SentenceRole, cues_of, is_expected
from briefings.analysis.selection import KEY_CHARACTERS, Selection, expected_lines, is_quotation_alone, spans
from briefings.analysis.sentences import Sentence
from briefings.languages.roles import CueGroup
from briefings.model import Answer, Answers, Article, Block, BlockKind, Moment, Section, SectionKind, Span
from briefings.phrases import fold
from briefings.sources.furniture import furniture
from briefings.sources.lines import ends_sentence

_MOST = 3
#: A question mark stands among the last characters of a question, also within quotation marks.
_CLOSING = 3
# A cue of two words in the upper half of the article, or a stronger one further down.
_FEWEST_CUES = 2.0
# An answer with a lower score is a guess.
_SURE = 0.4
# In this share of 500 articles the best-ranked sentence described the main event.
_WHAT_SCORE = 0.87
#: The share that the score of a consequence that has happened counts beside that of an expectation. Fitted like roles.
_HAPPENED = 0.4
#: Cues for something planned for a fixed day, not feared or hoped for.
_SCHEDULED = frozenset({CueGroup.SET_TO, CueGroup.SOON})
#: A name of a month that is also a verb. Short names are common words in many languages: "may", "so", "mar".
_ALSO_VERB, _LONGEST_COMMON = "march", 3
#: Sentences with these roles do not say what happened.
_BESIDE = frozenset(SentenceRole) - {SentenceRole.MAIN}
#: The order in which sections choose sentences: "what" first, then consequences, then those that need the surest words.
_ORDER = (
    SectionKind.WHAT,
    SectionKind.CONSEQUENCES,
    SectionKind.NEXT,
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
    """The input of gathered sections.

    Attributes:
        found: The article's sentences in text order.
        ranked: The best of them, best first.
        summary: The sentences of the summary.
        roles: The roles of each sentence.
        moments: The dates and times, in text order behind those of the title.
        quoted: The parts in quotation marks, in text order.
    """

    article: Article
    found: Sequence[Sentence]
    ranked: Sequence[Sentence]
    summary: Sequence[Sentence]
    roles: Mapping[Sentence, RoleScores]
    answers: Answers
    moments: Sequence[Moment] = ()
    quoted: Sequence[Span] = ()


def gathered_sections(material: Material, kinds: Iterable[SectionKind]) -> tuple[list[Section], list[Section]]:
    """Sections for the ``kinds`` that sentences answer.

    Returns:
        Two lists. The sections of the first share no key sentence, except that the main event may also appear under its
            day. The sections of the second only have sentences that the first already shows. Key sentences are ordered
            by score.
    """
    wanted = set(kinds)
    choice = Selection(material.article, material.found)
    taken: set[Sentence] = set()
    own: list[Section] = []
    shared: list[Section] = []
    for kind in (kind for kind in _ORDER if kind in wanted):
        scores = _SCORES.get(kind, partial(_cue_scores, kind=kind))(material)
        scores = {one: score for one, score in scores.items() if _tells(material, one, kind)}
        best = sorted(scores, key=lambda sentence: (-scores[sentence], sentence.span))
        if kind is SectionKind.CONSEQUENCES and best:
            best = _ordered_consequences(best, material)
        # A less sure day or place than one that is already shown belongs to another event.
        key = choice.choose(best[:1] if kind in _ONE else best, KEY_CHARACTERS, _MOST, without=taken)
        is_shared = not key
        key = key or choice.choose(best, KEY_CHARACTERS, 1)
        if key:
            is_day_of_main = kind is SectionKind.WHEN and list(key) == list(material.ranked[:1])
            (shared if is_shared and not is_day_of_main else own).append(_section(material, kind, key, scores))
            taken.update(key)
    return sorted(own, key=_by_kind), sorted(shared, key=_by_kind)


def _tells(material: Material, one: Sentence, kind: SectionKind) -> bool:
    """Whether a sentence is whole and tells something: no question, and as a consequence no mere quotation."""
    words = one.span.of(material.article.text)
    is_quotation = is_quoted(one.span, material.quoted) or is_quotation_alone(words)
    is_said = kind is SectionKind.CONSEQUENCES and is_quotation
    return ends_sentence(words) and "?" not in words[-_CLOSING:] and not is_said


def _section(
    material: Material, kind: SectionKind, key: Sequence[Sentence], scores: Mapping[Sentence, float]
) -> Section:
    # The section of consequences keeps all its sentences.
    every = {*key, *scores} if kind is SectionKind.CONSEQUENCES else set(key)
    blocks = [Block(BlockKind.PARAGRAPH, span) for span in sorted(spans(every))]
    expected: list[Sentence] = []
    if kind is SectionKind.CONSEQUENCES:
        expected = expected_lines(material.article, key, material.roles)
        expected += [one for one in every.difference(key) if is_expected(material.roles[one])]
    score = max((scores[one] for one in key if one in scores), default=_SURE)
    return Section(kind, (), round(min(score, 0.99), 2), tuple(blocks), spans(key), tuple(sorted(spans(expected))))


def _by_kind(section: Section) -> int:
    return list(SectionKind).index(section.kind)


def _what(material: Material) -> dict[Sentence, float]:
    """The main event, and further sentences about it that are not in the summary."""
    if not material.ranked:
        return {}
    best = material.ranked[0]
    scores = {best: _WHAT_SCORE}
    for sentence in material.found:
        role = material.roles[sentence]
        is_quote = material.article.blocks[sentence.block].kind is BlockKind.QUOTE
        if not is_quote and sentence not in material.summary and not any(role.plays(other) for other in _BESIDE):
            scores[sentence] = _WHAT_SCORE * role.scores[SentenceRole.MAIN]
    return scores


def _by_role(material: Material, role: SentenceRole) -> dict[Sentence, float]:
    return {one: roles.scores[role] for one, roles in material.roles.items() if roles.best() is role}


def _consequences(material: Material) -> dict[Sentence, float]:
    """Consequences that have surely happened and that are surely expected."""
    return sure_consequences(material.article, material.found, material.roles, material.quoted)


def _ordered_consequences(best: Sequence[Sentence], material: Material) -> list[Sentence]:
    """Consequences in a new order: what is expected is found more surely. The best that has happened stays second.

    Except for the first, events that are fixed for a day are left to "what next".
    """
    roles, scheduled = material.roles, _next(material)

    def worth(sentence: Sentence) -> float:
        scores = roles[sentence].scores
        happened = scores[SentenceRole.CONSEQUENCE] if roles[sentence].plays(SentenceRole.CONSEQUENCE) else 0.0
        return max(_HAPPENED * happened, scores[SentenceRole.EXPECTATION])

    first, *others = sorted(best, key=lambda sentence: (-worth(sentence), sentence.span))
    happened = [sentence for sentence in best if not is_expected(roles[sentence]) and sentence is not first][:1]
    return [first, *happened, *(one for one in others if one not in happened and one not in scheduled)]


def _next(material: Material) -> dict[Sentence, float]:
    """Events expected on a fixed day: by their words, or by a month or weekday."""
    text, language = material.article.text, material.article.language
    names = furniture(language).calendar.names - {_ALSO_VERB}
    calendar = {name for name in names if len(name) > _LONGEST_COMMON}
    days = sorted((moment.span.start, moment.last) for moment in material.moments if moment.last)
    found = {}
    for one, score in _by_role(material, SentenceRole.EXPECTATION).items():
        words = one.span.of(text)
        cues = cues_of(words, language)
        is_fixed = not _SCHEDULED.isdisjoint(cues) or not calendar.isdisjoint(fold(words).split())
        is_over = CueGroup.WILL not in cues and _is_over(days, one, material.article.published)
        if is_fixed and CueGroup.UNREAL not in cues and not is_over:
            found[one] = score
    return found


def _is_over(days: Sequence[tuple[int, date]], one: Sentence, published: date | None) -> bool:
    """Whether all days that a sentence names are before the day of publication.

    Args:
        days: Where the text names each day, in text order, and the day.
    """
    first, end = (bisect_left(days, place, key=itemgetter(0)) for place in (one.span.start, one.span.end))
    return published is not None and first < end and max(day for _, day in days[first:end]) < published


def _cue_scores(material: Material, *, kind: SectionKind) -> dict[Sentence, float]:
    """The probability, in [0, 1), that each sentence answers ``kind``. Unlikely sentences are left out."""
    article = material.article
    scores = {}
    for place, sentence in enumerate(material.found):
        # A cue counts more near the top, where articles put what matters.
        nearness = 1.2 - 0.4 * place / len(material.found)
        weight = nearness * cue_weights(sentence.span.of(article.text), article.language).get(kind, 0.0)
        if weight >= _FEWEST_CUES:
            scores[sentence] = weight / (weight + 1)
    return scores


def _answered(material: Material, answers: Callable[[Answers], Sequence[Answer]]) -> dict[Sentence, float]:
    """The sentences that contain a sure answer."""
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
