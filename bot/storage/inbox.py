"""The store of what platforms told us, from its arrival until it is answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from bot.delivery.inbox import AlreadyHandled, Answered, Incoming, SetAside
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.statements import upsert
from bot.storage.database.tables import inbox, posted

_NEW, _HANDLED, _DONE = "new", "handled", "done"
#: The state of what was tried in vain and is kept for the operator.
ASIDE = "aside"

# Building a statement takes longer than carrying it out; these are what every command needs.
_HANDLING = update(inbox).where(inbox.c.id == bindparam("incoming"), inbox.c.state == _NEW)
_REPLIED = _HANDLING.values(state=_HANDLED, reply=bindparam("said"))
_ENDED = _HANDLING.values(state=_DONE, body="")


@retries_conflicts
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
            adding = upsert(connection.dialect.name, inbox).on_conflict_do_nothing().returning(inbox)
            found = [_read(row) for row in await connection.execute(adding, rows)]
        return sorted(found, key=lambda one: one.id)

    async def unanswered(self, platform: str) -> list[Incoming]:
        """Those that were not done with when the process ended, the oldest first."""
        waiting = (
            select(inbox).where(inbox.c.platform == platform, inbox.c.state.in_((_NEW, _HANDLED))).order_by(inbox.c.id)
        )
        async with self._database.read() as connection:
            return [_read(row) for row in await connection.execute(waiting)]

    async def begin_again(self, incoming: int) -> int:
        """Counts an attempt to answer what an earlier process left unanswered; how many there were before."""
        counted = update(inbox).where(inbox.c.id == incoming).values(attempts=inbox.c.attempts + 1)
        async with self._database.write() as connection:
            found = await connection.execute(counted.returning(inbox.c.attempts))
            return int(found.scalar_one()) - 1

    async def set_aside(self, incoming: int, reason: str) -> None:
        """Tries it no more."""
        is_it = (inbox.c.id == incoming) & (inbox.c.state != _DONE)
        async with self._database.write() as connection:
            await connection.execute(update(inbox).where(is_it).values(state=ASIDE, reason=reason))

    async def aside(self) -> list[SetAside]:
        """What was set aside, the oldest first."""
        statement = select(inbox).where(inbox.c.state == ASIDE).order_by(inbox.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [SetAside(row.id, row.platform, row.received, row.reason or "") for row in rows]

    async def retry(self, number: int) -> bool:
        """Has something answered at the next start that was set aside; whether there was such."""
        return await self._decide(number, state=_NEW, attempts=0, reason=None, reply=None)

    async def drop(self, number: int) -> bool:
        """Deletes the text of something that was set aside; whether there was such."""
        return await self._decide(number, state=_DONE, body="", reply=None)

    async def _decide(self, number: int, **values: object) -> bool:
        is_it = (inbox.c.id == number) & (inbox.c.state == ASIDE)
        async with self._database.write() as connection:
            return (await connection.execute(update(inbox).where(is_it).values(**values))).rowcount == 1

    def unit_of_work(self) -> AbstractAsyncContextManager[None]:
        """Within it all stores write in one transaction, which ends with it."""
        return self._database.unit_of_work()

    async def handled(self, incoming: int, reply: str | None) -> None:
        """What it asked for was done, and ``reply`` is to be said; None: nothing is, and it is done with."""
        statement, values = (_REPLIED, {"said": reply}) if reply else (_ENDED, {})
        async with self._database.write(is_last=True) as connection:
            if (await connection.execute(statement, {"incoming": incoming, **values})).rowcount != 1:
                raise AlreadyHandled(incoming)

    async def done(self, answered: Sequence[Answered]) -> None:
        """Replies were said, and replies to their messages are about what they tell."""
        ids = [one.incoming for one in answered]
        async with self._database.write() as connection:
            # What a person wrote is kept no longer than it is needed.
            marked = update(inbox).where(inbox.c.id.in_(ids)).values(state=_DONE, body="", reply=None)
            marked = marked.returning(inbox.c.id, inbox.c.received)
            received = {row.id: row.received for row in await connection.execute(marked)}
            rows = {
                (said.where.owner, said.message): {
                    "chat": said.where.owner,
                    "message": said.message,
                    "versions": json.dumps(said.about),
                    "seen": received[one.incoming],
                }
                for one in answered
                for said in one.said
                if one.incoming in received and said.about
            }
            if rows:
                adding = upsert(connection.dialect.name, posted)
                changed = {name: adding.excluded[name] for name in ("versions", "seen")}
                adding = adding.on_conflict_do_update(index_elements=["chat", "message"], set_=changed)
                await connection.execute(adding, list(rows.values()))

    async def prune(self, before: datetime) -> None:
        """Forgets what arrived before then and was done with."""
        async with self._database.write(long_running=True) as connection:
            await connection.execute(delete(inbox).where(inbox.c.received < before, inbox.c.state == _DONE))


def _read(row: Any) -> Incoming:
    return Incoming(row.id, row.number, row.body, row.reply)
