"""Locks a whole database: for the one bot that may use an SQLite file, and for commands that replace all content."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import text

from bot.storage.database.driver_errors import storage_error
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseTaken

#: The key of the advisory lock in PostgreSQL. Running bots share it (`bot.storage.database.elections`). Other programs
#: can use the same database with other keys.
INSTANCE_KEY = 7_853_291_404
#: Seconds between two checks of the file.
_WATCH_SECONDS = 1.0


@asynccontextmanager
async def instance_lock(database: Database) -> AsyncIterator[None]:
    """Locks the database, so that no bot runs, until the end of the block or of the process.

    Raises:
        DatabaseTaken: A bot runs, or another command has the lock.
        StorageError: The lock failed.
    """
    if database.is_sqlite:
        with FileLock(database):
            yield
    else:
        async with _server_lock(database):
            yield


class FileLock:
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
        """Checks the database file regularly. Returns only by raising.

        Raises:
            DatabaseReplaced: It was deleted or replaced, so further writes would be lost.
        """
        while True:
            await asyncio.sleep(seconds)
            self._database.check_file()


@asynccontextmanager
async def _server_lock(database: Database) -> AsyncIterator[None]:
    """Holds an advisory lock of PostgreSQL on a connection of its own."""
    async with database.session() as session:
        if not await session.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": INSTANCE_KEY}):
            raise DatabaseTaken(database.place)
        yield


def is_locked(database: Database) -> bool:
    """Whether a bot is using this SQLite file. A database in memory is always in use."""
    if database.path is None:
        return True
    try:
        file = os.open(Path(f"{database.path}.lock"), os.O_RDONLY)
    except OSError:  # no bot has ever used it
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False
