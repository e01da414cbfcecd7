"""Stores subscriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from bot.chats import Destination
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.tables import subscription
from bot.storage.outcomes import cancel_waiting, move, pause, pause_those
from bot.storage.rows import UNREADABLE, readable
from bot.subscriptions.model import Settings, Subscription
from briefings.caches import text_cache

_log = structlog.stdlib.get_logger("nutgraf.subscriptions")

_CACHED_SETTINGS = 1_000
#: A start that is so long before the next slot decides nothing.
_LONG_BEFORE = timedelta(days=1)


@retries_conflicts
class Subscriptions:
    """A `bot.subscriptions.model.SubscriptionStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: Subscription, most: int) -> Subscription | None:
        """Stores a new subscription and returns it with its number, or None if the destination already has ``most``."""
        where, row = str(new.destination), subscription_row(new)
        known = select(func.count()).select_from(subscription).where(subscription.c.destination == where)
        async with self._database.write() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
                await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(where))))
            if (await connection.scalar(known) or 0) >= most:
                return None
            added = insert(subscription).values(row).returning(subscription.c.id)
            number: int = (await connection.execute(added)).scalar_one()
        _log.info("subscription_added", subscription=number, chat=where, by=new.created_by)
        return replace(new, id=number)

    async def of(self, where: Destination) -> list[Subscription]:
        """Returns the subscriptions of a destination, the oldest first."""
        statement = select(subscription).where(subscription.c.destination == str(where)).order_by(subscription.c.id)
        async with self._database.read() as connection:
            return readable_subscriptions(await connection.execute(statement))

    async def all(self) -> list[Subscription]:
        """Returns all subscriptions, sorted by destination."""
        statement = select(subscription).order_by(subscription.c.destination, subscription.c.id)
        async with self._database.read() as connection:
            return readable_subscriptions(await connection.execute(statement))

    async def managed(self, user: str, chats: frozenset[str]) -> list[Subscription]:
        """Returns the subscriptions that a user has added, and those of chats and their threads."""
        async with self._database.read(long_running=True) as connection:
            places = (await connection.execute(select(subscription.c.destination).distinct())).scalars()
            ours = [place for place in places if ":".join(place.split(":", 2)[:2]) in chats]
            is_added = (subscription.c.created_by == user) & (subscription.c.created_by != "")
            found = select(subscription).where(or_(is_added, subscription.c.destination.in_(ours)))
            return readable_subscriptions(await connection.execute(found.order_by(subscription.c.id)))

    async def halted(self) -> list[Subscription]:
        """Returns the subscriptions that are paused, but not by a user."""
        async with self._database.read() as connection:
            return readable_subscriptions(
                await connection.execute(select(subscription).where(subscription.c.paused != ""))
            )

    async def rested(self, now: datetime) -> list[Subscription]:
        """Returns the subscriptions whose pause is over, in the order of its ends."""
        is_over = (subscription.c.paused_until <= now) & (subscription.c.paused == "")
        found = select(subscription).where(is_over).order_by(subscription.c.paused_until, subscription.c.id)
        async with self._database.read() as connection:
            return readable_subscriptions(await connection.execute(found))

    async def get(self, number: int) -> Subscription | None:
        """Returns the subscription with that number, or None."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(subscription).where(subscription.c.id == number))).all()
        return next(iter(readable_subscriptions(rows)), None)

    async def some(self, numbers: Iterable[int]) -> dict[int, Subscription]:
        """Returns those of the subscriptions that exist, by their numbers."""
        statement = select(subscription).where(subscription.c.id.in_(set(numbers)))
        async with self._database.read() as connection:
            return {one.id: one for one in readable_subscriptions(await connection.execute(statement))}

    async def unreadable(self) -> list[tuple[int, str]]:
        """The numbers and destinations of those that cannot be read."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(subscription).order_by(subscription.c.id))).all()
        known = {one.id for one in readable_subscriptions(rows)}
        return [(row.id, row.destination) for row in rows if row.id not in known]

    async def change(
        self, where: Destination, number: int, edit: Callable[[Subscription], Subscription]
    ) -> Subscription | None:
        """Edits a subscription in one transaction and returns it, or None if it does not exist."""
        is_it = (subscription.c.id == number) & (subscription.c.destination == str(where))
        async with self._database.write() as connection:
            row = (await connection.execute(select(subscription).where(is_it).with_for_update())).one_or_none()
            if row is None:
                return None
            before = read_subscription(row)
            changed = edit(before)
            await connection.execute(update(subscription).where(is_it).values(_row(changed)))
        _tell_change(before, changed)
        return changed

    async def remove(self, where: Destination, numbers: Sequence[int]) -> None:
        """Deletes subscriptions of a destination and cancels their pending posts."""
        ours = (subscription.c.id.in_(numbers)) & (subscription.c.destination == str(where))
        async with self._database.write() as connection:
            gone = (await connection.execute(select(subscription.c.id).where(ours))).scalars().all()
            await cancel_waiting(connection, gone, "unsubscribed")
            await connection.execute(delete(subscription).where(ours))
        for number in gone:
            _log.info("subscription_removed", subscription=number, chat=str(where))

    async def hold(self, number: int, reason: str) -> None:
        """Pauses a subscription and cancels its pending posts. The end of a user's pause is kept."""
        async with self._database.write() as connection:
            await pause_those(connection, subscription.c.id == number, reason)
            await cancel_waiting(connection, [number], reason)
        _log.info("subscription_paused", subscription=number, reason=reason)

    async def bar(self, chat: Destination, reason: str) -> None:
        """Pauses the subscriptions of a chat and its threads, and cancels their pending posts."""
        places = select(subscription.c.destination).where(_is_in(chat)).distinct()
        async with self._database.write() as connection:
            for where in (await connection.execute(places)).scalars().all():
                await pause(connection, Destination.parse(where), reason)
        _log.info("chat_paused", chat=str(chat), reason=reason)

    async def let_in(self, chat: Destination, edit: Callable[[Subscription], Subscription]) -> None:
        """Edits the subscriptions of a chat and its threads that `bar` has paused."""
        barred = select(subscription).where(_is_in(chat), subscription.c.paused != "").with_for_update()
        async with self._database.write() as connection:
            resumed = await _edit_each(connection, (await connection.execute(barred)).all(), edit)
        if resumed:
            _log.info("chat_resumed", chat=str(chat), subscriptions=resumed)

    async def move(self, chat: Destination, to: str) -> None:
        """Moves everything of a chat to its new id."""
        async with self._database.write() as connection:
            await move(connection, chat, to)

    async def mend(self, now: datetime, edit: Callable[[Subscription], Subscription]) -> int:
        """Edits subscriptions that a wrong clock has moved beyond ``now``. Returns how many."""
        async with self._database.write() as connection:
            ahead = select(subscription).where(subscription.c.since > now).with_for_update()
            return await _edit_each(connection, (await connection.execute(ahead)).all(), edit)


def _tell_change(before: Subscription, after: Subscription) -> None:
    chat = str(after.destination)
    if before.paused is None and after.paused is not None:
        _log.info("subscription_paused", subscription=after.id, chat=chat, reason=after.paused)
    elif before.paused is not None and after.paused is None:
        _log.info("subscription_resumed", subscription=after.id, chat=chat)
    elif before != after:
        _log.info("subscription_changed", subscription=after.id, chat=chat)


async def _edit_each(connection: Connection, rows: Iterable[Any], edit: Callable[[Subscription], Subscription]) -> int:
    """Edits the subscriptions of rows, and pauses one that cannot be edited; returns how many were edited."""
    edited = 0
    for row in rows:
        try:
            changed = edit(read_subscription(row))
        except UNREADABLE as error:
            await pause_broken(connection, row.id, error)
        else:
            await connection.execute(update(subscription).where(subscription.c.id == row.id).values(_row(changed)))
            edited += 1
    return edited


async def pause_broken(connection: Connection, number: int, error: Exception) -> None:
    """Pauses a subscription whose row cannot be used, for example because its time zone is unknown here."""
    _log.error("subscription_paused", subscription=number, error=repr(error))
    reason = f"its settings cannot be used ({type(error).__name__})"
    broken = update(subscription).where(subscription.c.id == number)
    await connection.execute(broken.values(paused=reason, next_due=None))


def _is_in(chat: Destination) -> ColumnElement[bool]:
    """The condition that a subscription belongs to a chat or to one of its threads."""
    column = subscription.c.destination
    return or_(column == chat.owner, column.startswith(f"{chat.owner}:", autoescape=True))


def subscription_row(new: Subscription) -> dict[str, object]:
    """Returns the row of a new subscription, without its number."""
    return _row(new) | {"destination": str(new.destination)}


def _row(found: Subscription) -> dict[str, object]:
    return {
        "created_by": found.created_by,
        "settings": _settings().dump_json(found.settings).decode(),
        "paused": found.paused,
        "cursor": found.cursor.isoformat() if found.cursor else None,
        "starts": found.starts,
        "next_due": found.next_due,
        "since": found.since,
        "is_channel": found.is_channel,
        "paused_until": found.paused_until,
    }


def read_subscription(row: Any) -> Subscription:
    """The subscription of a row.

    Raises:
        ValueError: It holds something that this version or this machine does not know; or `KeyError`, for a time zone.
    """
    return Subscription(
        row.id,
        Destination.parse(row.destination),
        row.created_by,
        _read_settings(row.settings),
        row.starts,
        datetime.fromisoformat(row.cursor) if row.cursor else None,
        row.next_due,
        row.paused,
        row.since,
        row.is_channel,
        row.paused_until,
    )


def read_due(row: Any) -> Subscription:
    """The subscription of a row of `bot.storage.advancing.due`, which stands for several. It has no destination.

    Raises:
        ValueError: It holds something that this version or this machine does not know; or `KeyError`, for a time zone.
    """
    starts = row.next_due - _LONG_BEFORE if row.starts is None else row.starts
    settings, cursor = _read_settings(row.settings), datetime.fromisoformat(row.cursor) if row.cursor else None
    return Subscription(0, Destination("", ""), "", settings, starts, cursor, row.next_due, row.paused, row.since)


@text_cache(_CACHED_SETTINGS)
def _read_settings(column: str) -> Settings:
    """The settings of a row. Many subscriptions have the same ones."""
    settings = _settings().validate_json(column)
    ZoneInfo(settings.schedule.zone)
    return settings


def readable_subscriptions(rows: Iterable[Any]) -> list[Subscription]:
    """The subscriptions of those rows that can be read."""
    return readable(rows, read_subscription, "subscription")


@cache
def _settings() -> TypeAdapter[Settings]:
    return TypeAdapter(Settings)
