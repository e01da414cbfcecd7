"""The store of what platforms told us, from its arrival until it is answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.delivery.inbox import Incoming, Said
from bot.storage.engine import Database
from bot.storage.statements import upsert
from bot.storage.tables import inbox, posted

_NEW, _HANDLED, _DONE = "new", "handled", "done"


class Updates:
    """A `bot.delivery.inbox.Inbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def store(self, platform: str, bodies: Sequence[tuple[int, str]], now: datetime) -> list[Incoming]:
        """Keeps updates, by their numbers, and returns those that were not known yet."""
        rows = [
            {"platform": platform, "number": number, "received": now, "state": _NEW, "body": body}
            for number, body in bodies
        ]
        if not rows:
            return []
        async with self._database.write() as connection:
            adding = upsert(connection, inbox).values(rows).on_conflict_do_nothing().returning(inbox)
            found = [_read(row) for row in await connection.execute(adding)]
        return sorted(found, key=lambda one: one.id)

    async def unanswered(self, platform: str) -> list[Incoming]:
        """Those that were not done with when the process ended, the oldest first."""
        waiting = select(inbox).where(inbox.c.platform == platform, inbox.c.state != _DONE).order_by(inbox.c.id)
        async with self._database.read() as connection:
            return [_read(row) for row in await connection.execute(waiting)]

    def together(self) -> AbstractAsyncContextManager[None]:
        """Within it all stores write in one transaction, which ends with it."""
        return self._database.together()

    async def handled(self, incoming: int, reply: str | None) -> None:
        """What it asked for was done, and ``reply`` is to be said; None: nothing is, and it is done with."""
        values: dict[str, Any] = {"state": _HANDLED, "reply": reply} if reply else {"state": _DONE, "body": ""}
        async with self._database.write() as connection:
            await connection.execute(update(inbox).where(inbox.c.id == incoming).values(values))

    async def done(self, incoming: int, said: Sequence[Said]) -> None:
        """The reply was said, and replies to its messages are about what they tell."""
        async with self._database.write() as connection:
            # What a person wrote is kept no longer than it is needed.
            answered = update(inbox).where(inbox.c.id == incoming).values(state=_DONE, body="", reply=None)
            answered = answered.returning(inbox.c.received)
            received = (await connection.execute(answered)).scalar_one_or_none()
            for one in said:
                row = {"versions": json.dumps(one.about), "seen": received}
                adding = upsert(connection, posted).values(chat=one.where.owner, message=one.message, **row)
                await connection.execute(adding.on_conflict_do_update(index_elements=["chat", "message"], set_=row))

    async def prune(self, before: datetime) -> None:
        """Forgets what arrived before then and was done with."""
        async with self._database.write() as connection:
            await connection.execute(delete(inbox).where(inbox.c.received < before, inbox.c.state == _DONE))


def _read(row: Any) -> Incoming:
    return Incoming(row.id, row.number, row.body, row.reply)
