"""Waits for a PostgreSQL server that cannot be used for a while, such as while it is restarted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import URL

from bot.runtime.restarts import RestartPatience
from bot.storage.database.errors import (
    DatabaseConflict,
    DatabaseFull,
    DatabaseLocked,
    DatabaseUnreachable,
    ServerReadOnly,
    StorageError,
)
from bot.storage.database.urls import parse_url

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: Errors that end without a change of the settings. A server that is not reached may also refuse this program.
_PASSING = (DatabaseUnreachable, DatabaseLocked, DatabaseFull, ServerReadOnly, DatabaseConflict)
#: All connections of a server, a database or a user are in use. A failed connection has no SQLSTATE.
_NO_CONNECTION_FREE = re.compile("too many (?:clients|connections)|connection slots")
#: Seconds between two tries.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0
_CONNECT_SECONDS = "5"


async def run_through_outages(url: str, work: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> None:
    """Runs ``work``, and runs it again when the server can be used again, until it ends or ``stopping`` is set.

    Args:
        url: The URL of the database. SQLite has no server, so its errors are raised at once.

    Raises:
        StorageError: Waiting does not help, such as with a wrong password.
    """
    patience = RestartPatience(stopping, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
    while not stopping.is_set():
        patience.begins()
        try:
            await work()
        except StorageError as error:
            if not await _is_outage(parse_url(url), error):
                raise
            _log.warning("waiting_for_database", reason=error.detail, seconds=patience.seconds)
            await patience.wait()
        else:
            return


async def _is_outage(url: URL, error: StorageError) -> bool:
    """Whether an error ends without a change of the settings."""
    if url.get_backend_name() == "sqlite" or not isinstance(error, _PASSING):
        return False
    return not isinstance(error, DatabaseUnreachable) or not await asyncio.to_thread(_is_refused, url)


def _is_refused(url: URL) -> bool:
    """Whether the server accepts connections, but not from this program: its user, password or database is wrong."""
    from psycopg import Error, connect, pq  # part of the extra `postgres`

    limited = url if "connect_timeout" in url.query else url.update_query_dict({"connect_timeout": _CONNECT_SECONDS})
    address = limited.set(drivername="postgresql").render_as_string(hide_password=False)
    if pq.PGconn.ping(address.encode()) != pq.Ping.OK:
        return False
    try:
        connect(address).close()
    except Error as error:
        is_starting = pq.PGconn.ping(address.encode()) != pq.Ping.OK
        return not is_starting and not _NO_CONNECTION_FREE.search(str(error))
    return False
