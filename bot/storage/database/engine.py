"""A database and its transactions, the same for SQLite and PostgreSQL, with `StorageError` for all failures."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.exc import DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database.driver_errors import storage_error
from bot.storage.database.errors import DatabaseReplaced, DatabaseUnsupported, PartLost
from bot.storage.database.inline import InlineConnection
from bot.storage.database.membership import Membership
from bot.storage.database.postgresql import Postgresql, patiently
from bot.storage.database.sqlite import FileReplaced, Sqlite
from bot.storage.database.tenure import Tenure, is_in_office
from bot.storage.database.units import AnyConnection, Unit
from bot.storage.database.urls import file_of, parse_url
from briefings.caches import clear_text_caches

#: How long a write waits for another process that is writing, in seconds.
BUSY_SECONDS = 5.0
Connection = AnyConnection


class _Backend(Protocol):
    """Opens transactions on one kind of database. Each ends with its ``async with`` block."""

    def reading(self, single: bool) -> AbstractAsyncContextManager[Connection]: ...

    def writing(self, long_running: bool, single: bool) -> AbstractAsyncContextManager[Connection]: ...

    def state(self, tables: Iterable[str]) -> Hashable | None: ...

    def may_have_changed(self, connection: Any, tables: Iterable[str]) -> bool: ...

    def watching(self) -> AbstractAsyncContextManager[None]: ...

    async def erase_traces(self) -> None: ...

    async def close(self) -> None: ...


class Database:
    """A database and its transactions."""

    def __init__(self, url: str, busy_seconds: float = BUSY_SECONDS) -> None:
        """Prepares the database. Connections are opened when they are needed.

        Raises:
            DatabaseUnsupported: ``url`` is wrong or names an unsupported database.
        """
        self.url = parse_url(url)
        self.membership = Membership()
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._backend: _Backend
        try:
            self._backend = Sqlite(self.url, self.path, busy_seconds) if self.is_sqlite else Postgresql(self.url)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise DatabaseUnsupported(self.place, str(error)) from error
        self._unit: ContextVar[Unit | None] = ContextVar("unit", default=None)
        self._at_the_end: list[Callable[[], Awaitable[None]]] = []
        self._tenure: ContextVar[Tenure | None] = ContextVar("tenure", default=None)

    @property
    def place(self) -> str:
        """A description for messages, without a password: the file, or the server and the database's name."""
        if self.path:
            return self.path.as_posix()
        return f"{self.url.get_backend_name()}://{self.url.host or ''}/{self.url.database or ''}"

    @property
    def path(self) -> Path | None:
        """The SQLite file, or None for a database in memory or on a server."""
        return file_of(self.url)

    @asynccontextmanager
    async def read(self, long_running: bool = False, single: bool = False) -> AsyncIterator[Connection]:
        """Opens a read transaction: all its statements see the same state of the database.

        Args:
            long_running: Whether statements can be slow. On SQLite they then run in a thread, and on
                PostgreSQL they get more time.
            single: Whether there is one statement only. On PostgreSQL it then needs no transaction.

        Raises:
            StorageError: The database failed.
        """
        unit = self._unit.get()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.errors())
            if unit is not None and unit.connection is not None:
                connection = unit.connection
            else:
                connection = await stack.enter_async_context(self._backend.reading(single))
            with _with_time(connection, long_running):
                yield connection

    @asynccontextmanager
    async def write(
        self, is_last: bool = False, long_running: bool = False, single: bool = False, apart: bool = False
    ) -> AsyncIterator[Connection]:
        """Opens a write transaction, which is committed if the block ends without an error.

        If the task is cancelled during the commit, the changes are still committed.

        Args:
            is_last: Whether this is the last write of a `unit_of_work`. It then needs no savepoint: if it fails, the
                whole unit is rolled back.
            long_running: Whether statements can be slow. On SQLite they then run in a thread, and on
                PostgreSQL they get more time.
            single: Whether there is one statement only. On PostgreSQL it then needs no transaction of its own.
            apart: Whether it may be done twice. It is then no part of a `unit_of_work` that has not written yet, which
                can still wait for other things than the database.

        Raises:
            StorageError: The database failed and nothing was changed.
        """
        unit = None if apart and not self.is_holding_write_lock else self._unit.get()
        if unit is None or unit.connection is None:  # a failure rolls back this write only
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(self.errors())
                connection = await stack.enter_async_context(self._writing(long_running, single and unit is None))
                with _with_time(connection, long_running):
                    yield connection
                if unit is not None:
                    unit.stack.push_async_exit(stack.pop_all())
                    unit.connection = connection
            return
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.errors())
            if not is_last:
                await stack.enter_async_context(unit.connection.begin_nested())
            with _with_time(unit.connection, long_running):
                yield unit.connection

    @contextmanager
    def held_by(self, tenure: Tenure) -> Iterator[None]:
        """Makes writes of this task, and of tasks that it starts, fail with `PartLost` once ``tenure`` has ended."""
        mark = self._tenure.set(tenure)
        try:
            yield
        finally:
            self._tenure.reset(mark)

    @property
    def is_in_office(self) -> bool:
        """Whether this task's process still holds the part that the task belongs to. True outside of all parts."""
        tenure = self._tenure.get()
        return tenure is None or tenure.is_current

    @property
    def is_in_unit(self) -> bool:
        """Whether this task is inside a `unit_of_work`."""
        return self._unit.get() is not None

    @property
    def is_holding_write_lock(self) -> bool:
        """Whether this task has written in its `unit_of_work`. Other writers now wait for it."""
        unit = self._unit.get()
        return unit is not None and unit.connection is not None

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[None]:
        """Runs all writes of this task in one transaction, which is committed if the block ends without an error.

        The transaction begins with the first write and includes the reads after it. From then on all other writers
        wait, so the block must wait for nothing but the database. If one write fails, only that write is rolled back,
        unless the database itself ends the transaction.

        Raises:
            StorageError: The commit failed and nothing was changed.
        """
        async with AsyncExitStack() as stack:
            unit = Unit(stack)
            stack.callback(unit.end)
            mark = self._unit.set(unit)
            stack.callback(self._unit.reset, mark)
            yield
        for work in unit.afterwards:
            await work()

    async def after_unit(self, work: Callable[[], Awaitable[None]]) -> None:
        """Calls ``work`` after the commit of the current `unit_of_work`, or at once if there is none."""
        unit = self._unit.get()
        if unit is None:
            await work()
        else:
            unit.afterwards.append(work)

    async def erase_traces(self) -> None:
        """Removes the copies of deleted rows from caches and from SQLite's write-ahead log.

        A failure is logged and tried again later. The deletion itself is already committed.
        """
        clear_text_caches()
        await self._backend.erase_traces()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncConnection]:
        """Opens a PostgreSQL session without a transaction, such as for an advisory lock.

        Raises:
            StorageError: The database failed.
        """
        assert isinstance(self._backend, Postgresql)
        async with self.errors(), self._backend.session() as connection:
            yield connection

    def state(self, tables: Iterable[str]) -> Hashable | None:
        """Returns a value that changes whenever one of the tables is written, or None if there is none to compare."""
        unit, names = self._unit.get(), tuple(tables)
        own = unit.connection if unit else None  # its changes are not visible to others yet
        return None if own and self._backend.may_have_changed(own, names) else self._backend.state(names)

    def watching(self) -> AbstractAsyncContextManager[None]:
        """Learns of other processes' writes during the block. On PostgreSQL, nothing is cached without it."""
        return self._backend.watching()

    def check_file(self) -> None:
        """Checks that the SQLite file has not been replaced or deleted since it was opened.

        Raises:
            DatabaseReplaced: It has been, and writes would be lost.
        """
        if isinstance(self._backend, Sqlite):
            try:
                self._backend.check()
            except FileReplaced as error:
                raise DatabaseReplaced(self.place, str(error)) from error

    def at_the_end(self, work: Callable[[], Awaitable[None]]) -> None:
        """Registers ``work``, which `close` calls before it closes the connections."""
        self._at_the_end.append(work)

    async def close(self) -> None:
        """Runs the functions registered with `at_the_end`, then closes all connections."""
        try:
            for work in self._at_the_end:
                await work()
        finally:
            await self._backend.close()

    @asynccontextmanager
    async def _writing(self, long_running: bool, single: bool) -> AsyncIterator[Connection]:
        """Opens a write transaction, during which the tenure of this task cannot end.

        Raises:
            PartLost: It has ended.
        """
        tenure = self._tenure.get()
        if tenure is not None and not tenure.is_current:
            raise PartLost(self.place, tenure.part)
        async with self._backend.writing(long_running, single and tenure is None) as connection:
            # A file has one process. On a server, another one may have taken over in the meantime.
            if tenure is not None and not self.is_sqlite and not await is_in_office(connection, tenure):
                raise PartLost(self.place, tenure.part)
            yield connection

    @asynccontextmanager
    async def errors(self) -> AsyncIterator[None]:
        """Turns the errors of drivers into `StorageError`.

        Raises:
            StorageError: The database failed.
        """
        try:
            yield
        except (DBAPIError, NoConnectionFree, sqlite3.Error, OSError) as error:
            known = storage_error(self.place, error)
            if known is None:
                raise
            raise known from error


@contextmanager
def _with_time(connection: Connection, long_running: bool) -> Iterator[None]:
    """Lets statements be slow if ``long_running`` is set: on SQLite in a thread, on PostgreSQL with more patience."""
    if not long_running:
        yield
    elif isinstance(connection, InlineConnection):
        before, connection.in_thread = connection.in_thread, True
        try:
            yield
        finally:
            connection.in_thread = before
    else:
        with patiently(connection):
            yield
