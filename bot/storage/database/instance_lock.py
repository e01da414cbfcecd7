"""One bot at a time over a database: two would take each other's posts."""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseTaken

#: The key of PostgreSQL's advisory lock; it stands for this program in a database that others may use too.
_KEY = 7_853_291_404


@asynccontextmanager
async def instance_lock(database: Database) -> AsyncIterator[None]:
    """Holds the database for one bot until the block ends, or its process does.

    Raises:
        DatabaseTaken: Another bot holds it.
    """
    if database.path is not None:
        lock = os.open(Path(f"{database.path}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise DatabaseTaken(database.place) from error
            yield
        finally:
            os.close(lock)
    elif database.is_sqlite:
        yield
    else:
        async with database.session() as connection:
            if not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}):
                raise DatabaseTaken(database.place)
            try:
                yield
            finally:
                await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})
