"""Write-behind store for conversation memory: readable at once, flushed every 20 ms in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from contextvars import Context

import structlog

from bot.chats import Destination
from bot.storage.chats import Chats, Row
from bot.storage.database.engine import Database
from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: Seconds: the disk is waited for once in so long, and not once an answer; longer while the database is away.
_MOMENT, _LONGEST_WAIT = 0.02, 30.0
#: Chats of which something is late; while the database is away, the oldest are forgotten above that.
_MOST_CHATS = 10_000


class WriteBehindChats:
    """A `bot.chats.ChatStore` over `Chats`.

    A read waits until the chat's own writes are flushed. A kill loses the writes of the last moment, and so does a
    database that is away for long. Writes inside a `unit_of_work` are part of its transaction and not delayed.
    """

    def __init__(self, database: Database, chats: Chats) -> None:
        self._database = database
        self._chats = chats
        self._turn = asyncio.Lock()
        self._late: dict[str, dict[Hashable, Row]] = {}
        self._on_its_way: dict[str, dict[Hashable, Row]] = {}
        self._writing: asyncio.Task[None] | None = None
        database.at_the_end(self._flush_at_the_end)

    async def remember(self, where: Destination, versions: tuple[str, ...], is_list: bool) -> None:
        """From now on a list is what numbers count in, and a single story is the chat's."""
        if self._database.is_in_unit:
            await self._chats.remember(where, versions, is_list)
        else:
            self._write_later(where.owner, self._chats.remembered(where, versions, is_list))

    async def posted(self, where: Destination, message: str, versions: tuple[str, ...]) -> None:
        """Remembers which versions a message of the bot's told of."""
        if self._database.is_in_unit:
            await self._chats.posted(where, message, versions)
        else:
            self._write_later(where.owner, self._chats.told_of(where, message, versions))

    async def told(self, where: Destination) -> tuple[str, ...]:
        """What the last answer told of, in its order."""
        await self._settle(where)
        return await self._chats.told(where)

    async def story(self, where: Destination) -> str | None:
        """The story that was last shown by itself."""
        await self._settle(where)
        return await self._chats.story(where)

    async def next_message(self, where: Destination) -> str:
        """A number for the next message, on a platform that does not number its messages."""
        await self._settle(where)
        return await self._chats.next_message(where)

    async def about(self, where: Destination, message: str) -> tuple[str, ...]:
        """What that message told of, in its order."""
        await self._settle(where)
        return await self._chats.about(where, message)

    async def language(self, where: Destination) -> str | None:
        """The language that the chat chose."""
        return await self._chats.language(where)

    async def speak(self, where: Destination, language: str) -> None:
        """From now on the chat is answered in that language."""
        await self._chats.speak(where, language)

    async def flush(self) -> None:
        """Writes what is late, unless others wait for this task to end what it writes together.

        Raises:
            StorageError: It could not be written, and stays late.
        """
        if (self._late or self._on_its_way) and not self._database.is_holding_write_lock:
            # It is no part of what this task writes together, and must not be undone with it.
            await asyncio.create_task(self._write(), context=Context())

    async def _settle(self, where: Destination) -> None:
        if where.owner in self._late or where.owner in self._on_its_way:
            await self.flush()

    def _write_later(self, owner: str, row: Row) -> None:
        self._add(owner, row)
        if len(self._late) > _MOST_CHATS:
            del self._late[next(iter(self._late))]
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_soon(), context=Context())

    def _add(self, owner: str, row: Row) -> None:
        rows = self._late.setdefault(owner, {})
        before = rows.get(row.key)
        rows[row.key] = row.over(before) if before else row

    async def _write_soon(self) -> None:
        wait = _MOMENT
        while self._late:
            await asyncio.sleep(wait)
            try:
                await self._write()
            except StorageError as error:
                wait = min(max(1.0, 2 * wait), _LONGEST_WAIT)
                _log.warning("conversation_write_failed", error=repr(error), again_in=wait)

    async def _write(self) -> None:
        async with self._turn:
            self._late, self._on_its_way = {}, self._late
            if not self._on_its_way:
                return
            try:
                await self._chats.keep(row for rows in self._on_its_way.values() for row in rows.values())
            except BaseException as error:
                if isinstance(error, Exception) and not isinstance(
                    error, StorageError
                ):  # a row that cannot be written must not hold up the others
                    _log.exception("conversation_lost", chats=len(self._on_its_way))
                    return
                later, self._late = self._late, self._on_its_way
                for owner, rows in later.items():
                    for row in rows.values():
                        self._add(owner, row)
                raise
            finally:
                self._on_its_way = {}

    async def _flush_at_the_end(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])
        try:
            await self.flush()
        except StorageError as error:
            _log.warning("conversation_lost", chats=len(self._late), error=repr(error))
