"""The statements that read stories. Each is built once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from bot.storage.briefings import STAMP
from bot.storage.database.statements import begins_with, unindexed
from bot.storage.database.tables import report, report_tag, story, title_term, version
from briefings.model import Version
from briefings.scope import EVERYBODY, Scope, Viewer
from briefings.story_store import Report, WindowEntry

#: The most cached statements (one for each set of barred tags) and lists of newest reports.
KEPT_STATEMENTS = 100
#: The newest reports of a time are considered for a post. A day of a thousand feeds has fewer.
_MOST_IN_WINDOW = 20_000
#: Other reports of one story that are read for an answer.
MOST_TOLD_ALIKE = 5
#: Reports that an address has shown before.
MOST_DISPLACED = 5
#: Reports with the title of a new text of which that can be a correction.
MOST_WITH_TITLE = 5
#: Reports of one story among which they are chosen, the newest.
_MOST_OF_A_STORY = 200


def is_title_term(word: str) -> ColumnElement[bool]:
    """The condition that a title term is ``word``, or begins with it if it ends in ``*``."""
    if not word.endswith("*"):
        return title_term.c.term == word
    return begins_with(title_term.c.term, word[:-1])


def titled_versions(viewer: Viewer, words: Sequence[str], most: int) -> Select[Any]:
    """Builds the query for versions with any of the terms in the title, most shared terms first, then the newest."""
    hits = union_all(
        *(
            select(title_term.c.report, literal(place).label("place")).where(is_title_term(word)).distinct()
            for place, word in enumerate(words)
        )
    ).subquery()
    shared = select(hits.c.report, func.count().label("shared")).group_by(hits.c.report).subquery()
    return (
        select(*STAMP)
        .join(report, report.c.current == version.c.id)
        .join(shared, shared.c.report == report.c.id)
        .where(is_visible(viewer))
        .order_by(shared.c.shared.desc(), report.c.updated.desc(), report.c.id.desc())
        .limit(most)
    )


def is_visible(viewer: Viewer) -> ColumnElement[bool]:
    """The condition of `Viewer.sees`. Hidden reports are visible only to operators."""
    if viewer.sees_all:
        return true()
    conditions: list[ColumnElement[bool]] = [report.c.hidden == false(), or_(*_owners(viewer))]
    if viewer.barred:
        tagged = select(report_tag.c.report).where(
            report_tag.c.report == report.c.id, report_tag.c.tag.in_(sorted(viewer.barred))
        )
        conditions.append(~tagged.exists())
    return and_(*conditions)


def _owners(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Returns one condition for each owner whose reports are visible."""
    if viewer.sees_all:
        return [true()]
    everybodys = report.c.owner == EVERYBODY
    return [everybodys, report.c.owner == bindparam("owner", viewer.owner)] if viewer.owner else [everybodys]


def without_owner(viewer: Viewer) -> Viewer:
    """Returns the viewer for all viewers whose statement differs only in ``owner``."""
    return replace(viewer, owner="somebody" if viewer.owner else EVERYBODY)


@lru_cache(maxsize=KEPT_STATEMENTS)
def visible_version(eyes: Viewer) -> Select[Any]:
    """Builds the query for one visible version. Its parameters are ``version`` and ``owner``."""
    return (
        select(*STAMP)
        .join(report, report.c.id == version.c.report)
        .where(version.c.id == bindparam("version"), is_visible(eyes))
    )


@lru_cache(maxsize=KEPT_STATEMENTS)
def newest_reports(eyes: Viewer) -> Select[Any]:
    """Builds the query for the newest reports, with the parameters ``owner most skip reach``."""
    newest = (report.c.updated.desc(), report.c.id.desc())
    columns = select(report.c.id, report.c.updated)
    # Each owner's reports are read from the index in order. A query for all owners would need a sort.
    parts = [
        columns.where(is_visible(eyes), owned).order_by(*newest).limit(bindparam("reach")).subquery()
        for owned in _owners(eyes)
    ]
    found = union_all(*(select(part) for part in parts)).subquery()
    ordered = select(found.c.id).order_by(found.c.updated.desc(), found.c.id.desc())
    return REPORTS.where(report.c.id.in_(ordered.limit(bindparam("most")).offset(bindparam("skip"))))


