"""Writes all rows of a database to a compressed file of JSON lines, which a database of either kind can import.

The first line names the revision of the schema. A line ``{"table": name}`` begins a table, and each of its rows is a
list. The last line has the totals, by which an import proves that nothing is missing.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Table, func, select, tuple_

from bot.storage.database import fulltext
from bot.storage.database.engine import Connection, Database
from bot.storage.database.errors import StorageError, TransferFailed
from bot.storage.database.migrate import revisions
from bot.storage.database.tables import delivery, metadata, report
from briefings.scope import EVERYBODY

FORMAT = "nutgraf-export"
#: The name of the full-text index in the file: for each report whether it is public, and its terms.
TERMS = "terms"
#: All tables; one that refers to others comes after them.
TABLES: Sequence[Table] = metadata.sorted_tables
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of a database.

    Attributes:
        rows: The number of rows of each table.
        deliveries: A digest of the keys of all deliveries, which must never be sent twice.
    """

    rows: dict[str, int]
    deliveries: str


async def totals(connection: Connection) -> Totals:
    """Counts the rows of all tables."""
    rows = {one.name: int(await connection.scalar(select(func.count()).select_from(one)) or 0) for one in TABLES}
    keys = sorted((await connection.execute(select(delivery.c.dedup))).scalars().all())
    return Totals(rows, hashlib.sha256("\n".join(keys).encode()).hexdigest())


async def write_export(database: Database, target: Path) -> Totals:
    """Writes one state of the database to a new file that only its owner may read.

    Raises:
        TransferFailed: The file exists already or cannot be written.
        StorageError: The database failed.
    """
    try:
        raw = os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
    except FileExistsError as error:
        raise TransferFailed(database.place, f"{target} exists already. Choose another file name") from error
    except OSError as error:
        raise TransferFailed(database.place, f"{target} cannot be written: {error.strerror}") from error
    try:
        with raw, gzip.open(raw, "wt", encoding="utf-8") as file:
            async with database.read(long_running=True) as connection:
                found = await _write_all(connection, file)
    except BaseException as error:
        with suppress(OSError):
            target.unlink()  # an incomplete file is worse than none
        cause = error.__cause__ if isinstance(error, StorageError) else error
        if isinstance(cause, OSError):  # of the file, such as a full disk
            raise TransferFailed(database.place, f"{target} cannot be written: {cause.strerror}") from error
        raise
    return found


async def _write_all(connection: Connection, file: IO[str]) -> Totals:
    _write(file, {"format": FORMAT, "revision": revisions()[-1]})
    for table in TABLES:
        _write(file, {"table": table.name})
        async for rows in _pages(connection, table):
            for row in rows:
                _write(file, list(row))
    _write(file, {"table": TERMS})
    async for rows in _pages(connection, report):
        shared = {row.id: row.owner == EVERYBODY for row in rows}
        for number, terms in (await fulltext.terms_of(connection, list(shared))).items():
            _write(file, [number, shared[number], terms])
    found = await totals(connection)
    _write(file, asdict(found))
    return found


async def _pages(connection: Connection, table: Table) -> AsyncIterator[Sequence[Any]]:
    """Yields all rows in the order of the primary key, some at a time."""
    key = list(table.primary_key.columns)
    statement = select(table).order_by(*key).limit(_AT_ONCE)
    rows = (await connection.execute(statement)).all()
    while rows:
        yield rows
        last = [getattr(rows[-1], column.name) for column in key]
        rows = (await connection.execute(statement.where(tuple_(*key) > tuple_(*last)))).all()


def _write(file: IO[str], value: object) -> None:
    file.write(json.dumps(value, ensure_ascii=False, default=_moment) + "\n")


def _moment(value: object) -> str:
    if isinstance(value, date):  # or a datetime, which is one
        return value.isoformat()
    raise TypeError(type(value).__name__)
