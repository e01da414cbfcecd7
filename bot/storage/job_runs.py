"""Stores which jobs run, and in which of them processes died."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, and_, delete, select, update

from bot.queues.guard import TroubledJob, with_death
from bot.queues.model import Job
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.errors import StorageError
from bot.storage.database.statements import upsert
from bot.storage.database.tables import job_run

_log = structlog.stdlib.get_logger("nutgraf.storage")


@retries_conflicts
class StoredJobRuns:
    """A `bot.queues.guard.JobRuns`."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, job: Job) -> None:
        """Stores that a job is being run."""
        async with self._database.write() as connection:
            adding = upsert(connection.dialect.name, job_run).values(
                task=job.task, number=job.number, started=self._clock(), deaths=0
            )
            changed = {"started": adding.excluded.started}
            await connection.execute(adding.on_conflict_do_update(index_elements=["task", "number"], set_=changed))

    async def end(self, job: Job) -> None:
        """Forgets a job. If that fails, a later death of the process may be counted for the job."""
        try:
            async with self._database.write() as connection:
                await connection.execute(delete(job_run).where(_is(job.task, job.number)))
        except StorageError as error:
            _log.warning("job_end_unwritten", task=job.task, number=job.number, error=repr(error))

    async def troubled(self) -> dict[str, TroubledJob]:
        """Returns the jobs in which processes died, by their keys."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(job_run).where(job_run.c.deaths > 0))).all()
        found = [TroubledJob(row.task, row.number, row.deaths, row.aside_until) for row in rows]
        return {one.key: one for one in found}

    def is_aside(self, job: TroubledJob) -> bool:
        """Whether a job is set aside now."""
        return job.aside_until is not None and job.aside_until > self._clock()

    async def aside(self) -> list[TroubledJob]:
        """Returns the jobs that are set aside now."""
        return [one for one in (await self.troubled()).values() if self.is_aside(one)]

    async def died(self, keys: Collection[str] | None = None) -> list[TroubledJob]:
        """Counts a death for each job that was being run.

        Args:
            keys: The jobs whose process died. None means that all were run by a process that is gone.
        """
        now = self._clock()
        async with self._database.write() as connection:
            rows = (await connection.execute(select(job_run).where(job_run.c.started.is_not(None)))).all()
            running = [TroubledJob(row.task, row.number, row.deaths) for row in rows]
            dead = [with_death(one, now) for one in running if keys is None or one.key in keys]
            for one in dead:
                values = {"started": None, "deaths": one.deaths, "aside_until": one.aside_until}
                await connection.execute(update(job_run).where(_is(one.task, one.number)).values(values))
        return dead

    async def retry(self, task: str, number: int) -> bool:
        """Forgets the deaths of a job, so that it is run again. Returns whether it was set aside."""
        is_it = and_(_is(task, number), job_run.c.aside_until.is_not(None))
        async with self._database.write() as connection:
            return (await connection.execute(delete(job_run).where(is_it))).rowcount > 0


def _is(task: str, number: int) -> ColumnElement[bool]:
    return and_(job_run.c.task == task, job_run.c.number == number)
