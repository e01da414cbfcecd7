"""SQLite's connections: one that writes, for one writer after another, and as many as are needed to read."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine

from bot.storage.inline import InlineConnection, PlainConnection, uninterrupted

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")


class Sqlite:
    """A file, or a database in memory.

    Writers of the same moment share a transaction, so that the disk is waited for once: each that waits while another
    one writes joins it, is undone alone if it fails, and goes on when all of them are on the disk. Every transaction
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
        self._writer: InlineConnection | None = None
        self._readers: list[InlineConnection] = []
        #: What those wait for who have written and whose common transaction has not ended.
        self._kept: asyncio.Future[None] | None = None
        self._keeping: set[asyncio.Task[None]] = set()
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
            self._readers.append(connection)

    @asynccontextmanager
    async def writing(self, at_length: bool) -> AsyncIterator[InlineConnection]:
        """The connection that writes, in turn; what was written is kept where the block ends without an error.

        Args:
            at_length: Whether it may take long, and nobody else is to wait for its end.
        """
        async with self._turn:
            connection = await self._own_writer()
            if at_length:
                await self._keep()
                async with _transaction(connection):
                    yield connection
                self._count(connection)
                return
            if self._kept is None:
                await connection.begin(writes=True)
                self._kept = asyncio.get_running_loop().create_future()
                keeping = asyncio.create_task(self._keep_in_turn())
                self._keeping.add(keeping)
                keeping.add_done_callback(self._keeping.discard)
            kept = self._kept
            try:
                async with connection.begin_nested():
                    yield connection
            except BaseException as error:
                if not connection.in_transaction:  # SQLite has undone what everybody wrote
                    self._end(error)
                raise
        await asyncio.shield(kept)

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
            await self._keep()
            for connection in (*self._readers, *([self._writer] if self._writer else ())):
                connection.close()
            self._readers, self._writer = [], None

    async def _keep_in_turn(self) -> None:
        """Ends the common transaction behind those who waited for their turn when it began: they have joined it."""
        async with self._turn:
            await self._keep()

    async def _keep(self) -> None:
        """Ends the common transaction, if there is one."""
        if self._kept is not None:
            await uninterrupted(self._commit())

    async def _commit(self) -> None:
        connection = await self._own_writer()
        try:
            await connection.commit()
        except Exception as error:  # noqa: BLE001  # whatever it is, those who wait are told
            self._end(error)
        else:
            self._count(connection)
            self._end()

    def _count(self, connection: InlineConnection) -> None:
        """Counts what was changed by those whose transaction has ended."""
        self._changes.update(connection.changed)
        connection.changed.clear()

    def _end(self, error: BaseException | None = None) -> None:
        """Lets those go on who wait for the common transaction."""
        kept, self._kept = self._kept, None
        if kept is None or kept.done():
            return
        if error is None:
            kept.set_result(None)
        else:
            kept.set_exception(error)
            kept.exception()  # who failed before does not ask for it

    async def _own_writer(self) -> InlineConnection:
        if self._writer is None:
            self._writer = await self._connect()
        return self._writer

    async def _connect(self) -> InlineConnection:
        if self._path is not None and not self._path.exists():  # it is for its owner's eyes: chats' texts will be in it
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = InlineConnection(self._engine.connect(), self._busy_seconds)
        try:
            await connection.prepare(_PRAGMAS)
        except BaseException:
            connection.close()
            raise
        return connection


@asynccontextmanager
async def _transaction(connection: InlineConnection) -> AsyncIterator[None]:
    await connection.begin(writes=True)
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    await connection.commit()
