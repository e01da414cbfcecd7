"""Allows only one running bot for each database: two would send each other's posts."""

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

#: The key of the advisory lock in PostgreSQL. Other programs can use the same database with other keys.
_KEY = 7_853_291_404
#: Seconds between two checks of the lock.
_WATCH_SECONDS = 1.0


class InstanceLock(Protocol):
    """A lock that is held."""

    async def watch(self, seconds: float = _WATCH_SECONDS) -> None:
        """Checks the lock regularly. Returns only by raising.

        Raises:
            StorageError: Another bot has the lock, or the database file was replaced.
        """


@asynccontextmanager
async def instance_lock(database: Database) -> AsyncIterator[InstanceLock]:
    """Locks the database until the end of the block or of the process.

    Raises:
        DatabaseTaken: Another bot holds the lock.
        StorageError: The lock failed.
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
    """A lock on a file next to the SQLite file. A database in memory needs none."""

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
        """Raises when the database file was deleted or replaced, because further writes would be lost."""
        while True:
            await asyncio.sleep(seconds)
            self._database.check_file()


class _ServerLock:
    """An advisory lock of PostgreSQL, on its own connection. If the connection is lost, so is the lock."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stack = AsyncExitStack()
        self._connection: AsyncConnection | None = None

    async def acquire(self) -> None:
        """Takes the lock.

        Raises:
            DatabaseTaken: Another bot holds the lock.
        """
        stack = AsyncExitStack()
        connection = await stack.enter_async_context(self._database.session())
        if not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}):
            await stack.aclose()
            raise DatabaseTaken(self._database.place)
        self._stack, self._connection = stack, connection

    async def release(self) -> None:
        """Releases the lock. A lost connection has released it already."""
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})
            await self._stack.aclose()
        except Exception as error:  # noqa: BLE001  # the lock is gone with the connection, whatever the error
            _log.info("instance_lock_released", error=repr(error))

    async def watch(self, seconds: float = _WATCH_SECONDS) -> None:
        """Takes the lock again when the connection is lost. Until then, all writes are refused, so nothing is sent."""
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
        except Exception:  # noqa: BLE001  # drivers raise different errors
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
