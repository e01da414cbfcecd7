"""The queue of several processes: procrastinate's tables in PostgreSQL.

Rows are inserted here, with the connection and in the transaction of what caused them. `shared_worker` takes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager

from sqlalchemy import column, table, text
from sqlalchemy.dialects.postgresql import JSONB, insert

from bot.queues.model import Job, Queue, Task, Tasks
from bot.storage.database.engine import Database

_JOBS = table(
    "procrastinate_jobs",
    column("queue_name"),
    column("task_name"),
    column("lock"),
    column("queueing_lock"),
    column("args", JSONB),
)
#: A job whose worker has given no sign of life for so many seconds, or has left without it.
_IS_LOST = """
    {job}.status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers AS worker WHERE worker.id = {job}.worker_id
        AND worker.last_heartbeat >= now() - make_interval(secs => :seconds)
    )
"""
#: A job with the same key waits, or is lost too and was put earlier.
_HAS_TWIN = f"""
    EXISTS (
        SELECT FROM procrastinate_jobs AS other WHERE other.queueing_lock = job.queueing_lock
        AND (other.status = 'todo' OR (other.id < job.id AND {_IS_LOST.format(job="other")}))
    )
"""
_RETURNING = "RETURNING task_name, args, attempts"
_DROP_TWINS = text(
    f"DELETE FROM procrastinate_jobs AS job WHERE {_IS_LOST.format(job='job')} AND {_HAS_TWIN} {_RETURNING}"  # noqa: S608  # constants
)
_GIVE_BACK = text(
    "UPDATE procrastinate_jobs AS job SET status = 'todo', worker_id = NULL, attempts = attempts + 1"  # noqa: S608  # constants
    f" WHERE {_IS_LOST.format(job='job')} {_RETURNING}"
)
_WAITING = text("SELECT queue_name, count(*) FROM procrastinate_jobs WHERE status = 'todo' GROUP BY queue_name")


class SharedQueue:
    """A `bot.queues.model.JobQueue` in PostgreSQL."""

    shares = 8

    def __init__(self, database: Database) -> None:
        self._database = database

    def unit_of_work(self) -> AbstractAsyncContextManager[None]:
        """Runs all writes of a block, and the jobs that are put in it, in one transaction."""
        return self._database.unit_of_work()

    async def put(self, jobs: Iterable[Job]) -> None:
        """Adds jobs, in the transaction of the caller if there is one. A job whose key waits is not added again."""
        rows = [
            {
                "queue_name": job.task.queue,
                "task_name": job.task,
                "lock": job.lock,
                "queueing_lock": job.key,
                "args": {"number": job.number},
            }
            for job in sorted(jobs, key=lambda job: job.key)  # all in one order, so that no two writers deadlock
        ]
        if rows:
            async with self._database.write() as connection:
                await connection.execute(insert(_JOBS).on_conflict_do_nothing(), rows)

    async def run_waiting(self, tasks: Tasks, *wanted: Task) -> None:
        """Does nothing: workers take the jobs by themselves."""

    async def waiting(self) -> dict[Queue, int]:
        """Returns how many jobs wait in each queue."""
        async with self._database.read() as connection:
            found = {str(name): int(count) for name, count in await connection.execute(_WAITING)}
        return {queue: found.get(queue, 0) for queue in Queue}

    async def give_back_lost(self, seconds: float) -> list[tuple[str, int, int]]:
        """Gives back the jobs of workers that have given no sign of life for so long.

        Returns:
            The task, the number and the attempts of each.
        """
        async with self._database.write() as connection:
            # A job that was put again meanwhile waits already, or is lost, too. Only one with its key may wait.
            dropped = (await connection.execute(_DROP_TWINS, {"seconds": seconds})).all()
            returned = (await connection.execute(_GIVE_BACK, {"seconds": seconds})).all()
        return [(row.task_name, row.args["number"], row.attempts) for row in (*dropped, *returned)]
