"""Stores what the bot remembers about chats, for a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Insert, Integer, Table, bindparam, cast, delete, func, select

from bot.chats import Answer, Destination, Profile
from bot.storage.database.cache import Cache
from bot.storage.database.chat_tables import answered, chat, conversation, posted
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.statements import upsert
from briefings.caches import text_cache

# Building a statement takes longer than executing it. Most commands need these.
_LANGUAGE = (
    select(chat.c.language)
    .where(chat.c.destination.in_((bindparam("destination"), bindparam("owner"))), chat.c.language.is_not(None))
    .order_by(func.length(chat.c.destination).desc())  # a thread's own language comes first
    .limit(1)
)
_PROFILE = select(chat.c.destination, chat.c.title, chat.c.zone).where(
    chat.c.destination.in_((bindparam("destination"), bindparam("owner")))
)
_CONVERSATION = select(conversation).where(
    conversation.c.destination == bindparam("destination"), conversation.c.seen >= bindparam("since")
)
_ABOUT = select(posted.c.versions).where(
    posted.c.chat == bindparam("chat"), posted.c.message == bindparam("message"), posted.c.seen >= bindparam("since")
)
#: An answer is edited for so long, and if it is among so many last ones of its chat.
EDITABLE, _MOST_EDITABLE = timedelta(hours=1), 20
_ANSWERS = (
    select(answered)
    .where(answered.c.chat == bindparam("chat"), answered.c.seen >= bindparam("since"))
    .order_by(answered.c.seen.desc())
    .limit(_MOST_EDITABLE)
)


#: The most cached lists of versions as JSON. Many chats are shown the same ones.
_KEPT = 500

#: The kind of a statement: the table and its columns, without those of a new row.
_Kind = tuple[Table, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row to insert or to update by its key. ``at_first`` has the columns that only an insert writes."""

    table: Table
    values: dict[str, object]
    at_first: dict[str, object] = field(default_factory=dict)

    @property
    def kind(self) -> _Kind:
        """The kind of statement that writes the row."""
        return self.table, tuple(self.values), tuple(self.at_first)

    @property
    def key(self) -> Hashable:
        """The key of the row."""
        return self.table, *map(self.values.__getitem__, _key_of(self.table))

    def over(self, before: Row) -> Row:
        """Returns the row that results from writing ``before`` and then this one."""
        return Row(self.table, before.values | self.values, self.at_first)


