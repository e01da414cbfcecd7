"""An `Article` to a `Briefing`: pure, and every line of it a span of the article."""

from __future__ import annotations

from briefings.analysis.answers import find_answers, read
from briefings.analysis.ranking import rank, within
from briefings.analysis.sections import KEY_CHARACTERS, gathered_sections, headed_sections
from briefings.analysis.sentences import sentences
from briefings.analysis.timeline import timeline
from briefings.model import Article, Briefing, EntityKind, SectionKind

__all__ = ["brief"]

_MOST_SUMMARY = 5
#: An article of few sentences is not summarised by all of them.
_SHARE_OF_SUMMARY = 3
_ANSWERS = [kind for kind in SectionKind if kind not in {SectionKind.SUMMARY, SectionKind.OTHER}]


def brief(article: Article) -> Briefing:
    """What ``article`` says, question by question.

    An article of which no heading asks a question gets its sections from its sentences as well.
    """
    found = sentences(article)
    title = article.headline().of(article.text)
    most = max(1, min(_MOST_SUMMARY, len(found) // _SHARE_OF_SUMMARY))
    ranked = rank(article.text, found, title, article.language)
    summary = tuple(within(ranked, KEY_CHARACTERS, most))
    headed = headed_sections(article, found)
    asked = {section.kind for section in headed}
    gathered = tuple(gathered_sections(article, found, ranked, [kind for kind in _ANSWERS if kind not in asked]))
    sections = ((*headed, *gathered), ()) if asked <= {SectionKind.OTHER} else (tuple(headed), gathered)
    reading = read(article, found, ranked)
    return Briefing(
        article,
        summary,
        *sections,
        answers=find_answers(reading),
        timeline=tuple(timeline(reading.lead(len(found) + 1), reading.moments)),
        people=tuple(entity for entity in reading.entities if entity.kind is EntityKind.PERSON),
        quantities=tuple(reading.quantities),
    )
