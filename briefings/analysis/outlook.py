"""Consequences and what comes next: a briefing shows each sentence once, an answer may need those of both."""

from __future__ import annotations

from briefings.model import Briefing, Section, SectionKind


def with_plans(briefing: Briefing, consequences: Section | None) -> Section | None:
    """The consequences with the sentences under "what next" as expectations, if no heading asks for either."""
    plans = briefing.section(SectionKind.NEXT)
    if plans is None or plans.headings or (consequences and consequences.headings):
        return consequences
    if consequences is None:
        return Section(SectionKind.CONSEQUENCES, (), plans.score, plans.blocks, plans.key, plans.key)
    new = [span for span in plans.key if span not in consequences.key]
    blocks = {*consequences.blocks, *plans.blocks}
    return Section(
        SectionKind.CONSEQUENCES,
        (),
        consequences.score,
        tuple(sorted(blocks, key=lambda block: block.span)),
        (*consequences.key, *new),
        tuple(sorted({*consequences.expected, *plans.key})),
    )


def what_next(briefing: Briefing) -> Section | None:
    """The section of plans, or else one of the consequences that are expected."""
    plans, consequences = briefing.section(SectionKind.NEXT), briefing.section(SectionKind.CONSEQUENCES)
    if plans is not None or consequences is None or not consequences.expected:
        return plans
    expected = consequences.expected
    blocks = tuple(block for block in consequences.blocks if any(block.span.covers(span) for span in expected))
    key = tuple(span for span in consequences.key if span in expected) or expected
    return Section(SectionKind.NEXT, (), consequences.score, blocks, key)
