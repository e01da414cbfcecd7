"""The shared slots of equal schedules: always the same as the slots of each subscription alone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.subscriptions.model import EVERY_DAY, Quiet, Schedule
from bot.subscriptions.slots import due_slot, local_time, next_slot
from bot.subscriptions.timetable import Timetable
from bot.subscriptions.zone_names import zones

MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
#: How long before now a subscription starts, and where its cursor is. Some are in the future, after a wrong clock.
AGES = st.timedeltas(-timedelta(days=2), timedelta(days=40))
PAIRS = st.lists(st.tuples(AGES, st.none() | AGES), min_size=1, max_size=6)
DAYS = st.sets(st.integers(0, 6), min_size=1).map(frozenset)
#: Clocks go back in Rome, and forward into the quiet hours.
BACK, FORWARD = datetime(2025, 10, 26, 1, 30, tzinfo=UTC), datetime(2025, 3, 30, 2, 30, tzinfo=UTC)
AN_HOUR = [(timedelta(hours=30), timedelta(hours=1)), (timedelta(minutes=20), None)]


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    hours = draw(st.none() | st.tuples(MINUTES, MINUTES))
    quiet = Quiet(*hours) if hours and hours[0] != hours[1] else None
    times = draw(st.sets(MINUTES, min_size=1, max_size=4))
    audible = tuple(sorted(one for one in times if quiet is None or not quiet.covers(one)))
    zone = draw(st.sampled_from(zones()))
    return Schedule(audible, draw(DAYS), zone, quiet) if audible else Schedule(zone=zone)


@given(schedule=schedules(), now=MOMENTS, pairs=PAIRS)
@example(schedule=Schedule((time(2, 30),), EVERY_DAY, "Europe/Rome"), now=BACK, pairs=AN_HOUR)
@example(
    schedule=Schedule((time(2, 15), time(2, 45)), EVERY_DAY, "Europe/Rome", Quiet(time(2, 50), time(4))),
    now=FORWARD,
    pairs=AN_HOUR,
)
def test_the_slots_are_those_of_each_subscription_alone(
    schedule: Schedule, now: datetime, pairs: list[tuple[timedelta, timedelta | None]]
) -> None:
    timetable = Timetable(now)
    for age, done in pairs:
        starts = now - age
        cursor = None if done is None else local_time(now - done, schedule.tz)
        slot = timetable.due_slot(schedule, cursor, starts)
        assert slot == due_slot(schedule, cursor, starts, now)
        if slot:
            assert timetable.next_slot(schedule, slot.local, starts) == next_slot(schedule, slot.local, starts)


def test_equal_schedules_share_a_slot() -> None:
    """Computing a slot takes longer than everything else that a tick does for a subscription."""
    now = datetime(2025, 3, 14, 8, tzinfo=UTC)
    timetable = Timetable(now)
    first, second = (Schedule((time(8),), EVERY_DAY, "Europe/Rome") for _ in range(2))
    starts = now - timedelta(days=3)
    slot = timetable.due_slot(first, None, starts)
    assert slot is not None
    assert timetable.due_slot(second, None, starts - timedelta(hours=1)) is slot
    following = timetable.next_slot(first, slot.local, starts)
    assert timetable.next_slot(second, slot.local, starts) is following
