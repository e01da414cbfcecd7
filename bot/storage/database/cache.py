"""Keeps what was read as long as the tables that it was read from are as they were; only SQLite can tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from sqlalchemy import Table

from bot.storage.database.engine import Database
from briefings.caches import register

Found = TypeVar("Found")


class Cache(Generic[Found]):
    """What was found in some tables, by what was asked for."""

    def __init__(self, database: Database, *tables: Table, most: int) -> None:
        """Begins with nothing.

        Args:
            most: For so many keys it is kept.
        """
        self._database = database
        self._most = most
        self._tables = tuple(table.name for table in tables)
        self._state: Hashable = None
        self._found: dict[Hashable, Found] = {}
        register(self)

    def clear(self) -> None:
        """Forgets everything, also what is being read now."""
        self._state, self._found = None, {}

    @property
    def is_possible(self) -> bool:
        """Whether it can be told that the tables are as they were."""
        return self._database.state(self._tables) is not None

    async def get(self, key: Hashable, read: Callable[[], Awaitable[Found]]) -> Found:
        """What ``read`` finds, or found since the tables changed."""
        state = self._database.state(self._tables)
        if state is None:
            return await read()
        if state != self._state:
            self._state, self._found = state, {}
        if key in self._found:
            return self._found[key]
        if len(self._found) >= self._most:
            self._found = {}
        found = await read()
        if state == self._state:  # nobody has begun anew meanwhile
            self._found[key] = found
        return found
