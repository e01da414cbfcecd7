"""Tells which processes have ended, so that others can finish what these began.

Over a PostgreSQL server each process that answers people holds an advisory lock with its number, on the connection of
its election. An SQLite file has one process.
"""

from __future__ import annotations

import time
from collections.abc import Collection

from sqlalchemy import Update, select, text, update

from bot.storage.database.engine import Connection, Database
from bot.storage.database.membership import GRACE
from bot.storage.database.tables import inbox

#: The first of the two numbers of the advisory lock of a process.
PRESENCE_SPACE = 7_853_292

_PRESENT = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :space"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def move_updates(former: int, number: int) -> Update:
    """Builds the statement that gives a process's unanswered updates its new number.

    Those that a transaction is changing are left out, and are claimed as the updates of a process that has ended.
    """
    unanswered = select(inbox.c.id).where(inbox.c.process == former, inbox.c.body != "")
    return update(inbox).where(inbox.c.id.in_(unanswered.with_for_update(skip_locked=True))).values(process=number)


class Presence:
    """Tells which processes have ended."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._grace = 0 if database.is_sqlite else GRACE
        self._missing: dict[int, float] = {}

    async def ended(self, connection: Connection, processes: Collection[int]) -> set[int]:
        """Returns those of the processes that have ended. It has to be called again and again to learn of an end."""
        if not (missing := set(processes) - {self._database.membership.number}):
            self._missing = {}
            return missing
        missing -= await self.present(connection)
        now = time.monotonic()
        self._missing = {one: self._missing.get(one, now) for one in missing}
        return {one for one, since in self._missing.items() if now - since >= self._grace}

    async def present(self, connection: Connection) -> set[int]:
        """Returns the processes that have not ended, with this one."""
        if self._database.is_sqlite:
            return {self._database.membership.number}
        found = (await connection.execute(_PRESENT, {"space": PRESENCE_SPACE})).scalars()
        return {self._database.membership.number, *found}
