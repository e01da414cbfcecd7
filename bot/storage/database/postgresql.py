"""PostgreSQL through SQLAlchemy and psycopg."""

from __future__ import annotations

from collections.abc import AsyncIterator, Hashable, Iterable
from contextlib import asynccontextmanager

from sqlalchemy import URL, NullPool
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

#: A server that is cut off without a word is noticed within this time (https://www.postgresql.org/docs/current/libpq-connect.html).
#: The URL may have other values.
_LIVENESS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class Postgresql:
    """A PostgreSQL server. It handles concurrent transactions itself."""

    def __init__(self, url: URL) -> None:
        # Parameters hold personal data, which must not reach a log.
        arguments = {name: value for name, value in _LIVENESS.items() if name not in url.query}
        self._engine = create_async_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=arguments)
        self._sessions = create_async_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Opens a read transaction that sees one state of the database."""
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def writing(self, long_running: bool) -> AsyncIterator[AsyncConnection]:  # noqa: ARG002  # statements never block the event loop here
        """Opens a write transaction."""
        async with self._engine.begin() as connection:
            yield connection

    def state(self, tables: Iterable[str]) -> Hashable | None:  # noqa: ARG002  # the protocol has it
        """Returns None: reading a state would cost a query."""
        return None

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
