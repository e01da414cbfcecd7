"""SQLite on the event loop: a statement takes less time than its way to a thread and back."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, CursorResult, Dialect, Executable, UpdateBase

#: Seconds until a lock of another process's is tried again, at first and at most.
_FIRST_WAIT, _LONGEST_WAIT = 0.001, 0.05

#: Somebody else holds it, or mends it after a crash; a snapshot that is too old (SQLITE_BUSY_SNAPSHOT) stays so.
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY}

Done = TypeVar("Done")
Arguments = ParamSpec("Arguments")


class Undone(sqlite3.OperationalError):
    """SQLite has undone a transaction by itself, since the disk had no room or failed."""

    sqlite_errorcode = sqlite3.SQLITE_FULL

    def __init__(self) -> None:
        super().__init__("the transaction was undone")


class PlainConnection(sqlite3.Connection):
    """A connection whose statements are done when they return: SQLite works while rows are taken."""

    def cursor(self, factory: Any = None) -> Any:
        """For one statement."""
        return super().cursor(factory or _Cursor)


class _Cursor(sqlite3.Cursor):
    """Takes all rows at once."""

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
    """What the stores use of SQLAlchemy's `AsyncConnection`, with statements that are carried out where they are said.

    Nothing here blocks: a lock is asked for again and again, and what may take long (what is told to, and the disk at
    the end of a write) goes through a thread. SQLAlchemy knows nothing of its transactions.

    Attributes:
        in_thread: Whether statements go through a thread, since they may take long.
        changed: The names of tables that were written since somebody cleared it; None is among them if it may be any.
    """

    def __init__(self, connection: Connection, busy_seconds: float, executor: Executor | None = None) -> None:
        """Takes over a connection of an engine of `PlainConnection`s.

        Args:
            busy_seconds: How long a lock is waited for.
            executor: Has the threads that it goes through; asyncio's own without one.
        """
        plain = connection.connection.driver_connection
        assert isinstance(plain, PlainConnection)
        connection.begin()  # for as long as it lives, so that SQLAlchemy ends no transaction
        self._connection = connection
        self._plain = plain
        self._busy_seconds = busy_seconds
        self._executor = executor
        self._has_begun = False
        self.in_thread = False
        self._is_busy = False
        self._foreign = 0
        self._is_seen = False
        self.changed: set[str | None] = set()

    @property
    def dialect(self) -> Dialect:
        """SQLAlchemy's for SQLite."""
        return self._connection.dialect

    @property
    def is_undone(self) -> bool:
        """Whether SQLite has ended a transaction that nobody here has: what follows would be written by itself."""
        return self._has_begun and not self._plain.in_transaction

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
        """Carries out a statement, with each of the parameters if they are many."""
        self._check()
        if not statement.is_select:
            self.changed.add(getattr(statement.table, "name", None) if isinstance(statement, UpdateBase) else None)
        return await self._call(lambda: self._connection.execute(statement, parameters), in_thread=self.in_thread)

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """The first column of a statement's first row; None: there is no row."""
        return (await self.execute(statement, parameters)).scalar()

    async def run_sync(
        self,
        work: Callable[Concatenate[Connection, Arguments], Done],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Done:
        """What ``work`` comes to with SQLAlchemy's connection."""
        self.changed.add(None)
        return await self._call(lambda: work(self._connection, *arguments, **options), in_thread=self.in_thread)

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        """A part of a transaction, which alone is undone if it fails.

        Raises:
            Undone: So is the whole transaction.
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
        """Sets what holds for the connection."""
        for pragma in pragmas:
            await self._call(lambda pragma=pragma: self._plain.execute(f"PRAGMA {pragma}"))  # type: ignore[misc]  # mypy infers no lambda with a default

    def foreign_changes(self) -> int:
        """A number that is another one after others than this connection have changed the file.

        While a thread works on it, it is that of the transaction's beginning: until its end nobody else can write.
        Within one turn of the event loop it is asked for once. https://www.sqlite.org/pragma.html#pragma_data_version
        """
        if not self._is_busy and not self._is_seen:
            [self._foreign] = sqlite3.Cursor(self._plain).execute("PRAGMA data_version").fetchone()
            self._is_seen = True
            asyncio.get_running_loop().call_soon(self._look_again)
        return self._foreign

    def _look_again(self) -> None:
        self._is_seen = False

    async def begin(self, writes: bool, waits_since: float | None = None) -> None:
        """Begins a transaction.

        Args:
            writes: Whether it needs the one place for writers from its beginning.
            waits_since: Since when, by `time.monotonic`, it has waited for another process's lock already.
        """
        await self._call(lambda: self._plain.execute("BEGIN IMMEDIATE" if writes else "BEGIN"), waits_since=waits_since)
        self._has_begun = True
        if writes:
            self._is_seen = False
            self.foreign_changes()

    async def commit(self) -> None:
        """Keeps what was written, once it is on the disk; who is cancelled meanwhile is so when that is certain.

        Raises:
            sqlite3.Error: It cannot be kept; then nothing of it is.
        """
        try:
            self._check()
            await shielded(self._call(self._plain.commit, in_thread=True))
        finally:
            self.rollback()  # of what could not be kept

    async def empty_log(self) -> bool:
        """Moves the write-ahead file into the database and truncates it; whether nobody else was in the way.

        https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
        """

        def checkpoint() -> bool:
            [is_busy, *_] = sqlite3.Cursor(self._plain).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not is_busy

        return await self._in_thread(checkpoint)

    def rollback(self) -> None:
        """Undoes what was written and not kept."""
        self._has_begun = False
        self._plain.rollback()

    def close(self) -> None:
        """Closes it."""
        self._connection.close()

    def _check(self) -> None:
        if self.is_undone:
            raise Undone

    async def _call(
        self, work: Callable[[], Done], *, in_thread: bool = False, waits_since: float | None = None
    ) -> Done:
        """What ``work`` comes to, tried again while another process holds the database."""
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
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    async def _in_thread(self, work: Callable[[], Done]) -> Done:
        self._is_busy = True
        try:
            return await shielded(asyncio.get_running_loop().run_in_executor(self._executor, work))
        finally:
            self._is_busy = False


async def shielded(work: Awaitable[Done]) -> Done:
    """What ``work`` comes to; who is cancelled meanwhile is so only when it is done."""
    running, is_cancelled = asyncio.ensure_future(work), False
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError:
            is_cancelled = True
    if is_cancelled:
        if not running.cancelled():
            running.exception()  # nobody is left to be told
        raise asyncio.CancelledError
    return running.result()
