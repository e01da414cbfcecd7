"""PostgreSQL through SQLAlchemy and psycopg."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Hashable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Dialect, NullPool, PoolProxiedConnection, UpdateBase, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.storage.database.changes import Changes
from bot.storage.database.units import AnyConnection

#: A server that is cut off without a word is noticed within this time (https://www.postgresql.org/docs/current/libpq-connect.html).
_LIVENESS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
#: Connections wait for work and for notices: a limit of the server's for idle ones would cut them again and again. A
#: statement of a process that has died ends.
SET_LIMITS = (
    "SELECT set_config(name, wanted.value, false) FROM pg_settings JOIN"
    " (VALUES ('idle_session_timeout', '0'), ('client_connection_check_interval', '1s')) AS wanted (name, value)"
    " USING (name)"
)
#: A transaction that writes locks rows. The server ends it if its process has stopped or is cut off, so that it holds
#: up no other process. That of a part of the work has a shorter limit. One that reads locks none.
_LIMIT_PAUSES = "SET LOCAL idle_in_transaction_session_timeout = '15s'"
#: The key of the names of the tables that a transaction has written, in the information about its connection.
_CHANGED = "changed"
#: The key of the time when a connection was given back to the pool.
_USED = "used"
#: The most connections, besides those for locks and notices. They stay open, since opening one costs milliseconds.
_CONNECTIONS = 15
#: Seconds for which a transaction waits for a free connection, such as when the server hangs.
_LONGEST_WAIT = 10.0
#: A connection that was not used for so many seconds is checked before it is used.
_IDLE_SECONDS = 1.0
#: Seconds that such a check may take.
_PING_SECONDS = 5.0


class Postgresql:
    """A PostgreSQL server. It handles concurrent transactions itself."""

    def __init__(self, url: URL) -> None:
        # Parameters hold personal data, which must not reach a log.
        from bot.storage.database.patience import PatientConnection  # needs the extra `postgres`

        arguments = liveness(url) | {"async_creator_fn": PatientConnection.connect}
        self._engine = create_async_engine(
            url,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_timeout=_LONGEST_WAIT,
            pool_use_lifo=True,
            hide_parameters=True,
            connect_args=arguments,
        )
        self._sessions = create_async_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)
        self._readers = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._single = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._changes = Changes()
        for engine in (self._engine, self._sessions):
            event.listen(engine.sync_engine, "connect", _set_limits)
        event.listen(self._engine.sync_engine, "before_execute", _note_table)
        event.listen(self._engine.sync_engine, "checkin", _note_time)
        event.listen(self._engine.sync_engine, "checkout", partial(_check_idle, self._engine.dialect))

    @asynccontextmanager
    async def reading(self, single: bool) -> AsyncIterator[AsyncConnection]:
        """Opens a read transaction that sees one state of the database.

        Args:
            single: Whether there is one statement only, which needs no transaction and so a third of the round trips.
        """
        async with (self._single if single else self._readers).connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self, long_running: bool, single: bool) -> AsyncIterator[AsyncConnection]:  # noqa: ARG002  # `patiently` gives statements more time
        """Opens a write transaction. A single statement needs none."""
        async with self._single.connect() if single else self._engine.begin() as connection:
            if not single:
                await connection.execute(text(_LIMIT_PAUSES))
            changed = connection.info[_CHANGED] = set[str | None]()
            yield connection
        self._changes.note(changed)  # at once: the server's notice comes a moment later

    def state(self, tables: Iterable[str]) -> Hashable | None:
        """Returns a value that changes whenever one of the tables is written, or None if it is unknown now."""
        return self._changes.state(tables)

    def may_have_changed(self, connection: AsyncConnection, tables: Iterable[str]) -> bool:
        """Whether the current transaction of a connection may have changed one of the tables."""
        changed: set[str | None] = connection.info[_CHANGED]
        return None in changed or not changed.isdisjoint(tables)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Learns of the writes of other processes during the block."""
        listening = asyncio.create_task(self._changes.listen(self.session))
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.wait({listening})

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncConnection]:
        """Opens a session without a transaction, on a connection of its own that is closed at the end."""
        async with self._sessions.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def erase_traces(self) -> None:
        """Does nothing: the server recycles its write-ahead log."""

    async def close(self) -> None:
        """Closes all connections."""
        await self._engine.dispose()
        await self._sessions.dispose()


@contextmanager
def patiently(connection: AsyncConnection) -> Iterator[None]:
    """Gives the statements of a block more time."""
    from bot.storage.database.patience import LONG_PATIENCE

    assert connection.sync_connection is not None
    with _with_patience(connection.sync_connection.connection.driver_connection, LONG_PATIENCE):
        yield


@contextmanager
def _with_patience(driver: Any, seconds: float) -> Iterator[None]:
    before, driver.patience = driver.patience, seconds
    try:
        yield
    finally:
        driver.patience = before


async def allow_pauses(connection: AnyConnection) -> None:
    """Lets the current transaction of a command compute or write a file for long between its statements."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def liveness(url: URL) -> dict[str, int]:
    """The arguments of a connection that notice a server which is cut off. The URL may have other values."""
    return {name: value for name, value in _LIVENESS.items() if name not in url.query}


def _set_limits(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.autocommit = True  # a setting of a transaction would end with it
    connection.cursor().execute(SET_LIMITS)
    connection.autocommit = False


def _note_time(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    entry.info[_USED] = time.monotonic()


def _check_idle(
    dialect: Dialect, connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Has a connection replaced that broke while nobody used it. One that was used just now is not checked.

    Raises:
        InvalidatePoolError: It is broken. The others are replaced, too.
    """
    if time.monotonic() - entry.info.get(_USED, math.inf) < _IDLE_SECONDS:
        return
    driver: Any = entry.driver_connection
    try:
        with _with_patience(driver, _PING_SECONDS):
            dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _note_table(connection: Connection, statement: object, *_: object) -> None:
    """Notes the table that a statement writes. Of raw SQL, only the server tells what it writes."""
    if isinstance(statement, UpdateBase) and _CHANGED in connection.info:
        connection.info[_CHANGED].add(getattr(statement.table, "name", None))
