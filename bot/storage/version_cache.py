"""A cache of versions: reading one takes long, and only its hidden lines and its claims change."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from bot.storage.briefings import CONTENT, version_of
from bot.storage.database.engine import Connection
from bot.storage.rows import UNREADABLE, report
from briefings.caches import register
from briefings.model import Version

#: Larger rows are read in a thread. Reading 100 kB takes 2 ms.
_LONG = 100_000
#: The most versions, and the most characters of their rows in all.
_MOST, _MOST_CHARACTERS = 500, 20_000_000

_Stamp = tuple[str, datetime, int, str | None, str | None]


class Versions:
    """The versions that were read lately. Those that something else still holds are not read again either."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Stamp, tuple[Version, int]] = OrderedDict()
        self._alive: WeakValueDictionary[_Stamp, Version] = WeakValueDictionary()
        self._characters = 0
        register(self)

    def clear(self) -> None:
        """Forgets all of them, also those that are being read now."""
        self._kept, self._alive, self._characters = OrderedDict(), WeakValueDictionary(), 0

    async def of(self, connection: Connection, rows: Iterable[Any]) -> list[Version]:
        """Returns the versions of the rows, which have the columns of `STAMP`, as far as they can be read."""
        return [found for _, found in await self.beside(connection, rows)]

    async def beside(self, connection: Connection, rows: Iterable[Any]) -> list[tuple[Any, Version]]:
        """Returns the same versions, each beside its row."""
        rows = list(rows)
        stamps: list[_Stamp] = [(row.id, row.received, row.number, row.analyser, row.hidden_lines) for row in rows]
        found = {stamp: self._alive[stamp] for stamp in stamps if stamp in self._alive}
        if missing := [stamp for stamp in dict.fromkeys(stamps) if stamp not in found]:
            found |= await self._read(connection, missing)
        for stamp in found.keys() & self._kept.keys():
            self._kept.move_to_end(stamp)
        return [(row, found[stamp]) for row, stamp in zip(rows, stamps, strict=True) if stamp in found]

    async def _read(self, connection: Connection, missing: Sequence[_Stamp]) -> dict[_Stamp, Version]:
        kept, alive = self._kept, self._alive
        content = await connection.execute(CONTENT, {"ids": [name for name, *_ in missing]})
        rows = {row.id: row for row in content}
        found = {}
        for stamp in missing:
            try:
                row = rows[stamp[0]]
                size = len(row.briefing) + len(row.found or "")
                version = await asyncio.to_thread(version_of, stamp, row) if size > _LONG else version_of(stamp, row)
            except UNREADABLE as error:
                report("version", stamp[0], error)
                continue
            found[stamp] = alive.setdefault(stamp, version)  # another task may have read it meanwhile
            if kept is self._kept:  # nobody has cleared the cache meanwhile
                self._keep(stamp, found[stamp], size)
        return found

    def _keep(self, stamp: _Stamp, version: Version, size: int) -> None:
        _, before = self._kept.pop(stamp, (version, 0))
        self._kept[stamp] = version, size
        self._characters += size - before
        while len(self._kept) > _MOST or self._characters > _MOST_CHARACTERS:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._characters -= dropped
