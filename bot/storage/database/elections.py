"""Elects the process that holds a part: work that only one process at a time may do, such as sending posts.

An SQLite file has one process, which holds all parts. Over a PostgreSQL server any number of processes run. Each has
one connection for its locks: an advisory lock for each part that it holds. The others stand by, and take a part when
its lock is free. The server ends a connection that has been silent for `LEASE` seconds, so that a process that hangs,
or a machine that is cut off, holds up nothing.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Protocol

import structlog

from bot.runtime.stopping import run_until
from bot.storage.database.balance import Balance
from bot.storage.database.engine import Database
from bot.storage.database.instance_lock import FileLock
from bot.storage.database.server_election import ServerElection
from bot.storage.database.tenure import Tenure, begin_tenure

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: Seconds of silence after which the server closes the connection of a process, so that its parts are free.
LEASE = 4.0


class Election(Protocol):
    """Gives parts to this process.

    Attributes:
        holder: The name of this process.
    """

    holder: str

    async def enter(self, part: str) -> Tenure:
        """Waits until this process holds a part.

        Raises:
            StorageError: The database failed.
        """

    async def leave(self, tenure: Tenure) -> None:
        """Gives a part up."""

    async def watch(self) -> None:
        """Returns only by raising.

        Raises:
            StorageError: This process must end: a file was replaced, another program has the database for itself, or a
                newer one has upgraded it.
        """


@asynccontextmanager
async def open_election(
    database: Database,
    clock: Callable[[], datetime],
    lease: float = LEASE,
    balance: Balance | None = None,
    *,
    answers: bool = True,
) -> AsyncIterator[Election]:
    """Opens the election of a database. All parts are given up at the end of the block.

    Args:
        lease: Seconds of silence after which another process gets the parts of this one.
        balance: Decides how groups are shared.
        answers: Whether this process answers people. It is then one of those that share the limits of a token.

    Raises:
        DatabaseTaken: The database is an SQLite file that another bot uses, or another command replaces its content.
        DatabasePooled: A pooler stands between this program and the server.
        DatabaseTooNew: A newer program has upgraded the database.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}"
    if database.is_sqlite:
        with FileLock(database) as lock:
            yield _FileElection(database, lock, holder, clock)
    else:
        election = ServerElection(database, holder, clock, lease, balance or Balance(), answers=answers)
        async with election.running():
            yield election


async def run_held(
    election: Election, database: Database, part: str, work: Callable[[], Awaitable[None]], stopping: asyncio.Event
) -> None:
    """Runs ``work`` whenever this process holds the part, until it ends by itself or ``stopping`` is set.

    While it stands by, it ends as soon as ``stopping`` is set. ``work`` has to look after that by itself.
    """
    while not stopping.is_set():
        tenure = await run_until(stopping, election.enter(part))
        if tenure is None:
            return
        _log.info("part_taken", part=part, epoch=tenure.epoch)
        try:
            with database.held_by(tenure):
                if await run_until(tenure.ended, _completed(work)):
                    return
            _log.warning("part_lost", part=part, epoch=tenure.epoch)
        finally:
            await election.leave(tenure)


async def _completed(work: Callable[[], Awaitable[None]]) -> bool:
    await work()
    return True


class _FileElection:
    """The process that has locked the SQLite file holds every part of it."""

    def __init__(self, database: Database, lock: FileLock, holder: str, clock: Callable[[], datetime]) -> None:
        self.holder = holder
        self._database = database
        self._lock = lock
        self._clock = clock
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def enter(self, part: str) -> Tenure:
        await self._turns[part].acquire()
        try:
            async with self._database.write() as connection:
                return Tenure(part, await begin_tenure(connection, part, self.holder, self._clock()))
        except BaseException:
            self._turns[part].release()
            raise

    async def leave(self, tenure: Tenure) -> None:
        tenure.end()
        self._turns[tenure.part].release()

    async def watch(self) -> None:
        await self._lock.watch()
