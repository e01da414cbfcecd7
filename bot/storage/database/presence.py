"""Tells which processes have ended, so that others can finish what these began.

Over a PostgreSQL server each process that answers people holds an advisory lock with its number, on the connection of
its election. An SQLite file has one process.
"""

from __future__ import annotations

import time
from collections.abc import Collection

from sqlalchemy import text

from bot.storage.database.engine import Connection, Database

#: The first of the two numbers of the advisory lock of a process.
PRESENCE_SPACE = 7_853_292
#: Seconds without a lock after which a process has ended. One that has lost its connection has a new one by then.
_GRACE = 2.0

_PRESENT = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :space"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Presence:
    """Tells which processes have ended."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._grace = 0 if database.is_sqlite else _GRACE
        self._missing: dict[int, float] = {}

    async def ended(self, connection: Connection, processes: Collection[int]) -> set[int]:
        """Returns those of the processes that have ended. It has to be called again and again to learn of an end."""
        if not (missing := set(processes) - {self._database.process}):
            self._missing = {}
            return missing
        missing -= await self.present(connection)
        now = time.monotonic()
        self._missing = {one: self._missing.get(one, now) for one in missing}
        return {one for one, since in self._missing.items() if now - since >= self._grace}

    async def present(self, connection: Connection) -> set[int]:
        """Returns the processes that have not ended, with this one."""
        if self._database.is_sqlite:
            return {self._database.process}
        found = (await connection.execute(_PRESENT, {"space": PRESENCE_SPACE})).scalars()
        return {self._database.process, *found}
