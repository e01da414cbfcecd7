"""Stories as groups of reports: finds the story of a new report, and joins and splits stories."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any

from sqlalchemy import Select, Subquery, bindparam, func, insert, or_, select, update

from bot.storage.database import fulltext
from bot.storage.database.engine import Connection
from bot.storage.database.tables import report, story, version
from bot.storage.frequencies import frequencies
from bot.storage.outlets import story_members
from bot.storage.story_queries import KEPT_STATEMENTS, is_visible
from bot.storage.story_search import profiles_of
from briefings.grouping import Candidate, is_over, matching_stories, possible, window
from briefings.matching import distinctive_terms
from briefings.scope import Viewer
from briefings.search import any_of
from briefings.similarity import Frequencies, Profile, profile
from briefings.story_store import Draft

_CANDIDATES = 20
_ROOT = func.coalesce(story.c.merged_into, story.c.id)
_IS_RECENT = report.c.updated.between(bindparam("since"), bindparam("until"))
_RECENT = select(func.min(report.c.id).label("first"), func.count().label("number")).where(_IS_RECENT)
#: Ranking takes as long as there are matches. The most distinctive terms are enough if they have so many, but a few
#: terms are looked for in any case.
_MOST_MATCHES, _FEWEST_TERMS = 150, 5
_NEW_STORY = insert(story).returning(story.c.id)


async def stories_of_event(connection: Connection, draft: Draft) -> tuple[int, ...]:
    """Returns the public stories about the event of a new report, the best first."""
    new = profile(draft.text_terms, draft.title_terms, draft.version.article.language, draft.name_terms)
    known = await frequencies(connection, new.body)
    since, until = window(draft.version.received)
    recently = {"since": since, "until": until}
    recent = (await connection.execute(_RECENT, recently)).one()
    words = _terms_to_find(new, known, recent.number)
    if recent.first is None or not words:
        return ()
    groups = any_of(tuple(words)).groups
    found = fulltext.matching(connection.dialect.name, groups, known.rarity(words), recent.first, has_own=False)
    rows = (await connection.execute(_best_matches(found.rows), {**found.values, **recently})).all()
    began = await _beginnings(connection, {row.story for row in rows})
    rows = [row for row in rows if not is_over(began[row.story], draft.version.received)]
    profiles = await profiles_of(connection, [row.id for row in rows], has_own=False)
    similar = [Candidate(row.story, row.published, profiles[row.id], row.fixed) for row in rows]
    candidates = possible(new, similar, known)
    if not candidates:
        return ()
    known = known.with_terms(await frequencies(connection, _new_terms(candidates, new)))
    return matching_stories(new, draft.version.article.published, candidates, known)


def _terms_to_find(new: Profile, known: Frequencies, recent: int) -> list[str]:
    """The most distinctive terms of a new report. So few that about `_MOST_MATCHES` of the recent reports have any."""
    words = distinctive_terms(new, known)
    shares = (known.of_terms[word] / max(1, known.documents) for word in words)
    matches = accumulate(recent * share for share in shares)
    return [
        word
        for place, (word, most) in enumerate(zip(words, matches, strict=True))
        if place < _FEWEST_TERMS or most <= _MOST_MATCHES
    ]


def _new_terms(candidates: Sequence[Candidate], new: Profile) -> set[str]:
    """The terms of the candidates that a new report does not have."""
    return set().union(*(one.profile.body.keys() for one in candidates)) - new.body.keys()


@lru_cache(maxsize=KEPT_STATEMENTS)
def _best_matches(found: Subquery) -> Select[Any]:
    """Builds the query for the best of the matching public reports that were received at about the same time."""
    return (
        select(report.c.id, _ROOT.label("story"), report.c.published, story.c.fixed)
        .join(found, found.c.report == report.c.id)
        .join(story, story.c.id == report.c.story)
        .where(is_visible(Viewer()), _IS_RECENT)
        .order_by(found.c.score)
        .limit(_CANDIDATES)
    )


async def new_story(connection: Connection, is_fixed: bool = False) -> int:
    """Opens a story without reports and returns its number."""
    values = {"merged_into": None, "fixed": is_fixed}
    number: int = (await connection.execute(_NEW_STORY, values)).scalar_one()
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
