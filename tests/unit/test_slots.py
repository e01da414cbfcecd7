"""The times at which a schedule posts: clock changes, and all time zones."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.subscriptions.model import EVERY_DAY, Quiet, Schedule
from bot.subscriptions.slots import Slot, due_slot, instant, local_time, next_slot, next_slots
from bot.subscriptions.zone_names import zones

ZONES = zones()
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
#: No clock is changed by more, but where a country crosses the date line.
AROUND = timedelta(hours=4)
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
TIMES = st.sets(MINUTES, min_size=1, max_size=4).map(lambda times: tuple(sorted(times)))
DAYS = st.sets(st.integers(0, 6), min_size=1).map(frozenset)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def schedule(*hours: str, zone: str = "Europe/Rome", quiet: Quiet | None = None) -> Schedule:
    return Schedule(tuple(map(time.fromisoformat, hours)), EVERY_DAY, zone, quiet)


def fired(wanted: Schedule, start: str, end: str) -> list[str]:
    """What the clocks on the wall show at each slot between two local moments."""
    cursor, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    shown = []
    while (slot := next_slot(wanted, cursor, LONG_AGO)).local < last:
        cursor = slot.local
        shown.append(slot.at.astimezone(wanted.tz).isoformat(timespec="minutes"))
    return shown


class TestOddHours:
    def test_an_hour_that_occurs_twice_fires_once(self) -> None:
        assert fired(schedule("02:30"), "2025-10-25T12:00", "2025-10-27T12:00") == [
            "2025-10-26T02:30+02:00",
            "2025-10-27T02:30+01:00",
        ]

    def test_an_hour_that_does_not_exist_fires_at_the_first_valid_instant(self) -> None:
        assert fired(schedule("02:30"), "2025-03-29T12:00", "2025-03-31T12:00") == [
            "2025-03-30T03:00+02:00",
            "2025-03-31T02:30+02:00",
        ]

    def test_lord_howes_half_hour(self) -> None:
        wanted = schedule("02:15", zone="Australia/Lord_Howe")
        assert fired(wanted, "2025-10-04T12:00", "2025-10-05T12:00") == ["2025-10-05T02:30+11:00"]
        twice = schedule("01:45", zone="Australia/Lord_Howe")
        assert fired(twice, "2025-04-05T12:00", "2025-04-06T12:00") == ["2025-04-06T01:45+11:00"]

    def test_a_midnight_that_does_not_exist(self) -> None:
        wanted = schedule("00:00", zone="Africa/Cairo")
        assert fired(wanted, "2025-04-24T12:00", "2025-04-25T12:00") == ["2025-04-25T01:00+03:00"]

    def test_a_day_that_does_not_exist_fires_when_the_next_one_begins(self) -> None:
        wanted = schedule("08:00", zone="Pacific/Apia")
        assert fired(wanted, "2011-12-29T12:00", "2012-01-01T00:00") == [
            "2011-12-31T00:00+14:00",
            "2011-12-31T08:00+14:00",
        ]

    def test_what_the_clock_change_pushes_into_quiet_hours_waits_for_their_end(self) -> None:
        quiet = Quiet(time(3), time(6))
        assert fired(schedule("02:30", quiet=quiet), "2025-03-29T12:00", "2025-03-30T12:00") == [
            "2025-03-30T06:00+02:00"
        ]


class TestCursor:
    def test_a_zone_that_changes_westwards_does_not_repeat_the_day(self) -> None:
        cursor = datetime(2025, 3, 14, 8)  # posted in Rome at eight
        slot = next_slot(schedule("08:00", zone="America/New_York"), cursor, LONG_AGO)
        assert slot.at == datetime(2025, 3, 15, 12, tzinfo=UTC)

    def test_a_zone_that_changes_eastwards_does_not_skip_the_day(self) -> None:
        now = datetime(2025, 3, 14, 6, tzinfo=UTC)  # seven in Rome, and eight has gone by in Tokyo
        cursor = datetime(2025, 3, 13, 8)
        slot = due_slot(schedule("08:00", zone="Asia/Tokyo"), cursor, LONG_AGO, now)
        assert slot == Slot(datetime(2025, 3, 14, 8), datetime(2025, 3, 13, 23, tzinfo=UTC))

    def test_after_downtime_only_the_latest_is_due(self) -> None:
        now = datetime(2025, 3, 14, 20, tzinfo=UTC)
        slot = due_slot(schedule("08:00", "18:00"), datetime(2025, 3, 10, 18), LONG_AGO, now)
        assert slot == Slot(datetime(2025, 3, 14, 18), datetime(2025, 3, 14, 17, tzinfo=UTC))

    def test_years_of_downtime_take_no_time(self) -> None:
        wanted = Schedule((time(8),), frozenset({0}), "Europe/Rome")
        slot = due_slot(wanted, datetime(1900, 1, 1), LONG_AGO, datetime(2025, 3, 14, 20, tzinfo=UTC))
        assert slot is not None
        assert slot.local == datetime(2025, 3, 10, 8)

    def test_a_subscription_that_moves_before_its_first_post_loses_no_day(self) -> None:
        made = datetime(2025, 3, 14, 9, tzinfo=UTC)  # two in the morning in Los Angeles
        slot = next_slot(schedule("08:00", zone="America/Los_Angeles"), None, made)
        assert slot.local == datetime(2025, 3, 14, 8)

    def test_a_subscription_that_moves_before_its_first_post_gets_none_unasked(self) -> None:
        made = datetime(2025, 3, 14, 20, tzinfo=UTC)  # nine in the morning of the next day in Auckland
        wanted = schedule("08:00", zone="Pacific/Auckland")
        assert due_slot(wanted, None, made, made) is None
        assert next_slot(wanted, None, made).local == datetime(2025, 3, 16, 8)

    def test_nothing_is_due_before_its_time(self) -> None:
        assert (
            due_slot(schedule("08:00"), datetime(2025, 3, 14, 8), LONG_AGO, datetime(2025, 3, 15, 6, 59, tzinfo=UTC))
            is None
        )

    def test_the_next_ones_leave_out_what_will_not_be_posted(self) -> None:
        now = datetime(2025, 3, 14, 20, tzinfo=UTC)
        slots = next_slots(schedule("08:00", "18:00"), datetime(2025, 3, 10, 18), LONG_AGO, now, 3)
        assert [slot.local for slot in slots] == [
            datetime(2025, 3, day, hour) for day, hour in ((14, 18), (15, 8), (15, 18))
        ]


@pytest.mark.parametrize("quiet", [Quiet(time(22), time(7)), Quiet(time(1), time(2))])
def test_quiet_hours_cover_their_start_and_not_their_end(quiet: Quiet) -> None:
    assert quiet.covers(quiet.start)
    assert not quiet.covers(quiet.end)
    assert quiet.covers(time(1, 30))
    assert not quiet.covers(time(12))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Schedule(()),
        lambda: Schedule(days=frozenset()),
        lambda: Schedule((time(9), time(8))),
        lambda: schedule("06:00", quiet=Quiet(time(22), time(7))),
        lambda: Quiet(time(7), time(7)),
    ],
    ids=["no time", "no day", "unsorted", "in quiet hours", "no hours"],
)
def test_a_schedule_that_cannot_be_kept_is_none(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"schedule|quiet|stretch"):
        make()


class TestAllZones:
    """Ten years: every zone around each of its clock changes, and moments of all kinds by chance."""

    @pytest.mark.parametrize("zone", ZONES)
    def test_every_clock_change_is_survived(self, zone: str) -> None:
        wanted = Schedule(
            tuple(time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45)), EVERY_DAY, zone
        )
        for change in _changes(ZoneInfo(zone)):
            _check_each_slot(wanted, local_time(change, wanted.tz) - AROUND, 2 * AROUND)

    @given(zone=st.sampled_from(ZONES), times=TIMES, days=DAYS, start=MOMENTS)
    def test_slots_are_in_order_on_their_days_and_at_their_times(
        self, zone: str, times: tuple[time, ...], days: frozenset[int], start: datetime
    ) -> None:
        wanted = Schedule(times, days, zone)
        cursor = local_time(start, wanted.tz)
        previous = None
        for _ in range(12):
            slot = next_slot(wanted, cursor, LONG_AGO)
            assert slot.local > cursor
            assert slot.local.weekday() in days
            assert slot.local.time() in times
            assert previous is None or slot.at >= previous.at
            previous, cursor = slot, slot.local

    @given(zone=st.sampled_from(ZONES), times=TIMES, start=MOMENTS, quiet=st.tuples(MINUTES, MINUTES))
    def test_no_slot_is_in_quiet_hours(
        self, zone: str, times: tuple[time, ...], start: datetime, quiet: tuple[time, time]
    ) -> None:
        if quiet[0] == quiet[1]:
            return
        hours = Quiet(*quiet)
        audible = tuple(one for one in times if not hours.covers(one))
        if not audible:
            return
        wanted = Schedule(audible, EVERY_DAY, zone, hours)
        cursor = local_time(start, wanted.tz)
        for _ in range(8):
            slot = next_slot(wanted, cursor, LONG_AGO)
            shown = local_time(slot.at, wanted.tz)
            assert not hours.covers(shown.time())
            cursor = slot.local

    @given(
        zones=st.tuples(st.sampled_from(ZONES), st.sampled_from(ZONES)),
        times=TIMES,
        start=MOMENTS,
        hours=st.integers(0, 50),
    )
    def test_a_changed_zone_neither_repeats_nor_skips_a_day(
        self, zones: tuple[str, str], times: tuple[time, ...], start: datetime, hours: int
    ) -> None:
        """The bot looks every quarter of an hour; in the midst of it the chat moves to another zone."""
        before, after = (Schedule(times, EVERY_DAY, zone) for zone in zones)
        cursor = local_time(start, before.tz)
        done = [cursor]
        for quarter in range(4 * 120):
            wanted = before if quarter < 4 * hours else after
            if slot := due_slot(wanted, cursor, LONG_AGO, start + quarter * timedelta(minutes=15)):
                done.append(slot.local)
                cursor = slot.local
        assert done == sorted(set(done))
        steps = [(later.date() - earlier.date()).days for earlier, later in itertools.pairwise(done)]
        # Who moves across the date line may find two days due at once, and is told the latest.
        assert sum(step > 1 for step in steps) <= 1
        assert max(steps) <= 2

    @given(
        zone=st.sampled_from(ZONES), times=TIMES, start=MOMENTS, down=st.timedeltas(timedelta(0), timedelta(days=400))
    )
    def test_after_any_downtime_the_latest_is_due_and_no_other(
        self, zone: str, times: tuple[time, ...], start: datetime, down: timedelta
    ) -> None:
        wanted = Schedule(times, EVERY_DAY, zone)
        cursor, now = local_time(start, wanted.tz), start + down
        slot = due_slot(wanted, cursor, LONG_AGO, now)
        if slot is None:
            assert next_slot(wanted, cursor, LONG_AGO).at > now
        else:
            assert slot.at <= now < next_slot(wanted, slot.local, LONG_AGO).at
            assert due_slot(wanted, slot.local, LONG_AGO, now) is None


def _changes(zone: ZoneInfo) -> list[datetime]:
    """The moments within ten years at which the zone's offset changes, to the hour."""
    found = []
    step = timedelta(days=7)
    moment = FIRST
    while moment < LAST:
        if moment.astimezone(zone).utcoffset() != (moment + step).astimezone(zone).utcoffset():
            hour = moment
            while hour.astimezone(zone).utcoffset() == (hour + timedelta(hours=1)).astimezone(zone).utcoffset():
                hour += timedelta(hours=1)
            found.append(hour)
        moment += step
    return found


def _check_each_slot(wanted: Schedule, start: datetime, stretch: timedelta) -> None:
    """Each local time fires once, at an instant that shows it, or at the first one after a skip."""
    cursor = start
    previous = None
    while cursor < start + stretch:
        slot = next_slot(wanted, cursor, LONG_AGO)
        assert slot.local - cursor <= timedelta(minutes=15)
        assert slot.at == instant(slot.local, wanted.tz)
        shown = local_time(slot.at, wanted.tz)
        if shown != slot.local:
            assert shown > slot.local
            assert local_time(slot.at - timedelta(seconds=1), wanted.tz) < slot.local
        else:
            earlier = slot.at - timedelta(minutes=15)
            assert local_time(earlier, wanted.tz) != shown
        assert previous is None or slot.at >= previous
        previous, cursor = slot.at, slot.local