@retries_conflicts
class Chats:
    """A `bot.chats.ChatStore`. Rows older than ``memory`` are deleted."""

    def __init__(self, database: Database, clock: Callable[[], datetime], memory: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._memory = memory
        self._languages: Cache[str | None] = Cache(database, chat, most=10_000)

    async def remember(self, where: Destination, versions: tuple[str, ...], is_list: bool) -> None:
        """Remembers an answer: numbers refer to its list, and a single story becomes the current one."""
        await self.keep([self.remembered(where, versions, is_list)])

    def remembered(self, where: Destination, versions: tuple[str, ...], is_list: bool) -> Row:
        """Returns the row that `remember` writes."""
        values: dict[str, object] = {"destination": str(where), "seen": self._clock()}
        if is_list:
            values["told"] = _written(versions)
        if len(versions) == 1:
            values["story"] = versions[0]
        return Row(conversation, values, {"told": "[]"})

    async def told(self, where: Destination) -> tuple[str, ...]:
        """Returns the versions in the last answer, in order."""
        row = await self._conversation(where)
        return tuple(json.loads(row.told)) if row else ()

    async def story(self, where: Destination) -> str | None:
        """Returns the last story that was shown alone."""
        row = await self._conversation(where)
        return row.story if row else None

    async def posted(self, where: Destination, message: str, versions: tuple[str, ...]) -> None:
        """Remembers the versions in a message of the bot."""
        await self.keep([self.told_of(where, message, versions)])

    def told_of(self, where: Destination, message: str, versions: tuple[str, ...]) -> Row:
        """Returns the row that `posted` writes."""
        return shown_row(where, message, versions, self._clock())

    async def answered(self, where: Destination, request: str, answer: Answer) -> None:
        """Remembers the answer to a user's message, for the case that the user edits it."""
        await self.keep([answered_row(where, request, answer, self._clock())])

    async def answer_to(self, where: Destination, request: str) -> Answer | None:
        """Returns the answer to a user's message, if it is one of the chat's last ones and not older than an hour."""
        values = {"chat": where.owner, "since": self._clock() - EDITABLE}
        async with self._database.read() as connection:
            rows = (await connection.execute(_ANSWERS, values)).all()
        return next(
            (Answer(tuple(json.loads(row.messages)), row.asked) for row in rows if row.request == request), None
        )

    async def next_message(self, where: Destination) -> str:
        """Returns a number for the next message, for platforms without message ids."""
        last = select(func.max(cast(posted.c.message, Integer))).where(
            posted.c.chat == where.owner, posted.c.message.not_like("post%")
        )
        async with self._database.read() as connection:
            return str(1 + (await connection.scalar(last) or 0))

    async def about(self, where: Destination, message: str) -> tuple[str, ...]:
        """Returns the versions in that message, in order."""
        values = {"chat": where.owner, "message": message, "since": self._since()}
        async with self._database.read(single=True) as connection:
            found = await connection.scalar(_ABOUT, values)
        return tuple(json.loads(found)) if found else ()

    async def language(self, where: Destination) -> str | None:
        """Returns the language that the thread has chosen, or else its chat."""

        async def read() -> str | None:
            async with self._database.read(single=True) as connection:
                found = await connection.scalar(_LANGUAGE, {"destination": str(where), "owner": where.owner})
            return str(found) if found else None

        return await self._languages.get(str(where), read)

    async def speak(self, where: Destination, language: str | None) -> None:
        """Sets the language of the chat, or of the thread alone."""
        await self.keep([Row(chat, {"destination": str(where), "language": language})])

    async def profile(self, where: Destination) -> Profile:
        """Returns the profile of a chat, with the name of the thread if it has one."""
        async with self._database.read(single=True) as connection:
            found = (await connection.execute(_PROFILE, {"destination": str(where), "owner": where.owner})).all()
        rows = {row.destination: row for row in found}
        own, its = rows.get(str(where)), rows.get(where.owner)
        title = (own.title if own else None) or (its.title if its else None) or ""
        return Profile(title, its.zone if its else None)

    async def introduce(self, where: Destination, **changed: str | None) -> None:
        """Changes the name of a chat or of its thread, or the time zone of the chat."""
        named = {"title": changed.pop("title")} if "title" in changed else {}
        rows = [(str(where), named), (where.owner, changed)]
        await self.keep([Row(chat, {"destination": place, **values}) for place, values in rows if values])

    async def keep(self, rows: Iterable[Row]) -> None:
        """Inserts or updates rows by their keys, in one transaction."""
        async with self._database.write() as connection:
            await write_rows(connection, rows)

    async def prune(self) -> None:
        """Deletes rows that are too old."""
        async with self._database.write(long_running=True) as connection:
            for table in (conversation, posted):
                await connection.execute(delete(table).where(table.c.seen < self._since()))
            await connection.execute(delete(answered).where(answered.c.seen < self._clock() - EDITABLE))

    def _since(self) -> datetime:
        return self._clock() - self._memory

    async def _conversation(self, where: Destination) -> Any:
        values = {"destination": str(where), "since": self._since()}
        async with self._database.read(single=True) as connection:
            return (await connection.execute(_CONVERSATION, values)).one_or_none()


async def write_rows(connection: Connection, rows: Iterable[Row]) -> None:
    """Inserts or updates rows by their keys."""
    alike: dict[_Kind, list[Row]] = {}
    for row in rows:
        alike.setdefault(row.kind, []).append(row)
    for kind, those in alike.items():
        # All writers use the same order, so that two that lock the same rows do not deadlock.
        values = [row.at_first | row.values for row in sorted(those, key=_place)]
        await connection.execute(_replacing(connection.dialect.name, *kind), values)


def shown_row(where: Destination, message: str, versions: tuple[str, ...], seen: datetime) -> Row:
    """Returns the row with the versions in a message of the bot."""
    return Row(posted, {"chat": where.owner, "message": message, "versions": _written(versions), "seen": seen})


def answered_row(where: Destination, request: str, answer: Answer, seen: datetime) -> Row:
    """Returns the row with the answer to a user's message."""
    values = {"messages": json.dumps(answer.messages), "asked": answer.asked, "seen": seen}
    return Row(answered, {"chat": where.owner, "request": request, **values})


@text_cache(_KEPT)
def _written(versions: tuple[str, ...]) -> str:
    return json.dumps(versions)


def _place(row: Row) -> tuple[str, ...]:
    return tuple(str(row.values[name]) for name in _key_of(row.table))


@cache
def _key_of(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


@cache
def _replacing(dialect: str, table: Table, columns: tuple[str, ...], at_first: tuple[str, ...]) -> Insert:
    keys = _key_of(table)
    adding = upsert(dialect, table).values({name: bindparam(name) for name in (*at_first, *columns)})
    changed = {name: adding.excluded[name] for name in columns if name not in keys}
    return adding.on_conflict_do_update(index_elements=keys, set_=changed)
