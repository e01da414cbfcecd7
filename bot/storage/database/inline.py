"""Runs SQLite statements on the event loop: most take less time than a switch to a thread."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, CursorResult, Dialect, Executable, UpdateBase
from sqlalchemy.ext.asyncio import AsyncConnection

#: The first and the longest wait, in seconds, before a lock of another process is tried again.
_FIRST_WAIT, _LONGEST_WAIT = 0.001, 0.05

#: Another process holds the lock or recovers the file. SQLITE_BUSY_SNAPSHOT is not in the list: waiting never helps.
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY}

Done = TypeVar("Done")
Arguments = ParamSpec("Arguments")


class Undone(sqlite3.OperationalError):
    """SQLite has rolled back a transaction itself, because the disk is full or has failed."""

    sqlite_errorcode = sqlite3.SQLITE_FULL

    def __init__(self) -> None:
        super().__init__("the transaction was undone")


class PlainConnection(sqlite3.Connection):
    """A connection that fetches all rows at once, because SQLite otherwise works while rows are read."""

    def cursor(self, factory: Any = None) -> Any:
        """Returns a cursor for one statement."""
        return super().cursor(factory or _Cursor)


class _Cursor(sqlite3.Cursor):
    """Fetches all rows at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._rows: deque[Any] = deque()

    def execute(self, *arguments: Any) -> _Cursor:
        super().execute(*arguments)
        self._rows = deque(super().fetchall() if self.description else ())
        return self

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        rows, self._rows = list(self._rows), deque()
        return rows


