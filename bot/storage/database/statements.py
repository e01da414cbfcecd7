"""Statements that both databases support but SQLAlchemy Core does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy import column as table_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

Value = TypeVar("Value")

#: Subscriptions that were paused, but not by a user, and feeds that could not be read the last time or are gone. SQLite
#: uses a partial index for its very words only, not for parameters: https://www.sqlite.org/partialindex.html
IS_HALTED, IS_FAILING = text("next_due IS NULL AND paused <> ''"), text("failures > 0 OR ended")
_LAST_CHARACTER = "\U0010ffff"


def upsert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Returns an insert statement that supports ``ON CONFLICT``."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def begins_with(column: ColumnElement[str], start: str | ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that a column begins with ``start``. It uses an index if the column is ordered by code points."""
    return and_(column >= start, column < start + _LAST_CHARACTER)


def unindexed(column: ColumnElement[str]) -> ColumnElement[str]:
    """The column as an expression for which no index is used. SQLite would otherwise prefer a worse one.

    https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
    """
    return column.concat("")


def given_rows(dialect: str, columns: Mapping[str, TypeEngine[Any]]) -> FromClause:
    """The rows of the parameter ``rows`` as a table. It is the JSON of a list of objects with these names.

    Passing hundreds of rows as one parameter takes a fraction of the time of a parameter for each value. Times are
    written by `moment_text`.
    """
    if dialect == "sqlite":
        value = func.json_each(bindparam("rows", type_=Text())).table_valued("value").c.value
        found = (type_coerce(func.json_extract(value, f"$.{name}"), kind).label(name) for name, kind in columns.items())
        return select(*found).subquery("given")
    rows = func.json_to_recordset(cast(bindparam("rows", type_=Text()), JSON()))
    typed = (table_column(name, kind) for name, kind in columns.items())
    return rows.table_valued(*typed).render_derived(name="given", with_types=True)


def given_values(dialect: str, kind: TypeEngine[Value]) -> Select[Value]:
    """The values of the parameter ``values``, the JSON of a list."""
    given = bindparam("values", type_=Text())
    if dialect == "sqlite":
        return select(type_coerce(func.json_each(given).table_valued("value").c.value, kind))
    return select(cast(func.json_array_elements_text(cast(given, JSON())).column_valued(), kind))


def is_one_of(dialect: str, column: ColumnElement[Value], values: Select[Value]) -> ColumnElement[bool]:
    """The condition that a column is one of some hundred values, found by the column's index.

    PostgreSQL cannot estimate how many rows a function returns, and would read the whole table. It takes an array.
    """
    if dialect == "sqlite":
        return column.in_(values)
    return column == func.any(func.array(values.scalar_subquery()))


def is_of(dialect: str, column: ColumnElement[Value], given: ColumnElement[Value]) -> ColumnElement[bool]:
    """The condition that joins a column of `given_rows` or `given_values` to the unique numbers or words of a table."""
    return column == given if dialect == "sqlite" else and_(column == given, is_one_of(dialect, column, select(given)))


def moment_text(dialect: str, moment: datetime | None) -> str | None:
    """Returns a time as it is written in the rows of `given_rows`: on SQLite, as its columns store it."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    return (utc.replace(tzinfo=None) if dialect == "sqlite" else utc).isoformat(" ", "microseconds")
