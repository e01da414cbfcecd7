"""One bot at a time over a database: two would take each other's posts."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol, Self

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseTaken, DatabaseUnreachable, StorageError, storage_error

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: The key of PostgreSQL's advisory lock; it stands for this program in a database that others may use too.
_KEY = 7_853_291_404
#: Seconds between two looks at the lock.
_WATCH_SECONDS = 1.0


class InstanceLock(Protocol):
    """The lock, while it is held."""

    async def watch(self, seconds: float = _WATCH_SECONDS) -> None:
        """Looks at it now and then, for as long as it is not lost.

        Raises:
            StorageError: Another bot has it, or the database's file is not the one that was opened.
        """


@asynccontextmanager
async def instance_lock(database: Database) -> AsyncIterator[InstanceLock]:
    """Holds the database for one bot until the block ends, or its process does.

    Raises:
        DatabaseTaken: Another bot holds it.
        StorageError: The lock cannot be made.
    """
    if database.is_sqlite:
        with _FileLock(database) as lock:
            yield lock
    else:
        server = _ServerLock(database)
        await server.acquire()
        try:
            yield server
        finally:
            await server.release()


class _FileLock:
    """The lock of a file beside SQLite's; a database in memory needs none."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file: int | None = None

    def __enter__(self) -> Self:
        if self._database.path is None:
            return self
        try:
            self._file = os.open(Path(f"{self._database.path}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.__exit__()
            raise DatabaseTaken(self._database.place) from error
        except OSError as error:
            self.__exit__()
            raise storage_error(self._database.place, error) or error from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    async def watch(self, seconds: float = _WATCH_SECONDS) -> None:
        """Ends when the database's file was deleted or replaced: what is written to it then is lost."""
        while True:
            await asyncio.sleep(seconds)
            self._database.check_file()


class _ServerLock:
    """PostgreSQL's advisory lock, on a connection of its own: it is lost when that connection is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stack = AsyncExitStack()
        self._connection: AsyncConnection | None = None

    async def acquire(self) -> None:
        """Takes the lock.

        Raises:
            DatabaseTaken: Another bot holds it.
        """
        stack = AsyncExitStack()
        connection = await stack.enter_async_context(self._database.session())
        if not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}):
            await stack.aclose()
            raise DatabaseTaken(self._database.place)
        self._stack, self._connection = stack, connection

    async def release(self) -> None:
        """Lets it go; a connection that is gone has done so already."""
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})
            await self._stack.aclose()
        except Exception as error:  # noqa: BLE001  # whatever a dead connection says, the lock is gone with it
            _log.info("instance_lock_released", error=repr(error))

    async def watch(self, seconds: float = _WATCH_SECONDS) -> None:
        """Takes the lock again when its connection is lost; until then nothing is written, so nothing is sent."""
        while True:
            await asyncio.sleep(seconds)
            if await self._is_alive():
                continue
            self._database.fence(DatabaseUnreachable(self._database.place, "the lock of this bot is lost"))
            _log.warning("instance_lock_lost")
            await self.release()
            await self._acquire_again(seconds)
            self._database.fence(None)
            _log.info("instance_lock_regained")

    async def _is_alive(self) -> bool:
        if self._connection is None:
            return False
        try:
            await self._connection.scalar(text("SELECT 1"))
        except Exception:  # noqa: BLE001  # a driver may say it in many ways
            return False
        return True

    async def _acquire_again(self, seconds: float) -> None:
        while True:
            try:
                await self.acquire()
            except DatabaseTaken:
                raise
            except StorageError:
                await asyncio.sleep(seconds)
            else:
                return
