"""Statements that both databases have and SQLAlchemy's core has not."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, and_
from sqlalchemy.dialects import postgresql, sqlite

_LAST_CHARACTER = "\U0010ffff"


def upsert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can tell what to do with a row that is there already."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def begins_with(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    """Whether a column, whose order is that of its code points, begins with ``start``; an index answers it."""
    return and_(column >= start, column < start + _LAST_CHARACTER)