@lru_cache(maxsize=KEPT_STATEMENTS)
def window_entries(eyes: Viewer) -> Select[Any]:
    """Builds the query for all reports of a time, with the parameters ``owner since until``."""
    return (
        select(
            report.c.id,
            func.coalesce(story.c.merged_into, story.c.id).label("story"),
            version.c.number,
            report.c.updated,
            report.c.owner,
            TAGS,
        )
        .join(version, version.c.id == report.c.current)
        .join(story, story.c.id == report.c.story)
        .where(report.c.updated > bindparam("since"), report.c.updated <= bindparam("until"), is_visible(eyes))
        .order_by(report.c.updated.desc(), report.c.id.desc())
        .limit(_MOST_IN_WINDOW)
    )


OWNERS = select(report.c.owner).where(report.c.owner > EVERYBODY).distinct()
_SEPARATOR = "\n"  # tags have no white space but single blanks
#: The tags of a report, as `read_scope` takes them.
TAGS = (
    select(func.aggregate_strings(report_tag.c.tag, _SEPARATOR))
    .where(report_tag.c.report == report.c.id)
    .scalar_subquery()
    .label("tags")
)
REPORTS = (
    select(
        report.c.id.label("report_id"),
        report.c.owner,
        report.c.key,
        report.c.hidden,
        func.coalesce(story.c.merged_into, story.c.id).label("story_id"),
        TAGS,
        *STAMP,
    )
    .join(version, version.c.id == report.c.current)
    .join(story, story.c.id == report.c.story)
    .order_by(report.c.updated.desc(), report.c.id.desc())
)
REPORTS_BY_NUMBER = REPORTS.where(report.c.id.in_(bindparam("numbers", expanding=True)))


REPORTS_BY_KEY = REPORTS.where(report.c.key == bindparam("key"))
#: Reports whose keys begin with ``start``.
DISPLACED_REPORTS = REPORTS.where(begins_with(report.c.key, bindparam("start", type_=Text()))).limit(MOST_DISPLACED)
_TITLED = (
    select(title_term.c.report)
    .where(title_term.c.term.in_(bindparam("words", expanding=True)))
    .group_by(title_term.c.report)
    .having(func.count() == bindparam("count"))
)
#: An owner's newest reports with all of the terms in their titles. Its values are ``owner words count since``.
# SQLite would otherwise walk through all of the owner's reports.
REPORTS_WITH_TITLE = REPORTS.where(
    unindexed(report.c.owner) == bindparam("owner"), report.c.updated >= bindparam("since"), report.c.id.in_(_TITLED)
).limit(MOST_WITH_TITLE)


@lru_cache(maxsize=KEPT_STATEMENTS)
def told_alike(eyes: Viewer) -> Select[Any]:
    """The other reports of a version's story; its values are ``version`` and ``owner``."""
    own_report, own_story = report.alias(), story.alias()
    which = (
        select(func.coalesce(own_story.c.merged_into, own_story.c.id))
        .join(own_report, own_report.c.story == own_story.c.id)
        .join(version, version.c.report == own_report.c.id)
        .where(version.c.id == bindparam("version"))
        .correlate(None)
        .scalar_subquery()
    )
    own = select(version.c.report).where(version.c.id == bindparam("version")).correlate(None).scalar_subquery()
    joined, member = story.alias(), report.alias()
    stories = select(joined.c.id).where(or_(joined.c.id == which, joined.c.merged_into == which))
    # SQLite begins here only if the bound is in the statement. It would otherwise walk through all visible reports.
    members = select(member.c.id).where(member.c.story.in_(stories)).order_by(member.c.id.desc())
    told = members.limit(literal_column(f"{_MOST_OF_A_STORY}")).correlate(None).subquery()
    chosen = REPORTS.join(told, told.c.id == report.c.id)
    return chosen.where(report.c.id != own, is_visible(eyes)).limit(MOST_TOLD_ALIKE)


def read_report(row: Any, current: Version) -> Report:
    """A report of a row of `REPORTS`, with its current version."""
    return Report(row.report_id, row.story_id, read_scope(row), current, row.hidden, row.key)


def read_entry(row: Any) -> WindowEntry:
    """An entry of a row of `window_entries`."""
    return WindowEntry(row.id, row.story, row.number, row.updated, read_scope(row).tags)


def read_scope(row: Any) -> Scope:
    """The scope of a row with the columns ``owner`` and ``tags``."""
    return Scope(row.owner, frozenset(row.tags.split(_SEPARATOR)) if row.tags else frozenset())
