"""What is stored about a person and a chat, all in one place: to show it and to delete it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select, update

from bot.chats import Destination
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.tables import chat, conversation, posted, report, subscription, version
from bot.storage.outcomes import cancel_waiting
from bot.storage.reports import remove_reports
from bot.storage.write_behind import WriteBehindChats

#: Which table holds something of a chat, and in which column its chat stands.
_OF_CHAT = {"subscriptions": subscription.c.destination, "answers": conversation.c.destination}
_OF_OWNER = {"language": chat.c.destination, "messages": posted.c.chat}


@retries_conflicts
class Privacy:
    """A `bot.commands.context.PrivacyStore`."""

    def __init__(self, database: Database, memory: WriteBehindChats) -> None:
        self._database = database
        self._memory = memory

    async def data(self, where: Destination, user: str, is_private: bool) -> dict[str, Any]:
        """Everything that is stored about a chat, and about ``user``; nothing of other chats in a group."""
        await self._memory.flush()
        found: dict[str, Any] = {"chat": where.owner, "user": user}
        async with self._database.read() as connection:
            for name, column in {**_OF_CHAT, **_OF_OWNER}.items():
                rows = await connection.execute(select(column.table).where(_is_of(where, user, column)))
                found[name] = [_readable(row) for row in rows.mappings()]
            for row in found["subscriptions"]:
                if row["created_by"] not in {"", user}:
                    row["created_by"] = "somebody else"
            if is_private:
                elsewhere = select(subscription.c.destination).where(subscription.c.created_by == user)
                found["subscribed_by_you"] = sorted((await connection.execute(elsewhere)).scalars().all())
            texts = (
                select(version.c.id, version.c.received, version.c.briefing)
                .join(report, report.c.id == version.c.report)
                .where(or_(report.c.owner == where.owner, _is_own(user, report.c.owner)))
                .order_by(version.c.received)
            )
            found["pasted_articles"] = [
                {
                    "id": row.id,
                    "received": row.received.isoformat(),
                    "text": json.loads(row.briefing)["article"]["text"],
                }
                for row in await connection.execute(texts)
            ]
        return found

    async def forget(self, where: Destination, user: str) -> None:
        """Deletes all of that, in one transaction."""
        await self._memory.flush()
        async with self._database.write(long_running=True) as connection:
            subscribed = select(subscription.c.id).where(_is_of(where, user, subscription.c.destination))
            await cancel_waiting(connection, (await connection.execute(subscribed)).scalars().all(), "forgotten")
            for column in (*_OF_CHAT.values(), *_OF_OWNER.values()):
                await connection.execute(delete(_table(column)).where(_is_of(where, user, column)))
            await connection.execute(_unnamed(user))
            own = select(report.c.id).where(or_(report.c.owner == where.owner, _is_own(user, report.c.owner)))
            await remove_reports(connection, (await connection.execute(own)).scalars().all())

    async def forget_person(self, user: str) -> None:
        """Deletes what is stored about a person, and leaves their chats theirs."""
        await self._memory.flush()
        async with self._database.write(long_running=True) as connection:
            await connection.execute(_unnamed(user))
            for column in (conversation.c.destination, posted.c.chat):
                await connection.execute(delete(_table(column)).where(_is_own(user, column)))
            own = select(report.c.id).where(_is_own(user, report.c.owner))
            await remove_reports(connection, (await connection.execute(own)).scalars().all())


def _unnamed(user: str) -> Any:
    return update(subscription).where(subscription.c.created_by == user).values(created_by="")


def _is_of(where: Destination, user: str, column: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a row is of the chat, of a thread in it, or of what ``user`` was answered in private in any chat."""
    in_thread = column.startswith(f"{where.owner}:", autoescape=True)
    return or_(column == where.owner, in_thread, _is_own(user, column))


def _is_own(user: str, column: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a row is of a place that is one person's alone (`Destination.for_one`)."""
    platform, _, person = user.partition(":")
    return and_(column.startswith(f"{platform}:", autoescape=True), column.endswith(f"@{person}", autoescape=True))


def _table(column: Any) -> Table:
    table: Table = column.table
    return table


def _readable(row: Any) -> dict[str, Any]:
    """A row as JSON shows it: what is JSON inside stays structured, moments are ISO 8601."""
    return {name: _value(name, value) for name, value in row.items() if value is not None}


def _value(name: str, value: Any) -> Any:
    if name in {"settings", "told", "versions"}:
        return json.loads(value)
    return value if isinstance(value, str | int) else value.isoformat()
