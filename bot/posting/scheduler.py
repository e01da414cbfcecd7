"""Runs the bot's few periodic jobs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.posting.steps import StepFailed
from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.schedule")

#: How long a run may still take at the end. Another process may wait for its part. A run can be cut off anywhere.
_FAREWELL_SECONDS = 0.5
_WATCH_SECONDS = 5
#: A run that takes longer than this is logged once, when it ends. Locks and large imports can cause it.
_LONG_RUN_SECONDS = 10

Job = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Runs:
    """The results of the runs of periodic jobs.

    Attributes:
        succeeded: When each job last ended without an error.
        began: When the current run of a job began.
        failures: With which error the last run of a job failed. Only the kind is kept: a message could name a person.
    """

    succeeded: dict[str, datetime] = field(default_factory=dict)
    began: dict[str, datetime] = field(default_factory=dict)
    failures: dict[str, type[Exception]] = field(default_factory=dict)


class _Every(BaseTrigger):  # type: ignore[misc]  # it has no types
    """An interval trigger that skips all missed runs at once.

    APScheduler's own interval trigger returns missed runs one by one. A clock that jumps ahead by months would cost
    seconds and hundreds of megabytes.
    """

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """One interval after ``previous`` or, if that has passed, after ``now``."""
        if previous is None:
            return now
        following = previous + self._interval
        return following if following > now else now + self._interval


class Schedule:
    """Runs each job at once and then periodically, also after a failure."""

    def __init__(
        self,
        jobs: Mapping[str, tuple[timedelta, Job]],
        clock: Callable[[], datetime],
        runs: Runs | None = None,
    ) -> None:
        """Prepares the jobs.

        Args:
            runs: Is told how each run went.
        """
        self._clock = clock
        self._intervals = {name: interval for name, (interval, _) in jobs.items()}
        self._runs = runs or Runs()
        self._watching: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[object]] = set()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        for name, (interval, job) in jobs.items():
            self._scheduler.add_job(
                self._guarded(name, job),
                _Every(interval),
                id=name,
                next_run_time=clock(),
                coalesce=True,
                misfire_grace_time=None,
                max_instances=1,
            )

    def start(self) -> None:
        """Begins."""
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch())

    async def run(self, stopping: asyncio.Event) -> None:
        """Runs the jobs until ``stopping`` is set."""
        self.start()
        try:
            await stopping.wait()
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Starts no more runs, and waits for the current ones, which still need the database."""
        if self._watching is not None:
            self._watching.cancel()
        self._scheduler.shutdown(wait=False)
        running = set(self._running)
        if running:
            _, late = await asyncio.wait(running, timeout=_FAREWELL_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _watch(self) -> None:
        """Runs jobs that would wait longer than their interval because the clock was put back."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            now = self._clock()
            for name, interval in self._intervals.items():
                job = self._scheduler.get_job(name)
                if job is not None and job.next_run_time - now > interval:
                    job.modify(next_run_time=now)

    def _guarded(self, name: str, job: Job) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            began = time.monotonic()
            self._runs.began[name] = self._clock()
            # A task of our own, because the scheduler cancels its own tasks when it shuts down.
            task: asyncio.Task[object] = asyncio.ensure_future(_awaited(job))
            self._running.add(task)
            try:
                await asyncio.shield(task)
                self._runs.succeeded[name] = self._clock()
                self._runs.failures.pop(name, None)
            except asyncio.CancelledError:
                return
            except StepFailed as error:
                self._runs.failures[name] = error.kind
                _log.warning("job_failed", job=name, error=repr(error))
            except StorageError as error:
                self._runs.failures[name] = type(error)
                _log.warning("job_failed", job=name, error=repr(error))
            except Exception as error:  # noqa: BLE001  # whatever one run met, the next one must come
                self._runs.failures[name] = type(error)
                _log.exception("job_failed", job=name)
            finally:
                self._runs.began.pop(name, None)
                if task.done():
                    self._running.discard(task)
                if (took := time.monotonic() - began) > _LONG_RUN_SECONDS:
                    _log.warning("job_slow", job=name, seconds=round(took))

        return run


async def _awaited(job: Job) -> object:
    return await job()
