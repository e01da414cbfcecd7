"""Statements that both databases support but SQLAlchemy Core does not."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, and_
from sqlalchemy.dialects import postgresql, sqlite

_LAST_CHARACTER = "\U0010ffff"


def upsert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Returns an insert statement that supports ``ON CONFLICT``."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def begins_with(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    """The condition that a column begins with ``start``. It uses an index if the column is ordered by code points."""
    return and_(column >= start, column < start + _LAST_CHARACTER)
