"""Counts posts by day and state. The counts are kept, so that a page does not count all posts each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from bot.delivery.model import State
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.tables import delivery

_A_DAY = timedelta(days=1)
#: How long the count of a day is used: of the last two days, and of earlier days, whose posts hardly change.
_FRESH, _SETTLED = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DayCount:
    """The number of posts that were written on a day in UTC, by state."""

    day: date
    posts: dict[State, int]
    counted: datetime


@retries_conflicts
class DayCounts:
    """Counts the posts of days, and keeps the counts for a while."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[date, DayCount] = {}

    async def last(self, days: int) -> list[DayCount]:
        """Returns the counts of the last days, the earliest first and today last."""
        today = self._clock().astimezone(UTC).date()
        wanted = [today - _A_DAY * back for back in reversed(range(days))]
        self._kept = {day: await self._of(day, today) for day in wanted}
        return list(self._kept.values())

    async def _of(self, day: date, today: date) -> DayCount:
        known, now = self._kept.get(day), self._clock()
        life = _FRESH if today - day <= _A_DAY else _SETTLED
        if known is not None and timedelta() <= now - known.counted < life:
            return known
        return await self._counted(day, now)

    async def _counted(self, day: date, now: datetime) -> DayCount:
        start, end = day_bounds(day)
        statement = (
            select(delivery.c.state, func.count())
            .where(delivery.c.state.in_(tuple(State)), delivery.c.created >= start, delivery.c.created < end)
            .group_by(delivery.c.state)
        )
        async with self._database.read(long_running=True) as connection:
            return DayCount(day, {State(state): count for state, count in await connection.execute(statement)}, now)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Returns the first moment of a day in UTC, and that of the next day."""
    start = datetime.combine(day, time(), UTC)
    return start, start + _A_DAY
