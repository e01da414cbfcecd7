"""Slots: the times at which a schedule posts. All functions are pure.

A slot is a local date and time, and each slot fires once. When clocks go back, a repeated time fires at its first
occurrence. When clocks go forward, a skipped time fires at the first moment after the gap. If that moment is in the
quiet hours, the slot waits for their end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.subscriptions.model import Schedule

#: A post that is later than this says that it is late.
LATE = timedelta(minutes=15)

_A_SECOND = timedelta(seconds=1)
_A_DAY = timedelta(days=1)
# The longest time between two slots: every weekday comes again within seven days.
_LONGEST_GAP = 9


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot of a schedule.

    Attributes:
        local: The local date and time, without a time zone. It identifies the slot.
        at: The same time in UTC.
    """

    local: datetime
    at: datetime


def local_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """Returns the local time of a moment in a time zone, as a naive datetime."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def next_slot(schedule: Schedule, cursor: datetime | None, starts: datetime) -> Slot:
    """Returns the first slot with a local time after ``cursor`` and a moment after ``starts``."""
    return next(_after(schedule, cursor, starts))


def next_slots(schedule: Schedule, cursor: datetime | None, starts: datetime, now: datetime, most: int) -> list[Slot]:
    """Returns the next ``most`` slots. Of the slots that are already due, only the one that will be posted."""
    due = due_slot(schedule, cursor, starts, now)
    coming = islice(_after(schedule, cursor, max(starts, now)), most)
    return [*([due] if due else []), *coming][:most]


def due_slot(schedule: Schedule, cursor: datetime | None, starts: datetime, now: datetime) -> Slot | None:
    """Returns the slot to post at ``now``: the latest of those that are due, or None."""
    # Even after a long downtime, the latest slot is within the longest gap between two slots.
    latest = None
    for slot in _after(schedule, cursor, max(starts, now - _LONGEST_GAP * _A_DAY)):
        if slot.at > now:
            break
        latest = slot
    return latest


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Returns the UTC time of ``local`` in a zone: its first occurrence, or the first moment after a skipped hour."""
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if local_time(first, zone) == local:
        return first
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _transition(min(first, second), max(first, second), zone)


def _after(schedule: Schedule, cursor: datetime | None, starts: datetime) -> Iterator[Slot]:
    """Yields all slots after ``cursor`` and ``starts``, in order of time."""
    day = local_time(starts, schedule.tz).date() - 2 * _A_DAY  # a clock change moves a slot by less than this
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
    """Returns the end of the quiet hours around ``moment``, in UTC, or None if it is not in quiet hours."""
    shown = local_time(moment, schedule.tz)
    if schedule.quiet is None or not schedule.quiet.covers(shown.time()):
        return None
    return instant(_next_showing(shown, schedule.quiet.end), schedule.tz)


def held_until(schedule: Schedule, moment: datetime) -> datetime | None:
    """Returns until when a new story waits, in UTC: for the next chosen day or the end of the quiet hours, or None."""
    shown = local_time(moment, schedule.tz)
    if shown.weekday() in schedule.days:
        return quiet_until(schedule, moment)
    days = (shown.date() + number * _A_DAY for number in range(1, 8))
    day = next(one for one in days if one.weekday() in schedule.days)
    return _audible(schedule, instant(datetime.combine(day, schedule.times[0]), schedule.tz))


def _audible(schedule: Schedule, moment: datetime) -> datetime:
    """Returns ``moment``, or the end of the quiet hours if a clock change has moved it into them."""
    return quiet_until(schedule, moment) or moment


def _next_showing(after: datetime, wanted: time) -> datetime:
    today: date = after.date()
    shown = datetime.combine(today, wanted)
    return shown if shown > after else shown + _A_DAY


def _transition(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Returns the moment between two others at which the zone's offset changes, in UTC."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _A_SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
