"""Stores updates from a platform until they are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.chats import Answer
from bot.delivery.inbox import AlreadyHandled, Answered, Incoming, SetAside
from bot.storage.chats import Row, answered_row, shown_row, write_rows
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.presence import Presence
from bot.storage.database.statements import upsert
from bot.storage.database.tables import inbox

NEW, _HANDLED, _DONE = "new", "handled", "done"
#: The state of updates that could not be answered and are kept for the operator.
ASIDE = "aside"
#: Seconds between two looks whether the lock of this process was regained.
_REGAINED_WITHIN = 0.1

# Building a statement takes longer than executing it. Every command needs these.
_OWN = update(inbox).where(inbox.c.id == bindparam("incoming"), inbox.c.process == bindparam("here"))
_HANDLING = _OWN.where(inbox.c.state == NEW)
_REPLIED = _HANDLING.values(state=_HANDLED, reply=bindparam("said"))
_ENDED = _HANDLING.values(state=_DONE, body="")
_COUNTED = _OWN.values(attempts=inbox.c.attempts + 1).returning(inbox.c.attempts)
_IS_ASIDE = inbox.c.state == ASIDE
# What a person wrote is kept no longer than it is needed.
_MARKED = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=case((_IS_ASIDE, ASIDE), else_=_DONE), body=case((_IS_ASIDE, inbox.c.body), else_=""), reply=None)
    .returning(inbox.c.id, inbox.c.received)
)


@retries_conflicts
class Updates:
    """A `bot.delivery.inbox.Inbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._presence = Presence(database)

    async def store(
        self, platform: str, bodies: Sequence[tuple[int, str]], now: datetime, beginning: Collection[int] = ()
    ) -> list[Incoming]:
        """Stores updates, each with its number, and returns those that were not known yet."""
        common = {"platform": platform, "received": now, "state": NEW, "process": self._database.membership.number}
        rows = [
            {**common, "number": number, "body": body, "attempts": int(number in beginning)} for number, body in bodies
        ]
        if not rows:
            return []
        async with self._database.write(single=True) as connection:
            stored = await connection.execute(_storing(connection.dialect.name), rows)
            found = [replace(_read(row), is_counted=bool(row.attempts), process=row.process) for row in stored]
        return sorted(found, key=lambda one: one.id)

    async def claim(self, platform: str, *, with_own: bool) -> list[Incoming]:
        """Claims the updates that ended processes left unanswered, and returns them, the oldest first.

        Args:
            with_own: Whether to return also those that this process has stored itself.
        """
        is_unsaid = and_(inbox.c.state == ASIDE, inbox.c.reply.is_not(None))
        is_waiting = and_(inbox.c.platform == platform, or_(inbox.c.state.in_((NEW, _HANDLED)), is_unsaid))
        async with self._database.read() as connection:
            found = set((await connection.execute(select(inbox.c.process).where(is_waiting).distinct())).scalars())
            ended = await self._presence.ended(connection, found - {None})
        ended |= {self._database.membership.number} & found if with_own else set()
        if not ended and None not in found:
            return []
        is_left = and_(is_waiting, or_(inbox.c.process.is_(None), inbox.c.process.in_(ended)))
        async with self._database.write() as connection:
            claiming = update(inbox).where(is_left).values(process=self._database.membership.number).returning(inbox)
            claimed = [_read(row) for row in await connection.execute(claiming)]
        return sorted(claimed, key=lambda one: one.id)

    async def processes(self) -> int:
        """The number of processes that answer updates now, with this one."""
        async with self._database.read() as connection:
            return len(await self._presence.present(connection))

    async def is_ours(self, incoming: Incoming) -> bool:
        """Whether this process is to send the reply of an update. Waits while others may take it for dead."""
        membership = self._database.membership
        if incoming.process == membership.number and membership.is_current:
            return True
        statement = select(inbox.c.process).where(inbox.c.id == incoming.id, inbox.c.reply.is_not(None))
        while True:
            while not membership.is_current:  # noqa: ASYNC110  # the election will have a connection again
                await asyncio.sleep(_REGAINED_WITHIN)
            async with self._database.read(single=True) as connection:
                found = await connection.scalar(statement)
            if membership.is_current:
                return bool(found == membership.number)

    async def begin(self, incoming: int) -> int:
        """Counts an attempt to answer an update, and returns how many there were with this one."""
        values = {"incoming": incoming, "here": self._database.membership.number}
        async with self._database.write(single=True) as connection:
            found = await connection.scalar(_COUNTED, values)
        if found is None:
            raise AlreadyHandled(incoming)
        return int(found)

    async def set_aside(self, incoming: int, reason: str, reply: str | None) -> None:
        """Has an update not tried any more. ``reply`` is to be sent to its person."""
        is_own = (inbox.c.id == incoming) & (inbox.c.process == self._database.membership.number)
        is_it = is_own & (inbox.c.state != _DONE)
        async with self._database.write() as connection:
            written = update(inbox).where(is_it).values(state=ASIDE, reason=reason, reply=reply)
            if (await connection.execute(written)).rowcount != 1:
                raise AlreadyHandled(incoming)

    async def aside(self) -> list[SetAside]:
        """The updates that were set aside, the oldest first."""
        statement = select(inbox).where(inbox.c.state == ASIDE).order_by(inbox.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [SetAside(row.id, row.platform, row.received, row.reason or "") for row in rows]

    async def retry(self, number: int) -> bool:
        """Has an update that was set aside answered; False: there is none with this number."""
        return await self._decide(number, state=NEW, attempts=0, reason=None, reply=None, process=None)

    async def drop(self, number: int) -> bool:
        """Deletes the text of an update that was set aside; False: there is none with this number."""
        return await self._decide(number, state=_DONE, body="", reply=None)

    async def _decide(self, number: int, **values: object) -> bool:
        is_it = (inbox.c.id == number) & (inbox.c.state == ASIDE)
        async with self._database.write() as connection:
            return (await connection.execute(update(inbox).where(is_it).values(**values))).rowcount == 1

    def unit_of_work(self) -> AbstractAsyncContextManager[None]:
        """Within it all stores write in one transaction, which ends with it."""
        return self._database.unit_of_work()

    async def handled(self, incoming: int, reply: str | None) -> None:
        """An update was handled, and ``reply`` is to be said; None: nothing is, and the update is finished."""
        values: dict[str, object] = {"incoming": incoming, "here": self._database.membership.number}
        statement, values = (_REPLIED, values | {"said": reply}) if reply else (_ENDED, values)
        async with self._database.write(is_last=True) as connection:
            if (await connection.execute(statement, values)).rowcount != 1:
                raise AlreadyHandled(incoming)

    async def done(self, answered: Sequence[Answered]) -> None:
        """Replies were said. Their updates are finished, except those that were set aside: these keep their body."""
        async with self._database.write() as connection:
            marked = await connection.execute(_MARKED, {"ids": [one.incoming for one in answered]})
            received = {row.id: row.received for row in marked}
            rows = [row for one in answered if one.incoming in received for row in _rows(one, received[one.incoming])]
            await write_rows(connection, rows)

    async def prune(self, before: datetime) -> None:
        """Deletes finished updates that arrived before then."""
        async with self._database.write(long_running=True) as connection:
            await connection.execute(delete(inbox).where(inbox.c.received < before, inbox.c.state == _DONE))


@cache
def _storing(dialect: str) -> ReturningInsert[Any]:
    return upsert(dialect, inbox).on_conflict_do_nothing().returning(inbox)


def _rows(one: Answered, received: datetime) -> Iterator[Row]:
    """Yields what is remembered of an answer: the versions in its messages, and which message it answers."""
    for said in one.said:
        if said.about:
            yield shown_row(said.where, said.message, said.about, received)
    if one.said and one.request:
        messages = () if one.is_kept else tuple(said.message for said in one.said)
        yield answered_row(one.said[0].where, one.request, Answer(messages, one.asked), received)


def _read(row: Any) -> Incoming:
    return Incoming(row.id, row.number, row.body, row.reply)
