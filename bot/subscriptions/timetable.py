"""The slots of many subscriptions at one moment. Those with equal schedules share them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.subscriptions.model import Schedule
from bot.subscriptions.slots import Slot, due_slot, next_slot

#: Windows overlap by this, because a story is stored a moment after its arrival time. No story is posted twice.
_OVERLAP = timedelta(minutes=10)


class Timetable:
    """The latest and the next slot of each schedule, computed once. It lasts for one run of the tick.

    Attributes:
        considered: Earlier stories are considered by digests that are due now, later ones by the next digests.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.considered = now - _OVERLAP
        self._latest: dict[Schedule, Slot | None] = {}
        self._next: dict[Schedule, Slot] = {}

    def due_slot(self, schedule: Schedule, cursor: datetime | None, starts: datetime) -> Slot | None:
        """Returns the same as `slots.due_slot`.

        Slots in local order are also in order of time. So if any slot is due, the latest one is.
        """
        if schedule not in self._latest:
            self._latest[schedule] = due_slot(schedule, None, datetime.min.replace(tzinfo=self.now.tzinfo), self.now)
        latest = self._latest[schedule]
        if latest is None or latest.at <= starts or (cursor is not None and latest.local <= cursor):
            return None
        return latest

    def next_slot(self, schedule: Schedule, cursor: datetime | None, starts: datetime) -> Slot:
        """Returns the same as `slots.next_slot`."""
        latest = self._latest.get(schedule)
        if latest is None or latest.local != cursor or latest.at <= starts:
            return next_slot(schedule, cursor, starts)
        if schedule not in self._next:
            self._next[schedule] = next_slot(schedule, cursor, starts)
        return self._next[schedule]
