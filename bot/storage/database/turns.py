"""Turns of something that all processes together may do only once in a while, such as starting a session."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from sqlalchemy import text

from bot.storage.database.engine import Database
from bot.storage.database.errors import StorageError
from bot.storage.database.part_locks import lock_number

#: The first of the two numbers of a turn's advisory lock. The second one is made of its name.
TURN_SPACE = 7_853_293
_LOOKS_EVERY = 0.25
#: Seconds by which a process may be late before it loses its turn.
_MARGIN = 2.0
_LOCK = text("SELECT pg_try_advisory_lock(:space, :turn)")
_SET_UP = text("SELECT set_config('idle_session_timeout', :limit, false)")


class Turns:
    """Gives turns, each some seconds after the one before it, to all processes with this database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._kept: set[asyncio.Task[None]] = set()

    async def take(self, name: str, seconds: float) -> None:
        """Waits for a turn. The next one with this name begins ``seconds`` later, in this process or another.

        Raises:
            StorageError: The database failed.
        """
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._locks[name])
            if not self._database.is_sqlite:
                await stack.enter_async_context(self._locked(name, seconds))
            kept = asyncio.create_task(_keep(stack.pop_all(), seconds))
        self._kept.add(kept)
        kept.add_done_callback(self._kept.discard)

    @asynccontextmanager
    async def _locked(self, name: str, seconds: float) -> AsyncIterator[None]:
        """Holds the advisory lock of a turn. The server takes it from a process that hangs."""
        numbers = {"space": TURN_SPACE, "turn": lock_number(name)}
        async with self._database.session() as session:
            await session.execute(_SET_UP, {"limit": f"{seconds + _MARGIN}s"})
            while not await session.scalar(_LOCK, numbers):  # noqa: ASYNC110  # another process has the lock
                await asyncio.sleep(_LOOKS_EVERY)
            yield


async def _keep(turn: AsyncExitStack, seconds: float) -> None:
    with suppress(StorageError):  # a lost connection has ended the turn
        async with turn:
            await asyncio.sleep(seconds)
