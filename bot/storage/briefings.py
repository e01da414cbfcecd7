"""Briefings as rows: what a version holds, as JSON that Pydantic checks when it is read."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from pydantic import TypeAdapter

from briefings.model import Briefing, Changes, Version


def briefing_row(found: Version) -> dict[str, str | None]:
    """The columns of the table of versions that hold what was found in one."""
    changes = _changes().dump_json(found.changes).decode() if found.changes else None
    return {"briefing": _briefings().dump_json(found.briefing).decode(), "changes": changes}


#: Briefings that are read often are checked once; they never change.
_KEPT = 500


@lru_cache(maxsize=_KEPT)
def read_briefing(column: str) -> Briefing:
    """The briefing of such a column."""
    return _briefings().validate_json(column)


def read_version(row: Any) -> Version:
    """The version of a row that has all columns of the table."""
    changes = _changes().validate_json(row.changes) if row.changes else None
    return Version(row.id, read_briefing(row.briefing), row.received, row.number, changes)


@cache
def _briefings() -> TypeAdapter[Briefing]:
    return TypeAdapter(Briefing)


@cache
def _changes() -> TypeAdapter[Changes]:
    return TypeAdapter(Changes)
