"""What happens by the clock: a handful of fixed jobs, never one a chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

_log = structlog.stdlib.get_logger("nutgraf.schedule")

Job = Callable[[], Awaitable[object]]


def new_scheduler(jobs: Mapping[str, tuple[timedelta, Job]], now: datetime) -> AsyncIOScheduler:
    """A scheduler, not started, that runs each job at once and then in its interval; a job that fails runs again."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for name, (interval, job) in jobs.items():
        scheduler.add_job(
            _guarded(name, job),
            IntervalTrigger(seconds=int(interval.total_seconds()), timezone="UTC"),
            id=name,
            next_run_time=now,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
    return scheduler


def _guarded(name: str, job: Job) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await job()
        except Exception:  # noqa: BLE001  # whatever one run met, the next one must come
            _log.exception("job_failed", job=name)

    return run
