"""Stories as groups of reports: finds the story of a new report, and joins and splits stories."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, func, insert, or_, select, update

from bot.storage.database import fulltext
from bot.storage.database.engine import Connection
from bot.storage.database.tables import report, story, version
from bot.storage.frequencies import frequencies
from bot.storage.outlets import story_members
from bot.storage.story_queries import is_visible
from bot.storage.story_search import profiles_of
from briefings.grouping import Candidate, is_over, matching_stories, window
from briefings.matching import distinctive_terms
from briefings.scope import Viewer
from briefings.search import any_of
from briefings.similarity import profile
from briefings.story_store import Draft

_CANDIDATES = 20
_ROOT = func.coalesce(story.c.merged_into, story.c.id)


async def stories_of_event(connection: Connection, draft: Draft) -> tuple[int, ...]:
    """Returns the public stories about the event of a new report, the best first."""
    new = profile(draft.text_terms, draft.title_terms, draft.version.article.language)
    known = await frequencies(connection, new.body)
    words = distinctive_terms(new, known)
    if not words:
        return ()
    since, until = window(draft.version.received)
    is_recent = report.c.updated.between(since, until)
    first = await connection.scalar(select(func.min(report.c.id)).where(is_recent))
    if first is None:
        return ()
    groups = any_of(tuple(words)).groups
    found = fulltext.matching(connection.dialect.name, groups, known.rarity(words), first, has_own=False)
    columns = (report.c.id, _ROOT.label("story"), report.c.published, story.c.fixed)
    statement = (
        select(*columns)
        .join(found.rows, found.rows.c.report == report.c.id)
        .join(story, story.c.id == report.c.story)
        .where(is_visible(Viewer()), is_recent)
        .order_by(found.rows.c.score)
        .limit(_CANDIDATES)
    )
    rows = (await connection.execute(statement, found.values)).all()
    began = await _beginnings(connection, {row.story for row in rows})
    rows = [row for row in rows if not is_over(began[row.story], draft.version.received)]
    profiles = await profiles_of(connection, [row.id for row in rows])
    candidates = [Candidate(row.story, row.published, profiles[row.id], row.fixed) for row in rows]
    compared = {term for one in candidates for term in one.profile.body}
    return matching_stories(
        new, draft.version.article.published, candidates, await frequencies(connection, compared | set(new.body))
    )


async def new_story(connection: Connection, is_fixed: bool = False) -> int:
    """Opens a story without reports and returns its number."""
    values = {"merged_into": None, "fixed": is_fixed}
    number: int = (await connection.execute(insert(story).values(values).returning(story.c.id))).scalar_one()
    return number


async def merge_stories(connection: Connection, kept: int, others: Sequence[int]) -> None:
    """Makes several stories one. The others forward to the one that is kept."""
    if others:
        forwarding = or_(story.c.id.in_(others), story.c.merged_into.in_(others))
        await connection.execute(update(story).where(forwarding).values(merged_into=kept))


async def join_reports(connection: Connection, reports: Sequence[int]) -> None:
    """Makes one story of the stories of some reports."""
    roots = select(_ROOT).join(report, report.c.story == story.c.id).where(report.c.id.in_(reports)).distinct()
    kept, *others = sorted((await connection.execute(roots)).scalars().all())
    await merge_stories(connection, kept, others)
    await connection.execute(update(story).where(story.c.id == kept).values(fixed=True))


async def split_report(connection: Connection, number: int) -> None:
    """Moves a report into a story of its own, and keeps its old story from being merged with it again."""
    before = select(_ROOT).join(report, report.c.story == story.c.id).where(report.c.id == number)
    root = await connection.scalar(before)
    await connection.execute(update(story).where(story.c.id == root).values(fixed=True))
    own = await new_story(connection, is_fixed=True)
    await connection.execute(update(report).where(report.c.id == number).values(story=own))


async def _beginnings(connection: Connection, roots: Collection[int]) -> dict[int, datetime]:
    """Returns when the first report of each story was received."""
    statement = _beginning(connection.dialect.name)
    rows = await connection.execute(statement, {"values": json.dumps(sorted(roots))})
    return {row.root: row.began for row in rows}


@cache
def _beginning(dialect: str) -> Select[int, datetime]:
    members = story_members(dialect)
    return (
        select(members.c.root, func.min(version.c.received).label("began"))
        .join(report, report.c.story == members.c.id)
        .join(version, version.c.report == report.c.id)
        .group_by(members.c.root)
    )
