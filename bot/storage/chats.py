"""The store of what is remembered of chats, for a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Insert, Integer, Table, bindparam, cast, delete, func, select

from bot.chats import Destination
from bot.storage.engine import Connection, Database
from bot.storage.statements import upsert
from bot.storage.tables import chat, conversation, posted

# Building a statement takes longer than carrying it out; these are what most commands need.
_LANGUAGE = select(chat.c.language).where(chat.c.destination == bindparam("destination"))
_CONVERSATION = select(conversation).where(
    conversation.c.destination == bindparam("destination"), conversation.c.seen >= bindparam("since")
)
_ABOUT = select(posted.c.versions).where(
    posted.c.chat == bindparam("chat"), posted.c.message == bindparam("message"), posted.c.seen >= bindparam("since")
)


class Chats:
    """A `bot.chats.ChatStore`; what is older than ``memory`` is forgotten."""

    def __init__(self, database: Database, clock: Callable[[], datetime], memory: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._memory = memory

    async def remember(self, where: Destination, versions: tuple[str, ...], is_list: bool) -> None:
        """From now on a list is what numbers count in, and a single story is the chat's."""
        row: dict[str, object] = {"destination": str(where), "seen": self._clock()}
        if is_list:
            row["told"] = json.dumps(versions)
        if len(versions) == 1:
            row["story"] = versions[0]
        await self._keep(conversation, row, {"told": "[]"})

    async def told(self, where: Destination) -> tuple[str, ...]:
        """What the last answer told of, in its order."""
        row = await self._conversation(where)
        return tuple(json.loads(row.told)) if row else ()

    async def story(self, where: Destination) -> str | None:
        """The story that was last shown by itself."""
        row = await self._conversation(where)
        return row.story if row else None

    async def posted(self, where: Destination, message: str, versions: tuple[str, ...]) -> None:
        """Remembers which versions a message of the bot's told of."""
        row = {"chat": where.owner, "message": message, "versions": json.dumps(versions), "seen": self._clock()}
        await self._keep(posted, row)

    async def next_message(self, where: Destination) -> str:
        """A number for the next message, on a platform that does not number its messages."""
        last = select(func.max(cast(posted.c.message, Integer))).where(
            posted.c.chat == where.owner, posted.c.message.not_like("post%")
        )
        async with self._database.read() as connection:
            return str(1 + (await connection.scalar(last) or 0))

    async def about(self, where: Destination, message: str) -> tuple[str, ...]:
        """What that message told of, in its order."""
        values = {"chat": where.owner, "message": message, "since": self._since()}
        async with self._database.read() as connection:
            found = await connection.scalar(_ABOUT, values)
        return tuple(json.loads(found)) if found else ()

    async def language(self, where: Destination) -> str | None:
        """The language that the chat chose."""
        async with self._database.read() as connection:
            found = await connection.scalar(_LANGUAGE, {"destination": where.owner})
        return str(found) if found else None

    async def speak(self, where: Destination, language: str) -> None:
        """From now on the chat is answered in that language."""
        await self._keep(chat, {"destination": where.owner, "language": language})

    async def prune(self) -> None:
        """Deletes what is forgotten."""
        async with self._database.write(at_length=True) as connection:
            for table in (conversation, posted):
                await connection.execute(delete(table).where(table.c.seen < self._since()))

    def _since(self) -> datetime:
        return self._clock() - self._memory

    async def _conversation(self, where: Destination) -> Any:
        values = {"destination": str(where), "since": self._since()}
        async with self._database.read() as connection:
            return (await connection.execute(_CONVERSATION, values)).one_or_none()

    async def _keep(self, table: Table, row: dict[str, object], at_first: dict[str, object] | None = None) -> None:
        async with self._database.write() as connection:
            await _replace(connection, table, row, at_first or {})


async def _replace(connection: Connection, table: Table, row: dict[str, object], at_first: dict[str, object]) -> None:
    """Writes the columns of a row; ``at_first`` are those of one that is new."""
    statement = _replacing(connection.dialect.name, table, tuple(row), tuple(at_first))
    await connection.execute(statement, at_first | row)


@cache
def _replacing(dialect: str, table: Table, columns: tuple[str, ...], at_first: tuple[str, ...]) -> Insert:
    keys = [column.name for column in table.primary_key]
    adding = upsert(dialect, table).values({name: bindparam(name) for name in (*at_first, *columns)})
    changed = {name: adding.excluded[name] for name in columns if name not in keys}
    return adding.on_conflict_do_update(index_elements=keys, set_=changed)
