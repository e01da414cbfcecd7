"""Opens a database: SQLite or PostgreSQL, short transactions, errors in our own terms."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.storage.database.errors import DatabaseReplaced, DatabaseUnsupported, StorageError, storage_error
from bot.storage.database.inline import InlineConnection
from bot.storage.database.sqlite import FileReplaced, Sqlite
from briefings.caches import clear_text_caches

#: Seconds that a write waits for another process's before it gives up.
BUSY_SECONDS = 5.0
#: The database of a process that keeps nothing.
IN_MEMORY = "sqlite://"

_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}

Connection = AsyncConnection | InlineConnection


class _Backend(Protocol):
    """Connections in a transaction, which ends with the block."""

    def reading(self) -> AbstractAsyncContextManager[Connection]: ...

    def writing(self, long_running: bool) -> AbstractAsyncContextManager[Connection]: ...

    def state(self, tables: Iterable[str]) -> Hashable | None: ...

    async def erase_traces(self) -> None: ...

    async def close(self) -> None: ...


class _Server:
    """PostgreSQL, which has its own way with those who come at once."""

    def __init__(self, url: URL) -> None:
        # What a statement holds is nobody's business who reads a log.
        self._engine = create_async_engine(url, pool_pre_ping=True, hide_parameters=True)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def writing(self, long_running: bool) -> AsyncIterator[AsyncConnection]:  # noqa: ARG002  # it has threads of its own
        async with self._engine.begin() as connection:
            yield connection

    def state(self, tables: Iterable[str]) -> Hashable | None:  # noqa: ARG002  # it would have to be asked
        return None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def erase_traces(self) -> None:
        """Does nothing: a server recycles its log by itself."""

    async def close(self) -> None:
        await self._engine.dispose()


@dataclass
class _Unit:
    """Writes that are kept together: their connection, once there is one."""

    stack: AsyncExitStack
    connection: Connection | None = None
    afterwards: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    def end(self) -> None:
        """A task that was begun within it does not write where others do."""
        self.connection = None


class Database:
    """A database and its transactions."""

    def __init__(self, url: str, busy_seconds: float = BUSY_SECONDS) -> None:
        """Opens nothing yet.

        Raises:
            DatabaseUnsupported: ``url`` names no database that is supported.
        """
        self.url = _driven(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._backend: _Backend
        try:
            self._backend = Sqlite(self.url, self.path, busy_seconds) if self.is_sqlite else _Server(self.url)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise DatabaseUnsupported(self.place, str(error)) from error
        self._unit: ContextVar[_Unit | None] = ContextVar("unit", default=None)
        self._at_the_end: list[Callable[[], Awaitable[None]]] = []
        self._fence: StorageError | None = None

    @property
    def place(self) -> str:
        """What its owner calls it, without a password."""
        if self.path:
            return self.path.as_posix()
        return f"{self.url.get_backend_name()}://{self.url.host or ''}/{self.url.database or ''}"

    @property
    def path(self) -> Path | None:
        """SQLite's file, if it has one."""
        if not self.is_sqlite or self.url.database in {None, "", ":memory:"}:
            return None
        return Path(str(self.url.database).removeprefix("file:"))

    @asynccontextmanager
    async def read(self, long_running: bool = False) -> AsyncIterator[Connection]:
        """A connection that sees one state of the database.

        Args:
            long_running: Whether statements may take long, and nobody else is to wait for them.

        Raises:
            StorageError: What the database cannot do.
        """
        unit = self._unit.get()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._errors())
            if unit is not None and unit.connection is not None:
                connection = unit.connection
            else:
                connection = await stack.enter_async_context(self._backend.reading())
            async with _threaded(connection, long_running):
                yield connection

    @asynccontextmanager
    async def write(self, is_last: bool = False, long_running: bool = False) -> AsyncIterator[Connection]:
        """A connection whose changes are kept, all of them, where the block ends without an error.

        Args:
            is_last: Whether it ends what is written `unit_of_work`: if it fails, all of that does.
            long_running: Whether statements may take long, and nobody else is to wait for them.

        Raises:
            StorageError: What the database cannot do; then nothing is changed. Who is cancelled while it is written to
                the disk has written it all the same.
        """
        if self._fence is not None:
            raise self._fence
        unit = self._unit.get()
        if unit is None or unit.connection is None:  # nothing is lost if it fails, and the next write begins anew
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(self._errors())
                connection = await stack.enter_async_context(self._backend.writing(long_running))
                async with _threaded(connection, long_running):
                    yield connection
                if unit is not None:
                    unit.stack.push_async_exit(stack.pop_all())
                    unit.connection = connection
            return
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._errors())
            if not is_last:
                await stack.enter_async_context(unit.connection.begin_nested())
            async with _threaded(unit.connection, long_running):
                yield unit.connection

    @property
    def is_in_unit(self) -> bool:
        """Whether what is written now is part of something that is written `unit_of_work`."""
        return self._unit.get() is not None

    @property
    def is_writing_together(self) -> bool:
        """Whether others wait until what this task writes `unit_of_work` is complete: it must not wait for them."""
        unit = self._unit.get()
        return unit is not None and unit.connection is not None

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[None]:
        """Within it every write of this task, and every read after the first of them, is part of one transaction.

        It begins with the first write, so that what only reads holds up nobody, and is kept where the block ends
        without an error. From then on all other writers wait, some of them with what they have written: nothing in it
        may wait for anything but the database then. A write that fails within it is undone alone, unless the database
        itself undoes all of it.

        Raises:
            StorageError: It could not be kept; then nothing of it is.
        """
        async with AsyncExitStack() as stack:
            unit = _Unit(stack)
            stack.callback(unit.end)
            mark = self._unit.set(unit)
            stack.callback(self._unit.reset, mark)
            yield
        for work in unit.afterwards:
            await work()

    async def after_unit(self, work: Callable[[], Awaitable[None]]) -> None:
        """Has something done when the `unit_of_work` is kept, or now if there is none."""
        unit = self._unit.get()
        if unit is None:
            await work()
        else:
            unit.afterwards.append(work)

    async def erase_traces(self) -> None:
        """Removes what was deleted from everything that still holds a copy: SQLite's write-ahead file, and caches.

        Failures are logged and tried again, since the deletion itself is kept already.
        """
        clear_text_caches()
        await self._backend.erase_traces()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncConnection]:
        """A connection to a server without a transaction, for what lasts as long as it does.

        Raises:
            StorageError: What the database cannot do.
        """
        assert isinstance(self._backend, _Server)
        async with self._errors(), self._backend.session() as connection:
            yield connection

    def state(self, tables: Iterable[str]) -> Hashable | None:
        """Something that is another thing after any of these tables was written; None: that cannot be told now."""
        if self.is_writing_together:  # what it has changed nobody else sees yet
            return None
        return self._backend.state(tables)

    def check_file(self) -> None:
        """Whether SQLite's file is still the one that was opened.

        Raises:
            DatabaseReplaced: What is written now would be lost.
        """
        if isinstance(self._backend, Sqlite):
            try:
                self._backend.check()
            except FileReplaced as error:
                raise DatabaseReplaced(self.place, str(error)) from error

    def fence(self, error: StorageError | None) -> None:
        """Refuses every write with ``error`` from now on; None lets them through again."""
        self._fence = error

    def at_the_end(self, work: Callable[[], Awaitable[None]]) -> None:
        """Has something written before everything is closed."""
        self._at_the_end.append(work)

    async def close(self) -> None:
        """Closes all connections."""
        try:
            for work in self._at_the_end:
                await work()
        finally:
            await self._backend.close()

    @asynccontextmanager
    async def _errors(self) -> AsyncIterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error, OSError) as error:
            known = storage_error(self.place, error)
            if known is None:
                raise
            raise known from error


@asynccontextmanager
async def _threaded(connection: Connection, long_running: bool) -> AsyncIterator[None]:
    """Within it statements that may take long go through a thread; a server has its own."""
    if not long_running or not isinstance(connection, InlineConnection):
        yield
        return
    before, connection.in_thread = connection.in_thread, True
    try:
        yield
    finally:
        connection.in_thread = before


def _driven(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnsupported("what `database` says") from error  # not itself: it may hold a password
    driver = _DRIVERS.get(parsed.drivername)
    if parsed.drivername == "sqlite" and not parsed.database and url != IN_MEMORY:
        raise DatabaseUnsupported(url, "it names no file")
    if "@" in (parsed.host or ""):  # the end of a password: it is not said back
        raise DatabaseUnsupported("what `database` says", "an @ in a password is written %40")
    if parsed.drivername == "sqlite" and parsed.query and not str(parsed.database).startswith("file:"):
        raise DatabaseUnsupported(f"sqlite:///{parsed.database}", "options after ? are not read")
    if driver is None:
        raise DatabaseUnsupported(f"{parsed.drivername}://{parsed.host or ''}", "only SQLite and PostgreSQL are")
    return parsed.set(drivername=driver)
