"""The lines of a story in a digest: the best sentence, then one for each section that was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views.model import Text, Verbatim
from briefings.model import SectionKind, Span, Stance, Version

_LINE = 150
#: A section that was gathered from sentences is shown where it is as sure as this.
_SURE = 0.6


def story_lines(version: Version, kinds: Sequence[SectionKind]) -> tuple[Text, ...]:
    """The lines of a story; a section about which the article says nothing for sure has none."""
    spans = [*version.briefing.summary[:1], *(span for kind in kinds if (span := _best(version, kind)))]
    return tuple(Verbatim(version, span).shortened(_LINE) for span in dict.fromkeys(spans))


def _best(version: Version, kind: SectionKind) -> Span | None:
    """The sentence that answers best: an accusation before a section, and what has happened before what is feared."""
    accused = [claim.sentence for claim in version.briefing.claims or () if claim.stance is Stance.ACCUSES]
    if kind is SectionKind.WHO and accused:
        return accused[0]
    section = version.briefing.section(kind)
    if section is None or (not section.headings and section.score < _SURE):
        return None
    happened = [span for span in section.key if span not in section.expected]
    return next(iter((*happened, *section.key)), None)
