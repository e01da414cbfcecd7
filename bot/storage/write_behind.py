"""Write-behind store for conversation memory: readable at once, flushed every 20 ms in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from contextvars import Context

import structlog

from bot.chats import Answer, Destination, Profile
from bot.storage.chats import Chats, Row
from bot.storage.database.engine import Database
from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: Seconds between two flushes, so that not every answer waits for the disk. Longer while the database fails.
_MOMENT, _LONGEST_WAIT = 0.02, 30.0
#: The most chats with unflushed writes. While the database fails, the oldest are dropped above this number.
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
        """Remembers an answer: numbers refer to its list, and a single story becomes the current one."""
        if self._database.is_in_unit:
            await self._chats.remember(where, versions, is_list)
        else:
            self._write_later(where.owner, self._chats.remembered(where, versions, is_list))

    async def posted(self, where: Destination, message: str, versions: tuple[str, ...]) -> None:
        """Remembers the versions in a message of the bot."""
        if self._database.is_in_unit:
            await self._chats.posted(where, message, versions)
        else:
            self._write_later(where.owner, self._chats.told_of(where, message, versions))

    async def answered(self, where: Destination, request: str, answer: Answer) -> None:
        """Remembers the answer to a user's message, for the case that the user edits it."""
        await self._chats.answered(where, request, answer)

    async def answer_to(self, where: Destination, request: str) -> Answer | None:
        """Returns the answer to a user's message, if it is one of the chat's last ones."""
        await self._settle(where)
        return await self._chats.answer_to(where, request)

    async def told(self, where: Destination) -> tuple[str, ...]:
        """Returns the versions in the last answer, in order."""
        await self._settle(where)
        return await self._chats.told(where)

    async def story(self, where: Destination) -> str | None:
        """Returns the last story that was shown alone."""
        await self._settle(where)
        return await self._chats.story(where)

    async def next_message(self, where: Destination) -> str:
        """Returns a number for the next message, for platforms without message ids."""
        await self._settle(where)
        return await self._chats.next_message(where)

    async def about(self, where: Destination, message: str) -> tuple[str, ...]:
        """Returns the versions in that message, in order."""
        await self._settle(where)
        return await self._chats.about(where, message)

    async def language(self, where: Destination) -> str | None:
        """Returns the language that the thread has chosen, or else its chat."""
        return await self._chats.language(where)

    async def speak(self, where: Destination, language: str | None) -> None:
        """Sets the language of the chat, or of the thread alone."""
        await self._chats.speak(where, language)

    async def profile(self, where: Destination) -> Profile:
        """Returns the profile of a chat."""
        return await self._chats.profile(where)

    async def introduce(self, where: Destination, **changed: str | None) -> None:
        """Changes the title or the time zone of a chat."""
        await self._chats.introduce(where, **changed)

    async def flush(self) -> None:
        """Flushes delayed writes, except while this task holds the write lock.

        Raises:
            StorageError: The flush failed. The writes stay delayed.
        """
        if (self._late or self._on_its_way) and not self._database.is_holding_write_lock:
            # This write is not part of the task's transaction and must not be rolled back with it.
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
                ):  # a row that cannot be written must not stop the others
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
