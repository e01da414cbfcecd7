"""Stores briefings as JSON, which Pydantic validates when it is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select

from bot.storage.attributions import read_attribution
from bot.storage.database.tables import attribution, version
from bot.storage.rows import UNREADABLE, report
from briefings.hiding import without_lines
from briefings.model import Briefing, Changes, Span, Version


def briefing_row(found: Version) -> dict[str, str | None]:
    """Returns the columns of a version's row that contain the briefing."""
    changes = _changes().dump_json(found.changes).decode() if found.changes else None
    briefing = replace(found.briefing, claims=None, entities=None)  # these have a table of their own
    return {"briefing": _briefings().dump_json(briefing).decode(), "changes": changes}


def read_briefing(column: str) -> Briefing:
    """Returns the briefing of a row."""
    return _briefings().validate_json(column)


def read_lines(column: str | None) -> list[Span]:
    """The hidden lines of such a column."""
    return [Span(start, end) for start, end in json.loads(column)] if column else []


def write_lines(lines: Iterable[Span]) -> str | None:
    """The column of hidden lines."""
    written = [[line.start, line.end] for line in sorted(set(lines))]
    return json.dumps(written) if written else None


def _without(changes: Changes | None, hidden: Sequence[Span]) -> Changes | None:
    if changes is None or not hidden:
        return changes
    added = (span for span in changes.added if not any(span.start < one.end and one.start < span.end for one in hidden))
    return replace(changes, added=tuple(added))


def _with_claims(briefing: Briefing, found: str | None) -> Briefing:
    """The briefing with the claims and entities of its attribution's row, if there is one."""
    if found is None:
        return briefing
    claims, entities = read_attribution(found)
    return replace(briefing, claims=claims, entities=entities)


#: The columns of a version besides its briefing.
_ANALYSER = (
    select(attribution.c.analyser).where(attribution.c.version == version.c.id).correlate(version).scalar_subquery()
)
STAMP = (
    version.c.id,
    version.c.received,
    version.c.number,
    _ANALYSER.label("analyser"),
    version.c.hidden_lines,
)
#: The columns that take long to read.
CONTENT = (
    select(version.c.id, version.c.briefing, version.c.changes, attribution.c.found)
    .outerjoin(attribution)
    .where(version.c.id.in_(bindparam("ids", expanding=True)))
)


def version_of(stamp: tuple[str, datetime, int, str | None, str | None], row: Any) -> Version:
    """Returns the version of a row of `CONTENT`.

    Args:
        stamp: The columns of `STAMP`.
    """
    name, received, number, _, lines = stamp
    hidden = read_lines(lines)
    changes = _changes().validate_json(row.changes) if row.changes else None
    briefing = read_briefing(row.briefing)
    try:
        briefing = _with_claims(briefing, row.found)
    except UNREADABLE as error:
        report("attribution", name, error)
    return Version(name, without_lines(briefing, hidden), received, number, _without(changes, hidden))


@cache
def _briefings() -> TypeAdapter[Briefing]:
    return TypeAdapter(Briefing)


@cache
def _changes() -> TypeAdapter[Changes]:
    return TypeAdapter(Changes)
