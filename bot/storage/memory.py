"""Remembers what chats were told: at once, and in the database a moment later, for many chats in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable

import structlog

from bot.chats import Destination
from bot.storage.chats import Chats, Row
from bot.storage.engine import Database
from bot.storage.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: Seconds: the disk is waited for once in so long, and not once an answer.
_MOMENT = 0.02


class Memory:
    """A `bot.chats.ChatStore` over `Chats`.

    Whoever asks about a chat waits until what is to be remembered of it is written, so that only a kill shows the
    difference: it loses what was told in the last moment. What is written `together` with something else is not late.
    """

    def __init__(self, database: Database, chats: Chats) -> None:
        self._database = database
        self._chats = chats
        self._turn = asyncio.Lock()
        self._late: dict[str, dict[Hashable, Row]] = {}
        self._on_its_way: dict[str, dict[Hashable, Row]] = {}
        self._writing: asyncio.Task[None] | None = None
        database.at_the_end(self.flush)

    async def remember(self, where: Destination, versions: tuple[str, ...], is_list: bool) -> None:
        """From now on a list is what numbers count in, and a single story is the chat's."""
        await self._keep(where, self._chats.remembered(where, versions, is_list))

    async def posted(self, where: Destination, message: str, versions: tuple[str, ...]) -> None:
        """Remembers which versions a message of the bot's told of."""
        await self._keep(where, self._chats.told_of(where, message, versions))

    async def told(self, where: Destination) -> tuple[str, ...]:
        """What the last answer told of, in its order."""
        await self.settle(where)
        return await self._chats.told(where)

    async def story(self, where: Destination) -> str | None:
        """The story that was last shown by itself."""
        await self.settle(where)
        return await self._chats.story(where)

    async def next_message(self, where: Destination) -> str:
        """A number for the next message, on a platform that does not number its messages."""
        await self.settle(where)
        return await self._chats.next_message(where)

    async def about(self, where: Destination, message: str) -> tuple[str, ...]:
        """What that message told of, in its order."""
        await self.settle(where)
        return await self._chats.about(where, message)

    async def language(self, where: Destination) -> str | None:
        """The language that the chat chose."""
        return await self._chats.language(where)

    async def speak(self, where: Destination, language: str) -> None:
        """From now on the chat is answered in that language."""
        await self._chats.speak(where, language)

    async def flush(self) -> None:
        """Writes what is late.

        Raises:
            StorageError: It could not be written, and is written later.
        """
        async with self._turn:
            self._late, self._on_its_way = {}, self._late
            try:
                if self._on_its_way:
                    await self._chats.keep(row for rows in self._on_its_way.values() for row in rows.values())
            except BaseException:
                later, self._late = self._late, self._on_its_way
                for owner, rows in later.items():
                    for row in rows.values():
                        self._add(owner, row)
                raise
            finally:
                self._on_its_way = {}

    async def settle(self, where: Destination) -> None:
        """Returns when all that is to be remembered of a chat is written."""
        if where.owner in self._late or where.owner in self._on_its_way:
            await self.flush()

    async def _keep(self, where: Destination, row: Row) -> None:
        if self._database.is_together:
            await self._chats.keep([row])
            return
        self._add(where.owner, row)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_soon())

    def _add(self, owner: str, row: Row) -> None:
        rows = self._late.setdefault(owner, {})
        before = rows.get(row.key)
        rows[row.key] = row.over(before) if before else row

    async def _write_soon(self) -> None:
        await asyncio.sleep(_MOMENT)
        try:
            await self.flush()
        except StorageError as error:
            _log.warning("memory_not_written", error=repr(error))
