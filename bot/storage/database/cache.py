"""A cache of query results that is valid until one of its tables changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from sqlalchemy import Table

from bot.storage.database.changes import WATCHED
from bot.storage.database.engine import Database
from briefings.caches import register

Found = TypeVar("Found")


class Cache(Generic[Found]):
    """Cached results of queries on some tables, by key."""

    def __init__(self, database: Database, *tables: Table, most: int) -> None:
        """Creates an empty cache.

        Args:
            most: The most keys.
        """
        assert WATCHED.issuperset(table.name for table in tables)
        self._database = database
        self._most = most
        self._tables = tuple(table.name for table in tables)
        self._state: Hashable = None
        self._found: dict[Hashable, Found] = {}
        register(self)

    def clear(self) -> None:
        """Deletes all results, including those that are being read now."""
        self._state, self._found = None, {}

    @property
    def is_possible(self) -> bool:
        """Whether changes of the tables can be detected now."""
        return self._database.state(self._tables) is not None

    async def get(self, key: Hashable, read: Callable[[], Awaitable[Found]]) -> Found:
        """Returns the cached result of ``read``, or a new one if the tables have changed."""
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
        if state == self._state:  # the cache was not cleared meanwhile
            self._found[key] = found
        return found
