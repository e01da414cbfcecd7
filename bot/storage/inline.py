"""SQLite on the event loop: a statement takes less time than its way to a thread and back."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar

#: Seconds until a lock of another process's is tried again, at first and at most.
_FIRST_WAIT, _LONGEST_WAIT = 0.001, 0.05

#: Somebody else holds it, or mends it after a crash; a snapshot that is too old (SQLITE_BUSY_SNAPSHOT) stays so.
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY}

Done = TypeVar("Done")


class InlineConnection:
    """What SQLAlchemy's dialect for aiosqlite asks of a connection, without aiosqlite's thread.

    Nothing here waits: a lock is asked for again and again instead of blocking everybody, and what may take long (what
    is told to, and the disk at the end of a write) goes through a thread.

    Attributes:
        in_thread: Whether statements go through a thread, since they may take long.
    """

    def __init__(self, path: str, busy_seconds: float, is_uri: bool = False) -> None:
        """Opens a file, or a database in memory.

        Args:
            busy_seconds: How long a lock is waited for.
            is_uri: Whether ``path`` is a URI, https://www.sqlite.org/uri.html

        Raises:
            sqlite3.Error: It cannot be opened.
        """
        self._sqlite = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False, uri=is_uri)
        self._busy_seconds = busy_seconds
        self._writes = False
        self.in_thread = False

    @property
    def _connection(self) -> sqlite3.Connection:
        """By this SQLAlchemy sees that it is open."""
        return self._sqlite

    @property
    def isolation_level(self) -> None:
        """None: transactions are begun and ended by whoever uses it."""
        return

    def cursor(self) -> InlineCursor:
        """For one statement."""
        return InlineCursor(self, self._sqlite.cursor())

    async def create_function(self, *args: Any, **options: Any) -> None:
        """As `sqlite3.Connection.create_function`."""
        self._sqlite.create_function(*args, **options)

    async def begin(self, writes: bool) -> None:
        """Begins a transaction; ``writes`` is whether it needs the one place for writers from its beginning."""
        await self.call(lambda: self._sqlite.execute("BEGIN IMMEDIATE" if writes else "BEGIN"))
        self._writes = writes

    async def commit(self) -> None:
        """Keeps what was written, once it is on the disk."""
        await self.call(self._sqlite.commit, in_thread=self._writes)
        self._writes = False

    async def rollback(self) -> None:
        """Undoes what was written."""
        self._sqlite.rollback()
        self._writes = False

    async def close(self) -> None:
        """Closes it; a second time does nothing."""
        self._sqlite.close()

    def stop(self) -> None:
        """Closes it where nothing can be awaited."""
        self._sqlite.close()

    async def call(self, work: Callable[[], Done], *, in_thread: bool = False) -> Done:
        """What ``work`` comes to, tried again while another process holds the database.

        Raises:
            sqlite3.Error: What it raises; SQLITE_BUSY after the time that a lock is waited for.
        """
        until, wait = 0.0, _FIRST_WAIT
        while True:
            try:
                return await _in_thread(work) if in_thread or self.in_thread else work()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in _BUSY:
                    raise
                now = time.monotonic()
                until = until or now + self._busy_seconds
                if now >= until:
                    raise
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)


class InlineCursor:
    """What SQLAlchemy's dialect for aiosqlite asks of a cursor."""

    def __init__(self, connection: InlineConnection, cursor: sqlite3.Cursor) -> None:
        self._of = connection
        self._cursor = cursor
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        """The columns of the rows, as DB-API 2 has them."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows were written."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was written."""
        return self._cursor.lastrowid

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Carries out a statement and takes its rows, since SQLite works while they are taken."""

        def work() -> list[Any]:
            self._cursor.execute(operation, parameters)
            return self._cursor.fetchall() if self._cursor.description else []

        self._rows = await self._of.call(work)

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Carries out a statement with each of the parameters."""
        await self._of.call(lambda: self._cursor.executemany(operation, parameters))

    async def fetchall(self) -> list[Any]:
        """The rows."""
        return self._rows

    async def close(self) -> None:
        """Closes it; its rows stay."""
        self._cursor.close()


async def _in_thread(work: Callable[[], Done]) -> Done:
    """What ``work`` comes to in a thread; who is cancelled meanwhile leaves the connection when it is done."""
    running = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
