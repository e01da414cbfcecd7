"""Full-text search over reports, and the search for similar ones."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import chain

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select

from bot.storage.database import fulltext
from bot.storage.database.columns import Number
from bot.storage.database.engine import Connection
from bot.storage.database.statements import given_values, is_one_of
from bot.storage.database.tables import report, title_term
from bot.storage.frequencies import frequencies
from bot.storage.story_queries import KEPT_STATEMENTS, is_visible, without_owner
from briefings.matching import distinctive_terms
from briefings.scope import Viewer
from briefings.search import Search, any_of
from briefings.similarity import Frequencies, Profile, ProfileAt, profile, similarities

#: So many matches are ranked, the newest ones. More of them come from words that are too common to rank by.
_RANKED = 1000
#: Matches are counted up to this number.
MOST_COUNTED = 1000
#: Similar reports are looked for among so many candidates.
_CANDIDATES = 40
_LEAST_SIMILAR = 0.08
#: How much more a new report counts than an old one, and after how many days that has faded.
_RECENCY, _RECENT_DAYS = 0.1, 14


async def search_reports(connection: Connection, viewer: Viewer, search: Search, most: int) -> list[int]:
    """Returns the numbers of the best matching reports, best first."""
    conditions = [is_visible(viewer), *_filters(search)]
    if not search.groups:
        newest = select(report.c.id).where(*conditions).order_by(report.c.updated.desc(), report.c.id.desc())
        return list((await connection.execute(newest.limit(most))).scalars())
    dialect = connection.dialect.name
    first = await _first_ranked(connection, viewer, search)
    weights = (await frequencies(connection, search.words)).rarity(search.words)
    found = fulltext.matching(dialect, search.groups, weights, first, has_own=_has_own(viewer))
    statement = (
        select(report.c.id)
        .join(found.rows, found.rows.c.report == report.c.id)
        .where(*conditions)
        .order_by(found.rows.c.score, report.c.updated.desc(), report.c.id)
        .limit(most)
    )
    return list((await connection.execute(statement, found.values)).scalars())


async def count_reports(connection: Connection, viewer: Viewer, search: Search) -> int:
    """Returns how many reports match, at most `MOST_COUNTED`."""
    conditions = [is_visible(viewer), *_filters(search)]
    counted, values = select(report.c.id).where(*conditions), dict[str, object]()
    if search.groups:
        found = fulltext.containing(connection.dialect.name, search.groups, has_own=_has_own(viewer))
        counted, values = counted.join(found.rows, found.rows.c.report == report.c.id), dict(found.values)
    limited = counted.limit(MOST_COUNTED).subquery()
    return await connection.scalar(select(func.count()).select_from(limited), values) or 0


async def similar_reports(
    connection: Connection, viewer: Viewer, wanted: Sequence[ProfileAt], most: int
) -> list[list[int]]:
    """Returns the reports most similar to each text, best first. Those near its moment score a little higher."""
    asked = {term for new, _ in wanted for term in new.body}
    known = await frequencies(connection, asked)
    candidates = [await _candidates(connection, viewer, new, known) for new, _ in wanted]
    profiles = await profiles_of(connection, list(set(chain(*candidates))), has_own=_has_own(viewer))
    more = {term for one in profiles.values() for term in one.body}
    known = known.with_terms(await frequencies(connection, more - asked))
    return [
        _most_similar(new, moment, found, profiles, known)[:most]
        for (new, moment), found in zip(wanted, candidates, strict=True)
    ]


def _most_similar(
    new: Profile,
    moment: datetime,
    candidates: Mapping[int, datetime],
    profiles: Mapping[int, Profile],
    known: Frequencies,
) -> list[int]:
    scores = similarities(new, [profiles[number] for number in candidates], known)
    ranked = {
        number: score * (1 + _RECENCY * math.exp(-abs(moment - updated) / timedelta(days=_RECENT_DAYS)))
        for (number, updated), score in zip(candidates.items(), scores, strict=True)
        if score >= _LEAST_SIMILAR
    }
    return sorted(ranked, key=lambda number: (-ranked[number], number))


async def profiles_of(connection: Connection, reports: Sequence[int], *, has_own: bool = True) -> dict[int, Profile]:
    """Returns the profiles of reports, from the index.

    Args:
        has_own: Whether some of them may belong to one chat.
    """
    texts = await fulltext.terms_of(connection, reports, has_own=has_own)
    titles: defaultdict[int, list[str]] = defaultdict(list)
    values = {"values": json.dumps(list(reports))}
    for number, word in (await connection.execute(_titles(connection.dialect.name), values)).all():
        titles[number].append(word)
    return {number: profile(texts.get(number, []), titles[number]) for number in reports}


@cache
def _titles(dialect: str) -> Select[int, str]:
    are_asked = is_one_of(dialect, title_term.c.report, given_values(dialect, Number))
    return select(title_term.c.report, title_term.c.term).where(are_asked)


async def _candidates(connection: Connection, viewer: Viewer, new: Profile, known: Frequencies) -> dict[int, datetime]:
    """Returns the reports that share the most distinctive terms with a text, and when they came in."""
    search = any_of(tuple(distinctive_terms(new, known, is_stored=True)))
    if not search.groups:
        return {}
    first = await _first_ranked(connection, viewer, search) if known.documents > _RANKED else 0
    weights = known.rarity(search.words)
    found = fulltext.matching(connection.dialect.name, search.groups, weights, first, has_own=_has_own(viewer))
    values = {**found.values, "owner": viewer.owner}
    rows = await connection.execute(_best(found.rows, without_owner(viewer)), values)
    return {row.id: row.updated for row in rows}


@lru_cache(maxsize=KEPT_STATEMENTS)
def _best(found: Subquery, eyes: Viewer) -> Select[int, datetime]:
    """Builds the query for the best of the matching reports that a viewer may see."""
    return (
        select(report.c.id, report.c.updated)
        .join(found, found.c.report == report.c.id)
        .where(is_visible(eyes))
        .order_by(found.c.score, report.c.id)
        .limit(_CANDIDATES)
    )


async def _first_ranked(connection: Connection, viewer: Viewer, search: Search) -> int:
    """The number of the oldest report that is ranked: without a bound, common words would take very long."""
    found = fulltext.containing(connection.dialect.name, search.groups, has_own=False)
    statement = _newest(found.rows)
    if filters := _filters(search):
        statement = statement.join(report, report.c.id == found.rows.c.report).where(is_visible(viewer), *filters)
    return await connection.scalar(statement, found.values) or 0


@lru_cache(maxsize=KEPT_STATEMENTS)
def _newest(found: Subquery) -> Select[int]:
    """Builds the query for the last of the newest matching reports that are ranked."""
    return select(found.c.report).order_by(found.c.report.desc()).offset(_RANKED).limit(1)


def _filters(search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.outlet is not None:
        name = search.outlet.casefold()
        conditions.append(
            or_(
                func.lower(report.c.site).contains(name, autoescape=True),
                func.lower(func.replace(report.c.site, " ", "")).contains(name, autoescape=True),
            )
        )
    if search.since is not None:
        conditions.append(report.c.updated >= datetime.combine(search.since, time(), UTC))
    if search.until is not None:
        conditions.append(report.c.updated < datetime.combine(search.until, time(), UTC) + timedelta(days=1))
    return conditions


def _has_own(viewer: Viewer) -> bool:
    """Whether a viewer may see texts that belong to one chat."""
    return viewer.sees_all or bool(viewer.owner)