class InlineConnection:
    """The part of SQLAlchemy's `AsyncConnection` that the stores use, with statements that run on the event loop.

    Nothing here blocks: locks are polled, and slow work (long statements and the commit to disk) runs in a thread.
    SQLAlchemy does not know about the transactions.

    Attributes:
        in_thread: Whether statements run in a thread, because they can be slow.
        changed: The names of the tables that were written since the last clearing. None stands for any table.
    """

    def __init__(self, connection: Connection, busy_seconds: float, executor: Executor | None = None) -> None:
        """Takes over a connection from an engine of `PlainConnection`.

        Args:
            busy_seconds: How long to wait for a lock.
            executor: Runs slow work. None: asyncio's default executor.
        """
        plain = connection.connection.driver_connection
        assert isinstance(plain, PlainConnection)
        connection.begin()  # stays open, so that SQLAlchemy does not end our transactions
        self._connection = connection
        self._plain = plain
        self._busy_seconds = busy_seconds
        self._executor = executor
        self._has_begun = False
        self.in_thread = False
        self._is_busy = False
        self._is_driven = False
        self._foreign = 0
        self._is_seen = False
        self.changed: set[str | None] = set()

    @property
    def dialect(self) -> Dialect:
        """SQLAlchemy's dialect for SQLite."""
        return self._connection.dialect

    @property
    def is_undone(self) -> bool:
        """Whether SQLite has ended a transaction that should be open. Further statements would commit on their own."""
        return self._has_begun and not self._plain.in_transaction

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
        """Executes a statement, once for each set of parameters if there is a list."""
        self._check()
        if not statement.is_select:
            self.changed.add(getattr(statement.table, "name", None) if isinstance(statement, UpdateBase) else None)
        return await self._call(lambda: self._connection.execute(statement, parameters), in_thread=self.in_thread)

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """Returns the first column of the first row, or None if there is no row."""
        return (await self.execute(statement, parameters)).scalar()

    async def run_sync(
        self,
        work: Callable[Concatenate[Connection, Arguments], Done],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Done:
        """Returns the result of ``work`` with SQLAlchemy's connection."""
        self.changed.add(None)
        return await self._call(lambda: work(self._connection, *arguments, **options), in_thread=self.in_thread)

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        """Opens a savepoint: if the block fails, only its changes are rolled back.

        Raises:
            Undone: SQLite has rolled back the whole transaction.
        """
        self._check()
        self._plain.execute("SAVEPOINT part")
        try:
            yield
            self._check()
        except BaseException:
            if not self.is_undone:
                self._plain.execute("ROLLBACK TO part")
            raise
        finally:
            if not self.is_undone:
                self._plain.execute("RELEASE part")

    async def prepare(self, pragmas: Iterable[str]) -> None:
        """Sets the pragmas of the connection."""
        for pragma in pragmas:
            await self._call(lambda pragma=pragma: self._plain.execute(f"PRAGMA {pragma}"))  # type: ignore[misc]  # mypy infers no lambda with a default

    def foreign_changes(self) -> int:
        """Returns a number that changes when another connection has changed the file.

        While a thread uses the connection, it is the number from the start of the transaction: nobody else can write
        before its end. It is read only once in each turn of the event loop. https://www.sqlite.org/pragma.html#pragma_data_version
        """
        if not self._is_busy and not self._is_seen:
            [self._foreign] = sqlite3.Cursor(self._plain).execute("PRAGMA data_version").fetchone()
            self._is_seen = True
            asyncio.get_running_loop().call_soon(self._look_again)
        return self._foreign

    def _look_again(self) -> None:
        self._is_seen = False

    async def run_in_one_thread(self, work: Callable[[], Coroutine[Any, Any, Done]]) -> Done:
        """Returns the result of ``work``, which does nothing but call this connection and compute.

        If statements run in a thread, all of it runs there: each change of the thread costs as much as a statement.
        """
        if not self.in_thread:
            return await work()
        self.in_thread, self._is_driven = False, True
        try:
            return await self._in_thread(lambda: _driven(work()))
        finally:
            self.in_thread, self._is_driven = True, False

    async def begin(self, writes: bool, waits_since: float | None = None) -> None:
        """Begins a transaction.

        Args:
            writes: Whether it takes the write lock at once.
            waits_since: The start of the wait for another process's lock, by `time.monotonic`.
        """
        await self._call(lambda: self._plain.execute("BEGIN IMMEDIATE" if writes else "BEGIN"), waits_since=waits_since)
        self._has_begun = True
        if writes:
            self._is_seen = False
            self.foreign_changes()

    async def commit(self) -> None:
        """Commits, and returns when the changes are on the disk. A cancellation is delayed until then.

        Raises:
            sqlite3.Error: The commit failed and was rolled back.
        """
        try:
            self._check()
            await shielded(self._call(self._plain.commit, in_thread=True))
        finally:
            self.rollback()  # of the failed commit

    async def empty_log(self) -> bool:
        """Moves the write-ahead log into the database and truncates it. Returns False if a reader prevents it.

        https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
        """

        def checkpoint() -> bool:
            [is_busy, *_] = sqlite3.Cursor(self._plain).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not is_busy

        return await self._in_thread(checkpoint)

    def rollback(self) -> None:
        """Rolls back the transaction."""
        self._has_begun = False
        self._plain.rollback()

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _check(self) -> None:
        if self.is_undone:
            raise Undone

    async def _call(
        self, work: Callable[[], Done], *, in_thread: bool = False, waits_since: float | None = None
    ) -> Done:
        """Returns the result of ``work``, and retries it while another process holds the lock."""
        until, wait = 0.0 if waits_since is None else waits_since + self._busy_seconds, _FIRST_WAIT
        while True:
            try:
                return await self._in_thread(work) if in_thread else work()
            except Exception as error:
                cause = getattr(error, "orig", error)
                if not isinstance(cause, sqlite3.OperationalError) or cause.sqlite_errorcode not in _BUSY:
                    raise
                now = time.monotonic()
                until = until or now + self._busy_seconds
                if now >= until:
                    raise
            if self._is_driven:
                time.sleep(wait)  # noqa: ASYNC251  # in a thread of its own
            else:
                await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    async def _in_thread(self, work: Callable[[], Done]) -> Done:
        self._is_busy = True
        try:
            return await shielded(asyncio.get_running_loop().run_in_executor(self._executor, work))
        finally:
            self._is_busy = False


async def run_in_one_thread(
    connection: AsyncConnection | InlineConnection, work: Callable[[], Coroutine[Any, Any, Done]]
) -> Done:
    """Returns the result of ``work``, which does nothing but call ``connection`` and compute.

    In a ``long_running`` transaction on SQLite, all of it runs in one thread.
    """
    return await (connection.run_in_one_thread(work) if isinstance(connection, InlineConnection) else work())


def _driven(work: Coroutine[Any, Any, Done]) -> Done:
    """Returns the result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        result: Done = done.value
        return result
    work.close()
    raise RuntimeError("it waits for something, and there is no event loop in this thread")


async def shielded(work: Awaitable[Done]) -> Done:
    """Returns the result of ``work``. A cancellation is delayed until it is done."""
    running, is_cancelled = asyncio.ensure_future(work), False
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError:
            is_cancelled = True
    if is_cancelled:
        if not running.cancelled():
            running.exception()  # the caller was cancelled, so nobody reads the error
        raise asyncio.CancelledError
    return running.result()
