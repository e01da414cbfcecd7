"""Stores the chats whose posts become stories."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import delete, select

from bot.chats import Destination
from bot.storage.database.cache import Cache
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.statements import upsert
from bot.storage.database.tables import source_chat
from bot.storage.rows import readable


@retries_conflicts
class SourceChats:
    """A `bot.feeds.channels.SourceChatStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tags: Cache[frozenset[str] | None] = Cache(database, source_chat, most=10_000)

    async def add(self, chat: Destination, tags: frozenset[str]) -> None:
        """Makes a chat a source, or changes its tags."""
        values = {"destination": chat.owner, "tags": json.dumps(sorted(tags))}
        async with self._database.write() as connection:
            adding = upsert(connection.dialect.name, source_chat).values(values)
            changed = {"tags": adding.excluded.tags}
            await connection.execute(adding.on_conflict_do_update(index_elements=["destination"], set_=changed))

    async def remove(self, chat: Destination) -> None:
        """Makes a chat a source no more. Its stories stay."""
        async with self._database.write() as connection:
            await connection.execute(delete(source_chat).where(source_chat.c.destination == chat.owner))

    async def tags(self, chat: Destination) -> frozenset[str] | None:
        """Returns the tags of a chat's stories, or None if it is no source."""

        async def read() -> frozenset[str] | None:
            statement = select(source_chat.c.tags).where(source_chat.c.destination == chat.owner)
            async with self._database.read() as connection:
                found = await connection.scalar(statement)
            return None if found is None else frozenset(json.loads(found))

        return await self._tags.get(chat.owner, read)

    async def all(self) -> list[tuple[Destination, frozenset[str]]]:
        """Returns all sources with the tags of their stories."""
        async with self._database.read() as connection:
            rows = (
                await connection.execute(
                    select(source_chat, source_chat.c.destination.label("id")).order_by(source_chat.c.destination)
                )
            ).all()
        return readable(rows, _read, "source chat")


def _read(row: Any) -> tuple[Destination, frozenset[str]]:
    return Destination.parse(row.destination), frozenset(json.loads(row.tags))
