"""Reads who holds each part of the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text

from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.instance_lock import is_locked
from bot.storage.database.part_locks import LOCK_SPACE, lock_number
from bot.storage.database.tables import part

_LOCKS = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :space"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the work that only one process at a time may do.

    Attributes:
        holder: The process that took it last: its machine and its number there.
        epoch: How often the part was taken.
        since: When it was taken.
        is_held: Whether that process still has it.
    """

    name: str
    holder: str
    epoch: int
    since: datetime
    is_held: bool


@retries_conflicts
class Parts:
    """Reads the parts that were ever taken."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Part]:
        """Returns all parts, ordered by name."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(part).order_by(part.c.name))).all()
            held = await self._held(connection, [row.name for row in rows])
        return [Part(row.name, row.holder, row.epoch, row.since, row.name in held) for row in rows]

    async def _held(self, connection: Connection, names: list[str]) -> set[str]:
        """The parts with a lock. An SQLite file has one lock for all."""
        if self._database.is_sqlite:
            return set(names) if is_locked(self._database) else set()
        locked = set((await connection.execute(_LOCKS, {"space": LOCK_SPACE})).scalars())
        return {name for name in names if lock_number(name) in locked}
