"""A job kills its process each time. It is set aside after three deaths, and the other jobs are done."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import open_database
from bot.queues.guard import Guard, TroubledJob
from bot.queues.in_process import InProcessQueue
from bot.queues.model import Job, Queue, Task
from bot.runtime.clock import clock
from bot.storage.database.engine import Database
from bot.storage.job_runs import StoredJobRuns
from bot.storage.shared_queue import SharedQueue
from bot.storage.shared_worker import SharedWorker

_DEADLY = 7
_JOBS = [Job(Task.READ, number) for number in range(5, 10)]
_AT_ONCE = {Queue.FETCH: 4}


def test_the_rest_goes_on(database_url: str, tmp_path: Path) -> None:
    done = tmp_path / "done"
    done.mkdir()
    deaths = 0
    while _in_a_process(lambda: _run(database_url, done)) == -signal.SIGKILL:
        deaths += 1
        assert deaths <= 3
    assert deaths == 3
    assert {int(one.name) for one in done.iterdir()} == {job.number for job in _JOBS} - {_DEADLY}
    aside = asyncio.run(_aside(database_url))
    assert [(one.number, one.deaths) for one in aside] == [(_DEADLY, 3)]


async def _run(url: str, done: Path) -> None:
    """A process that puts the jobs which are not done, as the tables would say, and runs them."""

    async def work(number: int) -> None:
        await asyncio.sleep(0.01)
        if number == _DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        (done / str(number)).touch()

    async with open_database(url) as database:
        left = [job for job in _JOBS if not (done / str(job.number)).exists()]
        if database.is_sqlite:
            runs = StoredJobRuns(database, clock)
            await runs.died()
            queue = InProcessQueue(database, Guard(runs))
            await queue.put(left)
            await queue.run_waiting({Task.READ: work}, Task.READ)
        else:
            await _run_shared(database, left, work)


async def _run_shared(database: Database, left: list[Job], work: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    worker = SharedWorker(database, {Task.READ: work}, _AT_ONCE, timedelta(0))
    await worker.give_back_lost()
    await SharedQueue(database).put(left)
    await SharedWorker(database, {Task.READ: work}, _AT_ONCE, timedelta(seconds=60)).run_waiting()


async def _aside(url: str) -> list[TroubledJob]:
    async with open_database(url) as database:
        return await StoredJobRuns(database, clock).aside()


def _in_a_process(run: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """Runs something in a process of its own. Returns its exit code."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            asyncio.run(run())
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
