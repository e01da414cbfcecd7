"""SQLite's connections: one that writes, for one writer after another, and as many as are needed to read."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from sqlalchemy import URL, NullPool, create_engine

from bot.storage.database.inline import InlineConnection, PlainConnection, Undone, shielded

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: Seconds until the write-ahead file is tried again that somebody else was reading.
_LOG_WAIT = 0.5
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")


class FileReplaced(OSError):
    """The database's file is not the one that was opened: what is written to it is lost."""


class Sqlite:
    """A file, or a database in memory.

    Writers of the same moment share a transaction, so that the disk is waited for once: each that waits while another
    one writes joins it, is undone alone if it fails (unless SQLite undoes all of them: then all are told), and goes on
    when all of them are on the disk. Every transaction
    that writes begins with ``BEGIN IMMEDIATE``, since a read that turns into a write fails at once where somebody else
    wrote meanwhile (https://www.sqlite.org/isolation.html).
    """

    def __init__(self, url: URL, path: Path | None, busy_seconds: float) -> None:
        """Opens nothing yet; without a path it is in memory, and has one connection.

        Args:
            busy_seconds: How long a lock of another process's is waited for.
        """
        self._path = path
        self._busy_seconds = busy_seconds
        (name,), options = url.get_dialect()().create_connect_args(url)
        is_uri = bool(options.get("uri"))

        def connect() -> sqlite3.Connection:
            # No pragma nor statement waits for a lock by itself, which would hold up everybody.
            return sqlite3.connect(
                name, timeout=0, isolation_level=None, check_same_thread=False, uri=is_uri, factory=PlainConnection
            )

        # What a statement holds is nobody's business who reads a log.
        self._engine = create_engine(url, creator=connect, poolclass=NullPool, hide_parameters=True)
        self._turn = asyncio.Lock()
        #: Of its own, so that no search that takes long holds up who writes.
        self._threads = ThreadPoolExecutor(1, "nutgraf-writer")
        self._writer: InlineConnection | None = None
        self._readers: list[InlineConnection] = []
        self._file: tuple[int, int] | None = None
        #: What those wait for who have written and whose common transaction has not ended.
        self._committed: asyncio.Future[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self._emptying: asyncio.Task[None] | None = None
        #: Since when, by `time.monotonic`, another process's lock keeps all writers waiting.
        self._locked_since: float | None = None
        #: How often each table was written to; None: any of them.
        self._changes: Counter[str | None] = Counter()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[InlineConnection]:
        """A connection that sees one state of the database."""
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
    async def writing(self, long_running: bool) -> AsyncIterator[InlineConnection]:
        """The connection that writes, in turn; what was written is kept where the block ends without an error.

        Args:
            long_running: Whether it may take long, and nobody else is to wait for its end.
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
                if connection.is_undone:  # so is what the others wrote
                    connection.rollback()
                    self._tell(Undone())
                raise
        await asyncio.shield(committed)

    async def erase_traces(self) -> None:
        """Empties the write-ahead file, which holds copies of what was deleted; goes on later while somebody reads."""
        if self._path is None or await self._empty_log():
            return
        if self._emptying is None or self._emptying.done():
            self._emptying = asyncio.create_task(self._empty_log_later())

    async def _empty_log_later(self) -> None:
        """Tries until it is done; the last connection that closes empties the file, too."""
        while not self._is_closed:
            await asyncio.sleep(_LOG_WAIT)
            if await self._empty_log():
                return

    async def _empty_log(self) -> bool:
        """Whether all of the write-ahead file is in the database, and nothing is left of it."""
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
        """Something that is another thing after any of these tables was written; None: that cannot be told now."""
        writer = self._writer
        if writer is None or self._path is None:
            return None
        try:
            foreign = writer.foreign_changes()
        except sqlite3.Error:  # whoever reads is told
            return None
        return (foreign, self._changes[None], *map(self._changes.__getitem__, tables))

    async def close(self) -> None:
        """Closes all connections; what was written is kept before."""
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
        """Whether the file is still the one that was opened.

        Raises:
            FileReplaced: It was deleted, or another file stands in its place.
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
        """Begins a transaction that writes.

        Writers that came while another process held the lock have waited for it already: each waits for so long in all,
        and not once more for each that came before.
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
        """Commits behind those who waited for their turn when the common transaction began: they have joined it."""
        async with self._turn:
            await self._end_group()

    async def _end_group(self) -> None:
        """Commits the common transaction, if there is one."""
        if self._committed is not None:
            await shielded(self._commit_group())

    async def _commit_group(self) -> None:
        connection = await self._own_writer()
        try:
            await connection.commit()
        except Exception as error:  # noqa: BLE001  # whatever it is, those who wait are told
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
            self._count(connection)  # who is cancelled has written it all the same

    def _count(self, connection: InlineConnection) -> None:
        """Counts what was changed by those whose transaction has ended."""
        self._changes.update(connection.changed)
        connection.changed.clear()

    def _tell(self, error: Exception | None = None) -> None:
        """Lets those go on who wait for the common transaction."""
        committed, self._committed = self._committed, None
        if committed is None or committed.done():
            return
        if error is None:
            committed.set_result(None)
        else:
            committed.set_exception(error)
            committed.exception()  # who failed before does not ask for it

    async def _own_writer(self) -> InlineConnection:
        if self._writer is None:
            self._writer = await self._connect(self._threads)
        return self._writer

    async def _connect(self, threads: Executor | None = None) -> InlineConnection:
        if self._path is not None and not self._path.exists():  # it is for its owner's eyes: chats' texts will be in it
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
    """What tells a file from another one at the same path."""
    found = path.stat()
    return found.st_dev, found.st_ino
