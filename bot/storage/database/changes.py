"""Tells which tables of a PostgreSQL database have changed, so that results of queries can be cached.

Any process may write. A trigger of each table in `WATCHED` notifies all of them when a transaction is committed. Each
listens on a connection of its own, and caches nothing while that connection is not proven to work.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: The tables with a trigger. No others can be cached.
WATCHED = frozenset(
    {"attribution", "chat", "followed", "report", "report_tag", "source_chat", "story", "taste", "version"}
)
#: Seconds between two proofs that the connection works.
_PROOF_EVERY = 1.0
#: Seconds after which a proof is too old. If the network fails silently, changes can go unnoticed for so long.
_PROOF_LASTS = 3.0

OpenSession = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class Changes:
    """The changes of tables, by this process and by others."""

    def __init__(self) -> None:
        self._counts: Counter[str | None] = Counter()
        self._proven = -math.inf

    def state(self, tables: Iterable[str]) -> Hashable | None:
        """Returns a value that changes whenever one of the tables is written, or None if changes may go unnoticed."""
        if time.monotonic() - self._proven > _PROOF_LASTS:
            return None
        return (self._counts[None], *map(self._counts.__getitem__, tables))

    def note(self, tables: Iterable[str | None]) -> None:
        """Counts a change of each of the tables. None stands for any table."""
        self._counts.update(tables)

    async def listen(self, open_session: OpenSession) -> None:
        """Listens until it is cancelled. Connects again when the connection is lost."""
        from psycopg import Error  # part of the extra `postgres`

        while True:
            try:
                async with open_session() as session:
                    await self._listen(session)
            except (DBAPIError, Error, OSError, TimeoutError) as error:
                if self._proven > -math.inf:
                    _log.warning("changes_unheard", error=repr(error))
            finally:
                self._proven = -math.inf
            await asyncio.sleep(_PROOF_EVERY)

    async def _listen(self, session: AsyncConnection) -> None:
        driver: Any = (await session.get_raw_connection()).driver_connection
        await session.execute(text("LISTEN nutgraf_changes"))
        self.note([None])  # nobody has listened until now
        while True:
            began = time.monotonic()
            async with asyncio.timeout(_PROOF_LASTS):
                await session.execute(text("SELECT 1"))
            self._proven = began
            async for notice in driver.notifies(timeout=_PROOF_EVERY):
                self.note([notice.payload])
