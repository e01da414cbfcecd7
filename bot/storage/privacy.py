"""Shows and deletes the data stored about a user and a chat."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, delete, or_, select, update

from bot.chats import Destination
from bot.delivery.model import State
from bot.storage.database.chat_tables import answered, chat, conversation, followed, posted, sign_in, taste
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.tables import (
    attribution,
    delivery,
    inbox,
    occasion,
    report,
    source_chat,
    subscription,
    told,
    version,
)
from bot.storage.inbox import ASIDE
from bot.storage.reports import remove_reports
from bot.storage.rows import UNREADABLE
from bot.storage.write_behind import WriteBehindChats

#: The tables with data of a chat, and the column with the chat.
_OF_CHAT = {
    "subscriptions": subscription.c.destination,
    "answers": conversation.c.destination,
    "posts": delivery.c.destination,
    "told": told.c.destination,
    "language": chat.c.destination,
    "messages": posted.c.chat,
    "answered": answered.c.chat,
    "followed_stories": followed.c.destination,
    "likes": taste.c.destination,
    "source": source_chat.c.destination,
}


@retries_conflicts
class Privacy:
    """A `bot.commands.stores.PrivacyStore`."""

    def __init__(self, database: Database, memory: WriteBehindChats) -> None:
        self._database = database
        self._memory = memory

    async def data(self, where: Destination, user: str, is_private: bool) -> dict[str, Any]:
        """Returns all data stored about a chat and about ``user``. In groups, other chats are left out."""
        await self._memory.flush()
        found: dict[str, Any] = {"chat": where.owner, "user": user}
        async with self._database.read() as connection:
            for name, column in _OF_CHAT.items():
                rows = await connection.execute(select(column.table).where(_is_of(where, user, column)))
                found[name] = [_readable(row) for row in rows.mappings()]
            for row in found["subscriptions"]:
                if row["created_by"] not in {"", user}:
                    row["created_by"] = "somebody else"
            for row in found["posts"]:
                if row["state"] != State.SENT:  # it can include stories that the chat may no longer see
                    row.pop("payload", None)
            planned = select(occasion).where(occasion.c.subscription.in_(_subscribed(where, user)))
            found["planned_posts"] = [_readable(row) for row in (await connection.execute(planned)).mappings()]
            if is_private:
                elsewhere = select(subscription.c.destination).where(subscription.c.created_by == user)
                found["subscribed_by_you"] = sorted((await connection.execute(elsewhere)).scalars().all())
                signed_in = select(sign_in.c.kind, sign_in.c.operator, sign_in.c.expires)
                rows = await connection.execute(signed_in.where(sign_in.c.operator == user))
                found["dashboard"] = [_readable(row) for row in rows.mappings()]
            found["messages_set_aside"] = [row.body for row in await _set_aside(connection, user)]
            found["pasted_articles"] = await _pasted(connection, where, user)
        return found

    async def forget(self, where: Destination, user: str) -> None:
        """Deletes the data that `data` returns, in one transaction."""
        await self._memory.flush()
        async with self._database.write(long_running=True) as connection:
            # Numbers of subscriptions are never reused, so deleting the records of posts causes no repetition.
            await connection.execute(delete(occasion).where(occasion.c.subscription.in_(_subscribed(where, user))))
            for column in _OF_CHAT.values():
                await connection.execute(delete(_table(column)).where(_is_of(where, user, column)))
            await _unname(connection, user)
            for one in (where.owner, user):
                await _drop(connection, [row.id for row in await _set_aside(connection, one)])
            own = select(report.c.id).where(_is_pasted(where, user))
            await remove_reports(connection, (await connection.execute(own)).scalars().all())
        await self._database.after_unit(self._database.erase_traces)

    async def forget_person(self, user: str) -> None:
        """Deletes the data stored about a user. Their chats keep their subscriptions."""
        await self._memory.flush()
        async with self._database.write(long_running=True) as connection:
            await _unname(connection, user)
            for column in (conversation.c.destination, posted.c.chat, answered.c.chat):
                await connection.execute(delete(_table(column)).where(_is_own(user, column)))
            await _drop(connection, [row.id for row in await _set_aside(connection, user)])
            own = select(report.c.id).where(_is_own(user, report.c.owner))
            await remove_reports(connection, (await connection.execute(own)).scalars().all())
        await self._database.after_unit(self._database.erase_traces)


async def _pasted(connection: Connection, where: Destination, user: str) -> list[dict[str, Any]]:
    """Returns all versions of the articles pasted in the chat."""
    texts = (
        select(version, report.c.key, report.c.owner, attribution.c.found)
        .join(report, report.c.id == version.c.report)
        .outerjoin(attribution, attribution.c.version == version.c.id)
        .where(_is_pasted(where, user))
        .order_by(version.c.received)
    )
    return [
        {
            "id": row.id,
            "chat": row.owner,
            "key": row.key,
            "report": row.report,
            "received": row.received.isoformat(),
            "text": _text(row.briefing),
            **({"changes": _structured(row.changes)} if row.changes else {}),
            **({"claims_and_entities": _structured(row.found)} if row.found else {}),
        }
        for row in await connection.execute(texts)
    ]


async def _set_aside(connection: Connection, who: str) -> list[Any]:
    """Selects messages that were set aside and contain the id of the chat or the user, as each platform writes it."""
    platform, _, number = who.partition(":")
    rows = await connection.execute(select(inbox).where(inbox.c.platform == platform, inbox.c.state == ASIDE))
    named = re.compile(rf'"id": ?"?{re.escape(number)}(?![\w-])')
    return [row for row in rows if named.search(row.body)]


async def _drop(connection: Connection, numbers: list[int]) -> None:
    await connection.execute(delete(inbox).where(inbox.c.id.in_(numbers)))


def _subscribed(where: Destination, user: str) -> Select[tuple[int]]:
    return select(subscription.c.id).where(_is_of(where, user, subscription.c.destination))


def _is_pasted(where: Destination, user: str) -> ColumnElement[bool]:
    return or_(report.c.owner == where.owner, _is_own(user, report.c.owner))


async def _unname(connection: Connection, user: str) -> None:
    """Removes a person from the subscriptions that they have added, and signs them out of the dashboard."""
    await connection.execute(update(subscription).where(subscription.c.created_by == user).values(created_by=""))
    await connection.execute(delete(sign_in).where(sign_in.c.operator == user))


def _is_of(where: Destination, user: str, column: ColumnElement[str]) -> ColumnElement[bool]:
    """Selects rows of the chat, of its threads, and of private answers to ``user`` in any chat."""
    in_thread = column.startswith(f"{where.owner}:", autoescape=True)
    return or_(column == where.owner, in_thread, _is_own(user, column))


def _is_own(user: str, column: ColumnElement[str]) -> ColumnElement[bool]:
    """Selects rows of private answers to one user (`Destination.for_one`)."""
    platform, _, person = user.partition(":")
    return and_(column.startswith(f"{platform}:", autoescape=True), column.endswith(f"@{person}", autoescape=True))


def _table(column: Any) -> Table:
    table: Table = column.table
    return table


def _readable(row: Any) -> dict[str, Any]:
    """Returns a row ready for JSON: JSON columns are parsed, and times are in ISO 8601."""
    return {name: _value(name, value) for name, value in row.items() if value is not None}


def _value(name: str, value: Any) -> Any:
    if name in {"settings", "told", "versions", "composition", "tags", "messages"}:
        return _structured(value)
    return value if isinstance(value, str | int) else value.isoformat()


def _text(briefing: str) -> Any:
    """The text of an article; all that is stored where it cannot be found in that."""
    found = _structured(briefing)
    try:
        return found["article"]["text"]
    except UNREADABLE:
        return found


def _structured(value: str) -> Any:
    """What a text holds as JSON, or the text itself where it is none."""
    try:
        return json.loads(value)
    except ValueError:
        return value
