"""Competes with other processes for the parts of the work, by advisory locks of PostgreSQL.

All locks of a process are on one connection of its own, which tells a few times a second that the process lives. If the
connection is lost, so are the locks. The process then writes and sends nothing until it has the locks again, and gives
up the parts that another one has taken in the meantime.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database.balance import Balance, kind_of
from bot.storage.database.engine import Database
from bot.storage.database.errors import (
    DatabaseLocked,
    DatabasePooled,
    DatabaseTaken,
    DatabaseTooNew,
    DatabaseUnsupported,
    StorageError,
)
from bot.storage.database.instance_lock import INSTANCE_KEY
from bot.storage.database.membership import new_number
from bot.storage.database.migrate import check_revision
from bot.storage.database.part_locks import LOCK, LOCK_SHARED, UNLOCK, UNLOCK_SHARED, numbers_of
from bot.storage.database.presence import PRESENCE_SPACE, move_updates
from bot.storage.database.server_clock import follow_clock
from bot.storage.database.tables import part as parts
from bot.storage.database.tenure import Tenure, begin_tenure

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: Seconds between two looks at the connection and at the parts that are free.
_ROUND = 0.25
#: The part of the lease for which the server may be silent.
_PATIENCE = 0.75
#: The first version with `idle_session_timeout`.
_OLDEST_SERVER = 140_000

_SET_UP = text(
    "SELECT set_config('idle_session_timeout', :lease, false), set_config('lock_timeout', '1s', false),"
    " set_config('nutgraf.session', :mark, false)"
)
_MARK = text("SELECT current_setting('nutgraf.session', true)")
#: Waits up to a second until the connection has ended.
_END_FORMER = text(
    "SELECT pg_terminate_backend(pid, 1000) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND classid = :space AND objid = :number"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class ServerElection:
    """A `bot.storage.database.elections.Election` over the advisory locks of a PostgreSQL server."""

    def __init__(
        self,
        database: Database,
        holder: str,
        clock: Callable[[], datetime],
        lease: float,
        balance: Balance,
        *,
        answers: bool,
    ) -> None:
        """Prepares to compete. `running` connects.

        Args:
            lease: Seconds of silence after which the server closes the connection, which frees the parts.
            balance: Decides how groups are shared.
            answers: Whether this process answers people.
        """
        self.holder = holder
        self._database = database
        self._clock = clock
        self._lease = lease
        self._balance = balance
        self._answers = answers
        self._asks: set[str] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._wanted: dict[str, asyncio.Future[Tenure]] = {}
        self._held: dict[str, Tenure] = {}
        self._stack = AsyncExitStack()
        self._session: AsyncConnection | None = None
        self._mark = uuid4().hex
        self._using = asyncio.Lock()
        self._keeping: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connects, and keeps the connection during the block."""
        await self._round()
        self._keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            self._keeping.cancel()
            await asyncio.wait({self._keeping})
            await self._disconnect()

    async def enter(self, part: str) -> Tenure:
        """Waits until this process holds a part."""
        await self._turns[part].acquire()
        won: asyncio.Future[Tenure] = asyncio.get_running_loop().create_future()
        self._wanted[part] = won
        try:
            return await won
        except BaseException:
            if won.done() and not won.cancelled():
                await self._give_up(won.result())
            self._turns[part].release()
            raise
        finally:
            self._wanted.pop(part, None)

    async def leave(self, tenure: Tenure) -> None:
        """Gives a part up."""
        await self._give_up(tenure)
        self._turns[tenure.part].release()

    async def watch(self) -> None:
        """Returns only by raising.

        Raises:
            StorageError: Another program has the database for itself or has upgraded it, or a pooler undoes the locks.
        """
        assert self._keeping is not None
        await asyncio.shield(self._keeping)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_ROUND)
            was_connected = self._session is not None
            try:
                await self._round()
            except (DatabaseTaken, DatabaseTooNew, DatabasePooled, DatabaseUnsupported):
                raise
            except (StorageError, TimeoutError) as error:
                await self._disconnect()
                if was_connected:
                    _log.warning("election_lost", error=repr(error))
            else:
                if not was_connected:
                    _log.info("election_regained")

    async def _round(self) -> None:
        """Proves that the connection lives, and takes free parts.

        Raises:
            TimeoutError: The server does not answer.
        """
        async with self._using, asyncio.timeout(self._lease), self._database.errors():
            began = time.monotonic()
            if self._session is None:
                self._session = await self._connected()
                await self._regain(self._session)
            elif await self._session.scalar(_MARK) != self._mark:
                raise DatabasePooled(self._database.place)
            await follow_clock(self._session)
            for part, won in list(self._wanted.items()):
                if won.done() or (tenure := await self._take(self._session, part)) is None:
                    continue
                if won.done():  # whoever wanted the part has given up meanwhile
                    await self._session.execute(UNLOCK, numbers_of(part))
                    tenure.end()
                    continue
                self._held[part] = tenure
                won.set_result(tenure)
            for kind in {kind_of(part) for part in (*self._wanted, *self._held)} - {""}:
                await self._share(self._session, kind)
            for tenure in self._held.values():
                tenure.until = began + self._lease
            self._database.membership.confirm(began)

    async def _connected(self) -> AsyncConnection:
        """Opens the connection for locks, and locks out commands that replace the content of the database."""
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(self._database.session())
            if int(str(await session.scalar(text("SHOW server_version_num")))) < _OLDEST_SERVER:
                raise DatabaseUnsupported(self._database.place, "it needs PostgreSQL 14 or newer")
            driver: Any = (await session.get_raw_connection()).driver_connection
            driver.patience = _PATIENCE * self._lease
            await session.execute(_SET_UP, {"lease": f"{self._lease}s", "mark": self._mark})
            async with self._database.session() as other:
                if await other.scalar(_MARK) == self._mark:  # two connections of ours share one of the server
                    raise DatabasePooled(self._database.place)
            shared = text("SELECT pg_try_advisory_lock_shared(:key)")
            if not await session.scalar(shared, {"key": INSTANCE_KEY}):
                raise DatabaseTaken(self._database.place)
            await check_revision(session, self._database.place)
            if self._answers:
                await self._join(session)
            self._stack = stack.pop_all()
            return session

    async def _join(self, session: AsyncConnection) -> None:
        """Gets a new number, since the former one may have been taken for dead, and keeps what nobody has claimed.

        The former connection may live on in the server for some seconds, with its locks. It is ended, since this
        process would be counted twice, and would wait for its own locks.
        """
        membership, number = self._database.membership, new_number()
        await session.execute(_END_FORMER, {"space": PRESENCE_SPACE, "number": membership.number})
        await session.execute(LOCK, {"space": PRESENCE_SPACE, "part": number})
        await session.execute(move_updates(membership.number, number))
        membership.number = number

    async def _regain(self, session: AsyncConnection) -> None:
        """Goes on with the parts that no other process has taken since the connection was lost. The others end."""
        for part, tenure in list(self._held.items()):
            if await session.scalar(LOCK, numbers_of(part)):
                if await session.scalar(select(parts.c.epoch).where(parts.c.name == part)) == tenure.epoch:
                    continue
                await session.execute(UNLOCK, numbers_of(part))
            del self._held[part]
            tenure.end()

    async def _take(self, session: AsyncConnection, part: str) -> Tenure | None:
        """Takes a part if its lock is free, and no other process should have it."""
        if not await session.scalar(LOCK, numbers_of(part)):
            self._balance.saw_taken(part)
            return None
        if not self._balance.may_take(part, self._held, time.monotonic()):
            await session.execute(UNLOCK, numbers_of(part))
            return None
        self._balance.saw_taken(part)
        try:
            async with self._database.errors():
                return Tenure(part, await begin_tenure(session, part, self.holder, self._clock()))
        except DatabaseLocked:  # a transaction of the former holder has not ended yet
            await session.execute(UNLOCK, numbers_of(part))
            return None

    async def _share(self, session: AsyncConnection, kind: str) -> None:
        """Asks for a group if this process has none, and gives one up if it has several and another process asks.

        Who asks holds a lock. Those who give look at it through shared locks, which do not disturb each other.
        """
        asking, now = numbers_of(f"{kind}:*"), time.monotonic()
        groups = {part: tenure for part, tenure in self._held.items() if kind_of(part) == kind}
        if self._balance.asks(groups, kind, now):
            if kind not in self._asks and await session.scalar(LOCK, asking):
                self._asks.add(kind)
            return
        if kind in self._asks:
            await session.execute(UNLOCK, asking)
            self._asks.discard(kind)
        if self._balance.may_give(groups, kind, now):
            if await session.scalar(LOCK_SHARED, asking):
                await session.execute(UNLOCK_SHARED, asking)
                return
            self._balance.gave(kind, now)
            list(groups.values())[-1].hand_over()

    async def _give_up(self, tenure: Tenure) -> None:
        tenure.end()
        if self._held.get(tenure.part) is not tenure:
            return
        async with self._using:
            del self._held[tenure.part]
            try:
                if self._session is not None:
                    async with asyncio.timeout(self._lease), self._database.errors():
                        await self._session.execute(UNLOCK, numbers_of(tenure.part))
            except (StorageError, TimeoutError):
                await self._close()

    async def _disconnect(self) -> None:
        async with self._using:
            await self._close()

    async def _close(self) -> None:
        """Closes the connection, which gives all locks back. Tenures are suspended until they are regained."""
        for tenure in self._held.values():
            tenure.suspend()
        self._asks.clear()
        self._session, stack = None, self._stack
        self._stack = AsyncExitStack()
        with suppress(Exception):  # the connection may be broken in any way
            await stack.aclose()
