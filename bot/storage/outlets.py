"""Finds the outlets that report the same story. The statements are built once: lists need them with each answer."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import CTE, BigInteger, Select, String, func, select, union_all

from bot.storage.database.engine import Connection
from bot.storage.database.statements import given_values, is_one_of
from bot.storage.database.tables import report, story, version
from bot.storage.story_queries import TAGS, read_scope
from briefings.scope import Viewer


async def other_outlets(
    connection: Connection, viewer: Viewer, versions: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Returns the other outlets that report each version's story, the first one to report it first."""
    dialect = connection.dialect.name
    rows = (await connection.execute(_stories(dialect), {"values": json.dumps(list(versions))})).all()
    stories = json.dumps(sorted({row.story for row in rows}))
    by_story: defaultdict[int, dict[str, None]] = defaultdict(dict)
    # Visibility is checked here: as a condition it makes SQLite read all public reports instead of the stories' own.
    for found in (await connection.execute(_sites(dialect), {"values": stories})).all():
        if viewer.sees_all or (not found.hidden and viewer.sees(read_scope(found))):
            by_story[found.root][found.site] = None
    return {row.id: tuple(site for site in by_story[row.story] if site != row.site) for row in rows}


def story_members(dialect: str) -> CTE:
    """The stories of the parameter ``values`` and those that forward to them, each with the number of the former."""
    given = given_values(dialect, BigInteger())
    return union_all(
        select(story.c.id, story.c.id.label("root")).where(is_one_of(dialect, story.c.id, given)),
        select(story.c.id, story.c.merged_into.label("root")).where(is_one_of(dialect, story.c.merged_into, given)),
    ).cte("members")


@cache
def _stories(dialect: str) -> Select[Any]:
    """Builds the query for the outlets and stories of versions."""
    return (
        select(version.c.id, report.c.site, func.coalesce(story.c.merged_into, story.c.id).label("story"))
        .join(report, report.c.id == version.c.report)
        .join(story, story.c.id == report.c.story)
        .where(is_one_of(dialect, version.c.id, given_values(dialect, String())))
    )


@cache
def _sites(dialect: str) -> Select[Any]:
    """Builds the query for the outlets of stories."""
    members = story_members(dialect)
    return (
        select(members.c.root, report.c.site, report.c.owner, report.c.hidden, TAGS)
        .join(report, report.c.story == members.c.id)
        .where(report.c.site.is_not(None))
        .order_by(report.c.id)
    )
