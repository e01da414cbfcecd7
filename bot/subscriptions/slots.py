"""Slots: the moments at which a schedule posts; pure functions.

A slot is a local date and time. Each pair of them fires once: an hour that the clock shows twice fires at its first
showing, one that it never shows at the first moment after it. What would then fall into quiet hours waits for their
end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.subscriptions.model import Schedule

#: A post that comes later than this after its time says so.
LATE = timedelta(minutes=15)

_A_SECOND = timedelta(seconds=1)
_A_DAY = timedelta(days=1)
# No schedule has a day without a slot for longer: a weekday comes in seven days.
_LONGEST_GAP = 9


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment of a schedule.

    Attributes:
        local: Its date and time as the schedule says them, without a zone; no other slot has the same.
        at: When that is, in UTC.
    """

    local: datetime
    at: datetime

    def is_late(self, now: datetime) -> bool:
        """Whether a post for this slot that is made ``now`` has to say that it is late."""
        return now - self.at > LATE


def local_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of a zone show at a moment, without the zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def next_slot(schedule: Schedule, cursor: datetime | None, starts: datetime) -> Slot:
    """The first slot whose local date and time come after ``cursor``, and whose moment comes after ``starts``."""
    return next(_after(schedule, cursor, starts))


def next_slots(schedule: Schedule, cursor: datetime | None, starts: datetime, now: datetime, most: int) -> list[Slot]:
    """The next ``most`` slots; of those that are due already, only the one that will be posted."""
    due = due_slot(schedule, cursor, starts, now)
    coming = islice(_after(schedule, cursor, max(starts, now)), most)
    return [*([due] if due else []), *coming][:most]


def due_slot(schedule: Schedule, cursor: datetime | None, starts: datetime, now: datetime) -> Slot | None:
    """The slot to be posted ``now``: of all that were missed only the latest; None if none is due."""
    # However long the bot was down, the latest slot is not further back than a schedule's longest gap.
    latest = None
    for slot in _after(schedule, cursor, max(starts, now - _LONGEST_GAP * _A_DAY)):
        if slot.at > now:
            break
        latest = slot
    return latest


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """When a zone's clocks show ``local``, in UTC: at first, or, if they skip it, the first moment after the skip."""
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if local_time(first, zone) == local:
        return first
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _transition(min(first, second), max(first, second), zone)


def _after(schedule: Schedule, cursor: datetime | None, starts: datetime) -> Iterator[Slot]:
    """All slots after ``cursor`` and ``starts``, in the order of their local times and so of their moments."""
    day = local_time(starts, schedule.tz).date() - 2 * _A_DAY  # no clock change moves a slot further
    day = max(day, cursor.date()) if cursor is not None else day
    while True:
        if day.weekday() in schedule.days:
            for one in schedule.times:
                local = datetime.combine(day, one)
                if cursor is not None and local <= cursor:
                    continue
                at = _audible(schedule, instant(local, schedule.tz))
                if at > starts:
                    yield Slot(local, at)
        day += _A_DAY


def quiet_until(schedule: Schedule, moment: datetime) -> datetime | None:
    """The end of the quiet hours that ``moment`` falls into, in UTC; None if it falls into none."""
    shown = local_time(moment, schedule.tz)
    if schedule.quiet is None or not schedule.quiet.covers(shown.time()):
        return None
    return instant(_next_showing(shown, schedule.quiet.end), schedule.tz)


def _audible(schedule: Schedule, moment: datetime) -> datetime:
    """``moment``, or the end of the quiet hours that it falls into because the clocks were changed."""
    return quiet_until(schedule, moment) or moment


def _next_showing(after: datetime, wanted: time) -> datetime:
    today: date = after.date()
    shown = datetime.combine(today, wanted)
    return shown if shown > after else shown + _A_DAY


def _transition(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two others, in UTC, at which the zone's offset changes."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _A_SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
