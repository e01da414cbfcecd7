"""Sets jobs aside that end the process which runs them, so that they do not end one process after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.queues.model import Job, Task, Work
from bot.runtime import metrics

_log = structlog.stdlib.get_logger("nutgraf.queue")

#: So many processes in a row must have died while they ran a job.
MOST_DEATHS = 3
#: How long a job is set aside. It is tried again after that. A share of the chats must not wait for a day.
ASIDE, ASIDE_COMPOSE = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TroubledJob:
    """A job in which processes died.

    Attributes:
        deaths: How many died in a row.
        aside_until: When it is tried again, if it is set aside.
    """

    task: str
    number: int
    deaths: int
    aside_until: datetime | None = None

    @property
    def key(self) -> str:
        """The key of the job."""
        return f"{self.task}:{self.number}"


class JobRuns(Protocol):
    """Stores which jobs run, so that a death in the middle of one is seen."""

    async def begin(self, job: Job) -> None:
        """Stores that a job is being run. It is on disk before the job begins.

        Raises:
            StorageError: The database failed.
        """

    async def end(self, job: Job) -> None:
        """Forgets a job. Its process is alive. A failure is logged."""

    async def troubled(self) -> Mapping[str, TroubledJob]:
        """Returns the jobs in which processes died, by their keys.

        Raises:
            StorageError: The database failed.
        """

    def is_aside(self, job: TroubledJob) -> bool:
        """Whether a job is set aside now."""


class Guard:
    """Runs jobs one by one or together, and leaves out those that are set aside."""

    def __init__(self, runs: JobRuns) -> None:
        self._runs = runs
        self._alone = asyncio.Lock()

    async def ordered(self, jobs: Iterable[Job]) -> Sequence[Job]:
        """Returns jobs in the order in which they are run: those in which processes died come last."""
        troubled = await self._runs.troubled()
        return sorted(jobs, key=lambda job: troubled[job.key].deaths if job.key in troubled else 0)

    async def run(self, job: Job, work: Work) -> bool:
        """Runs a job, unless it is set aside.

        Jobs in which a process died run one after the other, so that the next death tells which of them it was.

        Returns:
            Whether it was run.
        """
        trouble = (await self._runs.troubled()).get(job.key)
        if trouble and self._runs.is_aside(trouble):
            return False
        turn: AbstractAsyncContextManager[object] = self._alone if trouble else nullcontext()
        async with turn:
            await self._runs.begin(job)
            try:
                await work(job.number)
            finally:
                await self._runs.end(job)
        return True


def with_death(job: TroubledJob, now: datetime) -> TroubledJob:
    """Returns a job after one more death. It is set aside if there were too many."""
    deaths = job.deaths + 1
    wait = ASIDE_COMPOSE if job.task == Task.COMPOSE else ASIDE
    return TroubledJob(job.task, job.number, deaths, now + wait if deaths >= MOST_DEATHS else None)


def report(jobs: Iterable[TroubledJob]) -> None:
    """Logs and counts jobs in which a process has just died."""
    for job in jobs:
        if job.aside_until is None:
            _log.warning("process_died_in_job", task=job.task, number=job.number, deaths=job.deaths)
        else:
            until = f"{job.aside_until:%Y-%m-%d %H:%M}"
            _log.error("job_set_aside", task=job.task, number=job.number, deaths=job.deaths, until=until)
            metrics.JOBS.labels(job.task, "set aside").inc()
