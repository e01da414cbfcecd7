"""Recognises sentences that surely tell a consequence: no forecast, promise or quotation of somebody."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from briefings.analysis.roles import RoleScores, SentenceRole, cues_of, is_expected, sentence_roles
from briefings.analysis.sentences import Sentence
from briefings.languages.leaning import leaning
from briefings.languages.roles import CueGroup
from briefings.model import Article, Span

#: The least probability of an expectation that names no effect, and the most words of its sentence: in a longer one
#: the cue is more often beside the point.
_PLAIN, _MOST_WORDS = 0.35, 20
#: Cues for what does not follow from the event.
_ELSEWHERE = frozenset({CueGroup.UNREAL, CueGroup.ADDRESS, CueGroup.BESIDE})
_DONE_TO = frozenset({CueGroup.EFFECT, CueGroup.DAMAGE})
_EFFECTS = frozenset({CueGroup.EFFECT, CueGroup.RESULT, CueGroup.DAMAGE})


def sure_consequences(
    article: Article, found: Sequence[Sentence], roles: Mapping[Sentence, RoleScores], quotations: Sequence[Span]
) -> dict[Sentence, float]:
    """The probability, in [0, 1), of each sentence that tells what has followed or is expected to follow.

    Args:
        found: The article's sentences.
        roles: The roles of each sentence. Here cues in quotations do not count.
        quotations: The parts of the text in quotation marks, in text order.
    """
    quoted = _disjoint(quotations)
    cues = [cues_of(_outside(article.text, one.span, quoted), article.language) for one in found]
    scores: dict[Sentence, float] = {}
    for one, groups, own in zip(found, cues, sentence_roles(article, found, cues), strict=True):
        said = one.span.of(article.text)
        is_alone = not leaning(article.language).leans(said)
        if _has_happened(groups, own) or (is_alone and is_expected(roles[one]) and _is_sure(groups, own, said)):
            scores[one] = roles[one].consequence()
    return scores


def _has_happened(cues: frozenset[CueGroup], roles: RoleScores) -> bool:
    is_told = CueGroup.DONE in cues or (CueGroup.RESULT in cues and not cues.isdisjoint(_DONE_TO))
    return is_told and CueGroup.REACT not in cues and roles.plays(SentenceRole.CONSEQUENCE)


def _is_sure(cues: frozenset[CueGroup], roles: RoleScores, said: str) -> bool:
    """Whether an expectation is short and likely, or names an effect."""
    if not roles.plays(SentenceRole.EXPECTATION) or not _ELSEWHERE.isdisjoint(cues):
        return False
    is_plain = roles.scores[SentenceRole.EXPECTATION] >= _PLAIN and len(said.split()) <= _MOST_WORDS
    return is_plain or not _EFFECTS.isdisjoint(cues)


def _disjoint(spans: Sequence[Span]) -> list[Span]:
    """The same parts of the text without overlaps: a block that is a quotation has quotation marks within it, too."""
    found: list[Span] = []
    for span in spans:
        start = max(span.start, found[-1].end) if found else span.start
        if start < span.end:
            found.append(Span(start, span.end))
    return found


def _outside(text: str, sentence: Span, quoted: Sequence[Span]) -> str:
    """The words of a sentence that are not within quotation marks, whose spans are disjoint and in order."""
    words, start = [], sentence.start
    first = bisect_right(quoted, sentence.start, key=lambda one: one.end)
    for span in quoted[first : bisect_left(quoted, sentence.end, key=lambda one: one.start)]:
        words.append(text[start : max(start, span.start)])
        start = span.end
    return " ".join([*words, text[start : sentence.end]])
