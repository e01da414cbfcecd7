"""Stores posts that wait for the end of quiet hours or for a chosen day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update

from bot.delivery.occasions import Occasion, OccasionState
from bot.storage.database.engine import Database
from bot.storage.database.statements import unindexed
from bot.storage.database.tables import occasion

_KEYS = ("quiet:", "held:")


class HeldPosts:
    """A `bot.delivery.occasions.HeldStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, subscription: int, now: datetime) -> Occasion | None:
        """Returns the first occasion of a subscription that waits, or None."""
        statement = select(occasion).where(_waits(subscription), occasion.c.due > now).order_by(occasion.c.due).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return Occasion(row.id, row.subscription, row.key, row.due, row.since, row.version) if row else None

    async def release(self, subscription: int, due: datetime) -> None:
        """Changes the time of all occasions of a subscription that wait."""
        async with self._database.write() as connection:
            await connection.execute(update(occasion).where(_waits(subscription)).values(due=due))


def _waits(subscription: int) -> ColumnElement[bool]:
    is_held = or_(*(occasion.c.key.startswith(key) for key in _KEYS))
    is_pending = unindexed(occasion.c.state) == OccasionState.PENDING
    return (occasion.c.subscription == subscription) & is_pending & is_held
