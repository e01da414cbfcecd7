"""Turns an `Article` into a `Briefing`. Pure. Every line of a briefing is a span of the article."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.analysis.answers import find_answers, read
from briefings.analysis.gathered import Material, gathered_sections
from briefings.analysis.ranking import rank
from briefings.analysis.roles import sentence_roles
from briefings.analysis.sections import headed_sections
from briefings.analysis.selection import KEY_CHARACTERS, Selection, spans
from briefings.analysis.sentences import Sentence, sentences
from briefings.analysis.timeline import timeline
from briefings.model import Article, Briefing, SectionKind
from briefings.sources.lines import ends_sentence

__all__ = ["brief"]

_MOST_SUMMARY = 5
#: A summary has at most one in this many sentences of the article.
_SHARE_OF_SUMMARY = 3


def brief(article: Article) -> Briefing:
    """The briefing of ``article``.

    If no heading asks a question, sections are gathered from the sentences as well.
    """
    found = sentences(article)
    title = article.headline().of(article.text)
    ranked = rank(article.text, found, title, article.language)
    roles = dict(zip(found, sentence_roles(article, found), strict=True))
    summary = _summary(article, found, ranked)
    reading = read(article, found, ranked)
    answers = find_answers(reading)
    headed = headed_sections(article, found, roles)
    asked = {section.kind for section in headed}
    material = Material(article, found, ranked, summary, roles, answers, reading.moments, reading.quoted)
    own, shared = gathered_sections(material, [kind for kind in SectionKind if kind not in asked])
    # A list of key points above the text does not ask a question.
    is_headed = not asked <= {SectionKind.OTHER, SectionKind.SUMMARY}
    return Briefing(
        article,
        spans(summary),
        tuple(headed) if is_headed else (*headed, *own),
        (*own, *shared) if is_headed else tuple(shared),
        answers=answers,
        timeline=tuple(timeline(article, reading.lead(len(found) + 1), reading.moments, reading.quoted)),
        people=tuple(reading.people),
        quantities=tuple(reading.quantities),
    )


def _summary(article: Article, found: Sequence[Sentence], ranked: Sequence[Sentence]) -> list[Sentence]:
    most = max(1, min(_MOST_SUMMARY, len(found) // _SHARE_OF_SUMMARY))
    whole = [one for one in ranked if ends_sentence(one.span.of(article.text))] or ranked
    return Selection(article, found).choose(whole, KEY_CHARACTERS, most) or list(ranked[:1])
