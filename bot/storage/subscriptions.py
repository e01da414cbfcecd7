"""The store of subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select, update

from bot.chats import Destination
from bot.storage.engine import Database
from bot.storage.tables import subscription
from bot.subscriptions.model import Settings, Subscription


class Subscriptions:
    """A `bot.subscriptions.model.SubscriptionStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: Subscription) -> Subscription:
        """Keeps a new one and gives it its number."""
        row = _row(new) | {"destination": str(new.destination), "created_by": new.created_by}
        async with self._database.write() as connection:
            number = (
                await connection.execute(insert(subscription).values(row).returning(subscription.c.id))
            ).scalar_one()
        return replace(new, id=number)

    async def of(self, where: Destination) -> list[Subscription]:
        """Those of a destination, the oldest first."""
        statement = select(subscription).where(subscription.c.destination == str(where)).order_by(subscription.c.id)
        async with self._database.read() as connection:
            return [_subscription(row) for row in await connection.execute(statement)]

    async def change(self, changed: Subscription) -> None:
        """Keeps what is new of one; one that is gone stays gone."""
        async with self._database.write() as connection:
            await connection.execute(update(subscription).where(subscription.c.id == changed.id).values(_row(changed)))

    async def remove(self, numbers: Sequence[int]) -> None:
        """Deletes some."""
        async with self._database.write() as connection:
            await connection.execute(delete(subscription).where(subscription.c.id.in_(numbers)))


def _row(found: Subscription) -> dict[str, object]:
    return {
        "settings": _settings().dump_json(found.settings).decode(),
        "paused": found.paused,
        "cursor": found.cursor.isoformat(),
        "next_due": found.next_due,
    }


def _subscription(row: Any) -> Subscription:
    return Subscription(
        row.id,
        Destination.parse(row.destination),
        row.created_by,
        _settings().validate_json(row.settings),
        datetime.fromisoformat(row.cursor),
        row.next_due,
        row.paused,
    )


@cache
def _settings() -> TypeAdapter[Settings]:
    return TypeAdapter(Settings)
