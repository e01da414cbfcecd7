"""Jobs run in their intervals, whatever the clock does."""

from __future__ import annotations

from datetime import timedelta

from apscheduler.job import Job

from bot.posting.scheduler import Schedule
from tests.fakes import NOON, Clock

TICK = timedelta(seconds=2)


async def _nothing() -> None: ...


def _job() -> Job:
    schedule = Schedule({"tick": (TICK, _nothing)}, Clock(NOON))
    return schedule._scheduler.get_jobs()[0]


def test_a_clock_put_forward_by_years_makes_one_run() -> None:
    """The interval trigger of APScheduler would make two runs a second of ten years."""
    assert _job()._get_run_times(NOON + timedelta(days=3650)) == [NOON]


def test_runs_follow_each_other_in_the_interval() -> None:
    trigger = _job().trigger
    assert trigger.get_next_fire_time(None, NOON) == NOON
    assert trigger.get_next_fire_time(NOON, NOON) == NOON + TICK
    assert trigger.get_next_fire_time(NOON, NOON + timedelta(seconds=3)) == NOON + timedelta(seconds=3) + TICK
