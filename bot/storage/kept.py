"""Keeps what was read as long as the tables that it was read from are as they were."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from sqlalchemy import Table

from bot.storage.engine import Database

Found = TypeVar("Found")

#: What was found for so many keys is kept.
_MOST = 10_000


class Kept(Generic[Found]):
    """What was found in some tables, by what was asked for."""

    def __init__(self, database: Database, *tables: Table) -> None:
        self._database = database
        self._tables = tuple(table.name for table in tables)
        self._state: Hashable = None
        self._found: dict[Hashable, Found] = {}

    @property
    def can_be_kept(self) -> bool:
        """Whether it can be told that the tables are as they were."""
        return self._database.state(self._tables) is not None

    async def get(self, key: Hashable, read: Callable[[], Awaitable[Found]]) -> Found:
        """What ``read`` finds, or found since the tables changed."""
        state = self._database.state(self._tables)
        if state is None:
            return await read()
        if state != self._state or len(self._found) >= _MOST:
            self._state, self._found = state, {}
        elif key in self._found:
            return self._found[key]
        found = await read()
        if state == self._state:  # nobody has begun anew meanwhile
            self._found[key] = found
        return found
