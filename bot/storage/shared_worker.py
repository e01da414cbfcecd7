"""Takes jobs from the queue in PostgreSQL and runs them. The only module that knows procrastinate."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import psycopg
import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from sqlalchemy.exc import IntegrityError

from bot.queues.guard import Guard, report
from bot.queues.model import Job, Queue, Task, Tasks
from bot.runtime import metrics
from bot.runtime.clock import clock
from bot.runtime.restarts import RestartPatience
from bot.storage.database.engine import Database
from bot.storage.database.errors import StorageError
from bot.storage.database.patience import PatientConnection
from bot.storage.database.postgresql import SET_LIMITS, liveness
from bot.storage.job_runs import StoredJobRuns
from bot.storage.shared_queue import SharedQueue

_log = structlog.stdlib.get_logger("nutgraf.queue")

#: A job that waits for its lock is looked for this often, in seconds. New jobs are told of at once.
_POLL_SECONDS = 0.5
#: How long running jobs may take when the worker is told to stop. Then they are given back.
_FAREWELL_SECONDS = 5.0
#: Seconds between two tries to reach the database. A worker that has run for longer than the last ones is healthy.
_FIRST_PAUSE, _LONGEST_PAUSE, _HEALTHY = 1.0, 15.0, 30.0
#: So many signs of life fall into the time after which a worker is taken for dead.
_HEARTBEATS = 4
_MOST_CONNECTIONS = 8
_FINISH_TRIES = 20
_FINISH_WAIT = 0.5


class SharedWorker:
    """Takes jobs from some queues and runs several at a time."""

    def __init__(self, database: Database, tasks: Tasks, at_once: Mapping[Queue, int], lost_after: timedelta) -> None:
        """Stores the arguments.

        Args:
            at_once: How many jobs of each queue run at the same time. Other queues are left alone.
            lost_after: A worker that gives no sign of life for so long is taken for dead.
        """
        self._database = database
        self._queue = SharedQueue(database)
        self._tasks = tasks
        self._at_once = at_once
        self._lost_after = lost_after.total_seconds()
        self._runs = StoredJobRuns(database, clock)
        self._guard = Guard(self._runs)
        for name in ("procrastinate", "psycopg.pool"):  # they tell of every job and of every connection
            logging.getLogger(name).setLevel(logging.CRITICAL)

    async def run(self, stopping: asyncio.Event) -> None:
        """Runs jobs until ``stopping`` is set. Jobs that do not end then within some seconds are given back."""
        _log.info("worker_started", queues=[str(queue) for queue in self._at_once])
        patience = RestartPatience(stopping, healthy=_HEALTHY, first=_FIRST_PAUSE, longest=_LONGEST_PAUSE)
        while not stopping.is_set():
            patience.begins()
            try:
                await self._take(stopping)
            except (ConnectorException, psycopg.Error) as error:
                _log.warning("queue_unreachable", error=_in_a_line(error.__cause__ or error), again_in=patience.seconds)
            await patience.wait()
        _log.info("worker_stopped")

    async def run_waiting(self) -> None:
        """Runs the jobs that wait now, and returns."""
        async with self._app().open_async() as app:
            await asyncio.gather(*(self._worker(app, queue, wait=False) for queue in self._at_once))

    async def _take(self, stopping: asyncio.Event) -> None:
        """Runs jobs until ``stopping`` is set or the connection is lost."""
        async with self._app().open_async() as app:
            running = {asyncio.ensure_future(self._worker(app, queue)) for queue in self._at_once}
            running.add(asyncio.ensure_future(self._give_back_lost()))
            told = asyncio.ensure_future(stopping.wait())
            try:
                await asyncio.wait({*running, told}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (told, *running):
                    task.cancel()
                results = await asyncio.gather(*running, return_exceptions=True)
            for result in results:
                if isinstance(result, Exception):
                    raise result
            if not stopping.is_set():
                raise ConnectorException("a worker has ended without a reason")  # procrastinate has logged one

    async def _worker(self, app: App, queue: Queue, *, wait: bool = True) -> None:
        await app.run_worker_async(
            queues=[queue],
            concurrency=self._at_once[queue],
            wait=wait,
            fetch_job_polling_interval=_POLL_SECONDS,
            shutdown_graceful_timeout=_FAREWELL_SECONDS,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=self._lost_after / _HEARTBEATS,
            stalled_worker_timeout=self._lost_after,
        )

    def _app(self) -> App:
        url = self._database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connector = PsycopgConnector(
            conninfo=url,
            kwargs=liveness(self._database.url),
            connection_class=PatientConnection,
            configure=_set_limits,
            min_size=1,
            max_size=_MOST_CONNECTIONS,
        )
        app = App(connector=connector)
        app.job_manager = _PatientManager(app.connector)
        for task in self._tasks:
            self._add(app, task)
        return app

    def _add(self, app: App, task: Task) -> None:
        @app.task(name=task, queue=task.queue, pass_context=True)
        async def run(context: JobContext, number: int) -> None:
            await self._run(Job(task, number, context.job.lock))

    async def _run(self, job: Job) -> None:
        """Runs a job. One that fails is found again in the tables."""
        result = "failed"
        try:
            is_run = await self._guard.run(job, self._tasks[job.task])
            result = "done" if is_run else "left aside"
        except asyncio.CancelledError:
            result = "given back"
            await self._queue.put([job])
            raise
        except StorageError as error:
            _log.warning("task_failed", task=job.task, number=job.number, error=repr(error))
        except Exception:  # noqa: BLE001  # one job must not stop the worker
            _log.exception("task_failed", task=job.task, number=job.number)
        finally:
            metrics.JOBS.labels(job.task, result).inc()

    async def _give_back_lost(self) -> None:
        while True:
            await asyncio.sleep(self._lost_after / _HEARTBEATS)
            try:
                await self.give_back_lost()
            except (StorageError, IntegrityError) as error:  # the same job was put meanwhile; next time it is seen
                _log.warning("jobs_not_given_back", error=repr(error))

    async def give_back_lost(self) -> None:
        """Gives back the jobs of workers that are taken for dead, and counts a death for those that were running.

        Raises:
            StorageError: The database failed.
            IntegrityError: The same job was put in the meantime.
        """
        async with self._database.unit_of_work():
            found = await self._queue.give_back_lost(self._lost_after)
            died = await self._runs.died({f"{task}:{number}" for task, number, _ in found}) if found else []
        for task, number, attempts in found:
            _log.warning("job_given_back", task=task, number=number, attempts=attempts)
        report(died)


def _in_a_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"


async def _set_limits(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.execute(SET_LIMITS)
    await connection.commit()


class _PatientManager(JobManager):
    """Tries again to say that a job has ended. If the database never heard of it, the job's lock would stay taken."""

    async def finish_job(self, job: QueuedJob, status: Status, delete_job: bool) -> None:
        """Ends a job, and tries for some seconds if the database cannot be reached.

        Raises:
            ConnectorException: It could not be reached. The worker's connections are then lost as well.
        """
        for left in reversed(range(_FINISH_TRIES)):
            try:
                await super().finish_job(job, status, delete_job)
            except ConnectorException as error:
                if isinstance(error.__cause__, psycopg.errors.RaiseException):
                    return  # it was given back to another worker meanwhile
                if not left:
                    raise
                await asyncio.sleep(_FINISH_WAIT)
            else:
                return
