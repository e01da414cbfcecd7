"""The lines of a story in a digest: the best sentence, then one with a label for each section that was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views.model import Labelled, Verbatim
from bot.views.section_names import NAMES
from briefings.model import SectionKind, Span, Stance, Version

_LINE = 150
#: A section that was gathered from sentences is shown where it is as sure as this.
_SURE = 0.6


def summary_line(version: Version) -> tuple[Verbatim, ...]:
    """Returns the best sentence of the article, if there is one."""
    return tuple(Verbatim(version, span).shortened(_LINE) for span in version.briefing.summary[:1])


def labelled_lines(version: Version, kinds: Sequence[SectionKind]) -> tuple[Labelled, ...]:
    """Returns one line for each section that answers its question for sure, and each sentence once."""
    shown = set(version.briefing.summary[:1])
    lines = []
    for kind in kinds:
        span = _best(version, kind)
        if span is not None and span not in shown:
            shown.add(span)
            lines.append(Labelled(NAMES[kind], Verbatim(version, span).shortened(_LINE)))
    return tuple(lines)


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
