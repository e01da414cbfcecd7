"""The SQLite connections: one for writing, and as many as needed for reading."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import URL, NullPool, create_engine

from bot.storage.database.inline import InlineConnection, PlainConnection, Undone, shielded
from bot.storage.database.urls import check_folder

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: Seconds until the write-ahead log is emptied again after a reader has prevented it.
_LOG_WAIT = 0.5
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")


class FileReplaced(OSError):
    """The database file was deleted or replaced, so writes would be lost."""


class Sqlite:
    """An SQLite file, or a database in memory.

    Writers that wait at the same time share one transaction, so that the disk is flushed only once (group commit).
    Each writer has a savepoint: if it fails, only its own changes are rolled back, unless SQLite rolls back the whole
    transaction. All writers continue when the transaction is on the disk. Write transactions begin with
    ``BEGIN IMMEDIATE``, because a read transaction that starts to write fails at once if another process has written
    meanwhile (https://www.sqlite.org/isolation.html).
    """

    def __init__(self, url: URL, path: Path | None, busy_seconds: float) -> None:
        """Prepares the connections. Without a path, the database is in memory and has one connection.

        Args:
            busy_seconds: How long to wait for the lock of another process.
        """
        self._path = path
        self._busy_seconds = busy_seconds
        (name,), options = url.get_dialect()().create_connect_args(url)
        is_uri = bool(options.get("uri"))

        def connect() -> sqlite3.Connection:
            # SQLite must not wait for locks itself, because that would block the event loop.
            return sqlite3.connect(
                name, timeout=0, isolation_level=None, check_same_thread=False, uri=is_uri, factory=PlainConnection
            )

        # Parameters hold personal data, which must not reach a log.
        self._engine = create_engine(url, creator=connect, poolclass=NullPool, hide_parameters=True)
        self._turn = asyncio.Lock()
        #: A separate executor, so that a slow search does not delay writers.
        self._threads = ThreadPoolExecutor(1, "nutgraf-writer")
        self._writer: InlineConnection | None = None
        self._readers: list[InlineConnection] = []
        self._file: tuple[int, int] | None = None
        #: The writers that wait for the end of the shared transaction.
        self._committed: asyncio.Future[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self._emptying: asyncio.Task[None] | None = None
        #: Since when all writers have been waiting for another process's lock, by `time.monotonic`.
        self._locked_since: float | None = None
        #: The number of writes to each table. None stands for any table.
        self._changes: Counter[str | None] = Counter()

    @asynccontextmanager
    async def reading(self, single: bool) -> AsyncIterator[InlineConnection]:  # noqa: ARG002  # a transaction costs nothing here
        """Opens a read transaction that sees one state of the database."""
        if self._path is None:
            async with self._turn:
                yield await self._own_writer()
            return
        connection = self._readers.pop() if self._readers else await self._connect()
        try:
            await connection.begin(writes=False)
            yield connection
        finally:
            connection.rollback()
            if self._is_closed:
                connection.close()
            else:
                self._readers.append(connection)

    @asynccontextmanager
    async def writing(self, long_running: bool, single: bool) -> AsyncIterator[InlineConnection]:  # noqa: ARG002  # all have a transaction
        """Opens a write transaction, one writer at a time, and commits it if the block ends without an error.

        Args:
            long_running: Whether it can be slow. Others then do not wait for the end of its transaction.
        """
        came = time.monotonic()
        async with self._turn:
            connection = await self._own_writer()
            if long_running:
                await self._end_group()
                async with self._transaction(connection, came):
                    yield connection
                return
            if self._committed is None:
                await self._begin_group(connection, came)
            committed = self._committed
            assert committed is not None
            try:
                async with connection.begin_nested():
                    yield connection
            except BaseException:
                if connection.is_undone:  # the other writers' changes are rolled back too
                    connection.rollback()
                    self._tell(Undone())
                raise
        await asyncio.shield(committed)

    async def erase_traces(self) -> None:
        """Empties the write-ahead log, which has copies of deleted rows. If a reader prevents it, it is tried later."""
        if self._path is None or await self._empty_log():
            return
        if self._emptying is None or self._emptying.done():
            self._emptying = asyncio.create_task(self._empty_log_later())

    async def _empty_log_later(self) -> None:
        """Tries until the log is empty. Closing the last connection empties it too."""
        while not self._is_closed:
            await asyncio.sleep(_LOG_WAIT)
            if await self._empty_log():
                return

    async def _empty_log(self) -> bool:
        """Empties the write-ahead log. Returns whether it is empty."""
        async with self._turn:
            if self._is_closed:
                return True
            await self._end_group()
            try:
                return await (await self._own_writer()).empty_log()
            except (sqlite3.Error, OSError) as error:
                _log.warning("wal_truncation_failed", error=str(error))
                return False

    def state(self, tables: Iterable[str]) -> Hashable | None:
        """Returns a value that changes whenever one of the tables is written, or None if it is unknown now."""
        writer = self._writer
        if writer is None or self._path is None:
            return None
        try:
            foreign = writer.foreign_changes()
        except sqlite3.Error:  # the next read reports the error
            return None
        return (foreign, self._changes[None], *map(self._changes.__getitem__, tables))

    def may_have_changed(self, connection: Any, tables: Iterable[str]) -> bool:  # noqa: ARG002  # the protocol has them
        """Returns True: the writers of one moment share a transaction, and each may have changed anything."""
        return True

    def watching(self) -> AbstractAsyncContextManager[None]:
        """Does nothing: SQLite reports each change."""
        return nullcontext()

    async def close(self) -> None:
        """Commits pending writes and closes all connections."""
        async with self._turn:
            await self._end_group()
            self._is_closed = True
            for connection in (*self._readers, *([self._writer] if self._writer else ())):
                connection.close()
            self._readers, self._writer = [], None
        if self._emptying is not None:
            self._emptying.cancel()
        self._threads.shutdown(wait=False)

    def check(self) -> None:
        """Checks that the file is still the one that was opened.

        Raises:
            FileReplaced: It was deleted or replaced.
        """
        if self._path is None or self._file is None:
            return
        try:
            found = _identity(self._path)
        except FileNotFoundError:
            raise FileReplaced("it was deleted") from None
        if found != self._file:
            raise FileReplaced("another file stands in its place")

    async def _begin(self, connection: InlineConnection, came: float) -> None:
        """Begins a write transaction.

        The wait for another process's lock counts for all waiting writers together, not once for each of them.
        """
        waits_since = None if self._locked_since is None else max(came, self._locked_since)
        began = time.monotonic()
        try:
            await connection.begin(writes=True, waits_since=waits_since)
        except sqlite3.OperationalError:
            self._locked_since = self._locked_since or began
            raise
        self._locked_since = None

    async def _begin_group(self, connection: InlineConnection, came: float) -> None:
        await self._begin(connection, came)
        self._committed = asyncio.get_running_loop().create_future()
        ending = asyncio.create_task(self._end_group_in_turn())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _end_group_in_turn(self) -> None:
        """Commits after all writers that were waiting when the shared transaction began: they have joined it."""
        async with self._turn:
            await self._end_group()

    async def _end_group(self) -> None:
        """Commits the shared transaction, if there is one."""
        if self._committed is not None:
            await shielded(self._commit_group())

    async def _commit_group(self) -> None:
        connection = await self._own_writer()
        try:
            await connection.commit()
        except Exception as error:  # noqa: BLE001  # whatever the error, all waiting writers get it
            self._tell(error)
        else:
            self._count(connection)
            self._tell()

    @asynccontextmanager
    async def _transaction(self, connection: InlineConnection, came: float) -> AsyncIterator[None]:
        await self._begin(connection, came)
        try:
            yield
        except BaseException:
            connection.rollback()
            raise
        try:
            await connection.commit()
        finally:
            self._count(connection)  # a cancelled writer's changes are committed all the same

    def _count(self, connection: InlineConnection) -> None:
        """Counts the changes of the transaction that has ended."""
        self._changes.update(connection.changed)
        connection.changed.clear()

    def _tell(self, error: Exception | None = None) -> None:
        """Resumes the writers that wait for the shared transaction."""
        committed, self._committed = self._committed, None
        if committed is None or committed.done():
            return
        if error is None:
            committed.set_result(None)
        else:
            committed.set_exception(error)
            committed.exception()  # a writer that failed before does not read the result

    async def _own_writer(self) -> InlineConnection:
        if self._writer is None:
            self._writer = await self._connect(self._threads)
        return self._writer

    async def _connect(self, threads: Executor | None = None) -> InlineConnection:
        if self._path is not None and not self._path.exists():
            check_folder(self._path)
            # Readable only by the owner, because chats' texts will be in it.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = InlineConnection(self._engine.connect(), self._busy_seconds, threads)
        try:
            await connection.prepare(_PRAGMAS)
            if self._path is not None and self._file is None:
                self._file = _identity(self._path)
        except BaseException:
            connection.close()
            raise
        return connection


def _identity(path: Path) -> tuple[int, int]:
    """Returns what distinguishes a file from another one at the same path."""
    found = path.stat()
    return found.st_dev, found.st_ino
