"""Fills an empty database from a file that `bot.storage.database.exporting` wrote."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Column, Date, Integer, Table, insert, text, update

from bot.storage.database import fulltext
from bot.storage.database.columns import Moment
from bot.storage.database.engine import Connection, Database
from bot.storage.database.errors import TransferFailed
from bot.storage.database.exporting import FORMAT, TABLES, TERMS, Totals, totals
from bot.storage.database.migrate import revisions
from bot.storage.database.postgresql import allow_pauses

_AT_ONCE = 500


async def read_export(database: Database, source: Path) -> Totals:
    """Fills an empty database from a file, completely or not at all.

    Raises:
        TransferFailed: The database is not empty, or the file is damaged, of another version, or cannot be read.
        StorageError: The database failed.
    """
    try:
        with gzip.open(source, "rt", encoding="utf-8") as file:
            async with database.write(long_running=True) as connection:
                await allow_pauses(connection)
                if any((await totals(connection)).rows.values()):
                    said = f"{database.place} is not empty. Write a new database into the settings and import again"
                    raise TransferFailed(database.place, said)
                await _Import(connection, database.place, source).run(_lines(file, database.place, source))
                return await totals(connection)
    except OSError as error:
        raise TransferFailed(database.place, f"{source} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, StopIteration) as error:
        raise _damaged(database.place, source) from error


def _damaged(place: str, source: Path) -> TransferFailed:
    return TransferFailed(place, f"{source} is damaged or not complete. Export again with “nutgraf export”")


def _foreign(place: str, source: Path) -> TransferFailed:
    said = f"{source} was not written by “nutgraf export”. For a backup, use “nutgraf restore”"
    return TransferFailed(place, said)


def _lines(file: IO[str], place: str, source: Path) -> Iterator[Any]:
    try:
        for line in file:
            yield json.loads(line)
    except gzip.BadGzipFile as error:
        raise _foreign(place, source) from error
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise _damaged(place, source) from error


class _Import:
    """One import, in one transaction."""

    def __init__(self, connection: Connection, place: str, source: Path) -> None:
        self._connection = connection
        self._place = place
        self._source = source
        #: References of rows to rows of the same table, which are set when all rows are there.
        self._references: list[tuple[Column[Any], int, int]] = []

    async def run(self, lines: Iterator[Any]) -> None:
        head = next(lines, None)
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise _foreign(self._place, self._source)
        if head["revision"] != revisions()[-1]:
            said = f"{self._source} has the schema {head['revision']}, and this version of Nutgraf {revisions()[-1]}"
            raise TransferFailed(self._place, f"{said}. Export and import with the same version, and upgrade it later")
        last = await self._rows(lines)
        for column, number, target in self._references:
            chosen = update(column.table).where(column.table.c.id == number)
            await self._connection.execute(chosen.values({column.name: target}))
        if self._connection.dialect.name == "postgresql":
            await self._follow_numbers()
        if last != asdict(await totals(self._connection)):
            raise _damaged(self._place, self._source)

    async def _rows(self, lines: Iterator[Any]) -> object:
        """Inserts all rows, and returns the last line."""
        name, rows, last = "", list[Any](), None
        for line in lines:
            if isinstance(line, list):
                rows.append(line)
                if len(rows) < _AT_ONCE:
                    continue
            await self._insert(name, rows)
            rows = []
            if isinstance(line, dict):
                name, last = line.get("table", ""), line
        return last

    async def _insert(self, name: str, rows: list[Any]) -> None:
        if not rows:
            return
        if name == TERMS:
            for number, is_shared, terms in rows:
                await fulltext.index(self._connection, number, terms, is_shared)
            return
        table = next(one for one in TABLES if one.name == name)
        values = [_read(table, row) for row in rows]
        for column in table.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                self._references += [(column, row["id"], to) for row in values if (to := row[column.name]) is not None]
                values = [row | {column.name: None} for row in values]
        await self._connection.execute(insert(table), values)

    async def _follow_numbers(self) -> None:
        """Makes PostgreSQL number new rows after those that came with their numbers."""
        for table in TABLES:
            if "id" in table.columns and isinstance(table.columns["id"].type, Integer):
                statement = (
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) "  # noqa: S608  # our table
                    f"FROM {table.name} HAVING max(id) IS NOT NULL"
                )
                await self._connection.execute(text(statement))


def _read(table: Table, row: list[Any]) -> dict[str, Any]:
    columns = list(table.columns)
    if len(columns) != len(row):
        raise ValueError(table.name)
    return {column.name: _value(column, value) for column, value in zip(columns, row, strict=True)}


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
