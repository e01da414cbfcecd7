"""Opens a database: SQLite or PostgreSQL, short transactions, errors in our own terms."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, PoolProxiedConnection, StaticPool, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.util import await_only

from bot.storage.errors import DatabaseUnsupported, storage_error
from bot.storage.inline import InlineConnection

#: Seconds that a write waits for another process's before it gives up.
BUSY_SECONDS = 5.0
#: The database of a process that keeps nothing.
IN_MEMORY = "sqlite://"

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_WRITES = "nutgraf_writes"


@dataclass
class _Unit:
    """Writes that are kept together: their connection, once there is one."""

    stack: AsyncExitStack
    connection: AsyncConnection | None = None


class Database:
    """A database and its transactions.

    Every write is one transaction that begins with ``BEGIN IMMEDIATE`` on SQLite, since a read that turns into a write
    fails at once where somebody else wrote meanwhile (https://www.sqlite.org/isolation.html).
    """

    def __init__(self, url: str, busy_seconds: float = BUSY_SECONDS) -> None:
        """Opens nothing yet.

        Raises:
            DatabaseUnsupported: ``url`` names no database that is supported.
        """
        self.url = _driven(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._is_in_memory = self.is_sqlite and self.url.database in {None, "", ":memory:"}
        # What a statement holds is nobody's business who reads a log.
        options: dict[str, Any] = {"pool_pre_ping": not self.is_sqlite, "hide_parameters": True}
        if self.is_sqlite:
            options["async_creator"] = partial(_connect, self.url, self.path, busy_seconds)
            options["pool_reset_on_return"] = None  # each transaction is ended where it was begun
        if self._is_in_memory:
            options["poolclass"] = StaticPool
        try:
            self._engine = create_async_engine(self.url, **options)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise DatabaseUnsupported(self.place, str(error)) from error
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "begin", _begin)
        # Within a process writers queue here, in turn, instead of polling for SQLite's lock.
        self._writing = asyncio.Lock()
        self._unit: ContextVar[_Unit | None] = ContextVar("unit", default=None)

    @property
    def place(self) -> str:
        """What its owner calls it, without a password."""
        if self.path:
            return self.path.as_posix()
        return f"{self.url.get_backend_name()}://{self.url.host or ''}/{self.url.database or ''}"

    @property
    def path(self) -> Path | None:
        """SQLite's file, if it has one."""
        if not self.is_sqlite or self._is_in_memory or not self.url.database:
            return None
        return Path(self.url.database.removeprefix("file:"))

    @asynccontextmanager
    async def read(self, at_length: bool = False) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one state of the database.

        Args:
            at_length: Whether statements may take long, and nobody else is to wait for them.

        Raises:
            StorageError: What the database cannot do.
        """
        unit = self._unit.get()
        if unit is not None and unit.connection is not None:
            async with self._errors(), self._threaded(unit.connection, at_length):
                yield unit.connection
            return
        async with AsyncExitStack() as stack:
            if self._is_in_memory:  # its one connection has one transaction at a time
                await stack.enter_async_context(self._writing)
            async with self._errors(), self._engine.connect() as connection:
                if not self.is_sqlite:
                    await connection.execution_options(isolation_level="REPEATABLE READ")
                async with connection.begin(), self._threaded(connection, at_length):
                    yield connection

    @asynccontextmanager
    async def write(self, is_last: bool = False, at_length: bool = False) -> AsyncIterator[AsyncConnection]:
        """A connection whose changes are kept, all of them, where the block ends without an error.

        Args:
            is_last: Whether it ends what is written `together`: if it fails, all of that does.
            at_length: Whether statements may take long, and nobody else is to wait for them.

        Raises:
            StorageError: What the database cannot do; then nothing is changed.
        """
        unit = self._unit.get()
        if unit is None:
            async with self._transaction() as connection, self._threaded(connection, at_length):
                yield connection
            return
        if unit.connection is None:  # nothing is lost if it fails, and the next write begins anew
            async with AsyncExitStack() as stack:
                connection = await stack.enter_async_context(self._transaction())
                async with self._threaded(connection, at_length):
                    yield connection
                unit.stack.push_async_exit(stack.pop_all())
                unit.connection = connection
            return
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._errors())
            if not is_last:
                await stack.enter_async_context(unit.connection.begin_nested())
            await stack.enter_async_context(self._threaded(unit.connection, at_length))
            yield unit.connection

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Within it every write of this task, and every read after the first of them, is part of one transaction.

        It begins with the first write, so that what only reads holds up nobody, and is kept where the block ends
        without an error. A write that fails within it is undone alone.

        Raises:
            StorageError: It could not be kept; then nothing of it is.
        """
        async with AsyncExitStack() as stack:
            mark = self._unit.set(_Unit(stack))
            stack.callback(self._unit.reset, mark)
            yield

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            if self.is_sqlite:
                await stack.enter_async_context(self._writing)
            async with self._errors(), self._engine.connect() as connection:
                await connection.execution_options(**{_WRITES: True})
                async with connection.begin():
                    yield connection

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncConnection]:
        """A connection to a server without a transaction, for what lasts as long as it does.

        Raises:
            StorageError: What the database cannot do.
        """
        async with self._errors(), self._engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def close(self) -> None:
        """Closes all connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _threaded(self, connection: AsyncConnection, at_length: bool) -> AsyncIterator[None]:
        """Within it statements that may take long go through a thread; a server has its own."""
        if not at_length or not self.is_sqlite:
            yield
            return
        inline = (await connection.get_raw_connection()).driver_connection
        assert isinstance(inline, InlineConnection)
        before, inline.in_thread = inline.in_thread, True
        try:
            yield
        finally:
            inline.in_thread = before

    @asynccontextmanager
    async def _errors(self) -> AsyncIterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error, OSError) as error:
            known = storage_error(self.place, error)
            if known is None:
                raise
            raise known from error


def _driven(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnsupported("what `database` says") from error  # not itself: it may hold a password
    driver = _DRIVERS.get(parsed.drivername)
    if parsed.drivername == "sqlite" and not parsed.database and url != IN_MEMORY:
        raise DatabaseUnsupported(url, "it names no file")
    if driver is None:
        raise DatabaseUnsupported(f"{parsed.drivername}://{parsed.host or ''}", "only SQLite and PostgreSQL are")
    return parsed.set(drivername=driver)


async def _connect(url: URL, path: Path | None, busy_seconds: float) -> InlineConnection:
    if path is not None and not path.exists():  # it is for its owner's eyes: chats' own texts will be in it
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    (name,), options = url.get_dialect()().create_connect_args(url)
    connection = InlineConnection(name, busy_seconds, is_uri=bool(options.get("uri")))
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        await connection.cursor().execute(f"PRAGMA {pragma}")
    return connection


def _begin(connection: Connection) -> None:
    await_only(_inline(connection.connection).begin(bool(connection.get_execution_options().get(_WRITES))))


def _inline(connection: PoolProxiedConnection) -> InlineConnection:
    found = connection.driver_connection
    assert isinstance(found, InlineConnection)
    return found
