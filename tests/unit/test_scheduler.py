"""Jobs run at their intervals, whatever the clock does."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from apscheduler.job import Job
from structlog.testing import capture_logs

from bot.posting import scheduler
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


async def test_a_long_run_is_logged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 60.0])
    monkeypatch.setattr(scheduler, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    with capture_logs() as logs:
        await Schedule({}, Clock(NOON))._guarded("tick", _nothing)()
    assert logs == [{"event": "job_slow", "log_level": "warning", "job": "tick", "seconds": 60}]
