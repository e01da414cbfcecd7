"""The queue of a bot with one process. It is in memory; the tables say what was in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Protocol
from weakref import WeakValueDictionary

from bot.queues.guard import Guard
from bot.queues.model import Job, Task, Tasks

#: How many jobs of a task run at the same time.
_AT_ONCE = {Task.POLL: 20, Task.READ: 4, Task.ANALYSE: 4, Task.COMPOSE: 1}
#: More jobs than these are not kept. They are found in the tables when others have left.
_MOST_WAITING = 10_000


class Transactions(Protocol):
    """The transactions of a database."""

    def unit_of_work(self) -> AbstractAsyncContextManager[None]:
        """Runs all writes of a block in one transaction."""

    async def after_unit(self, work: Callable[[], Awaitable[None]]) -> None:
        """Calls ``work`` after the commit of the current transaction, or at once if there is none."""


class InProcessQueue:
    """A `bot.queues.model.JobQueue` in memory."""

    shares = 1

    def __init__(self, transactions: Transactions, guard: Guard, at_once: Mapping[Task, int] = _AT_ONCE) -> None:
        self._transactions = transactions
        self._guard = guard
        self._free = {task: asyncio.Semaphore(at_once[task]) for task in Task}
        self._waiting: dict[Task, dict[str, Job]] = {task: {} for task in Task}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def unit_of_work(self) -> AbstractAsyncContextManager[None]:
        """Runs all writes of a block in one transaction. Jobs are added after its commit."""
        return self._transactions.unit_of_work()

    async def put(self, jobs: Iterable[Job]) -> None:
        """Adds jobs after the commit of the current transaction, or at once if there is none."""
        await self._transactions.after_unit(partial(self._add, tuple(jobs)))

    async def _add(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            waiting = self._waiting[job.task]
            if len(waiting) < _MOST_WAITING:
                waiting.setdefault(job.key, job)

    async def run_waiting(self, tasks: Tasks, *wanted: Task) -> None:
        """Runs the waiting jobs of these tasks, and those that they add, several at a time.

        Raises:
            Exception: What one job raised, or a group of what several have raised. All of them were run.
        """
        failed: list[Exception] = []

        async def run(job: Job) -> None:
            lock = self._locks.setdefault(job.lock or job.key, asyncio.Lock())
            async with lock, self._free[job.task]:
                try:
                    await self._guard.run(job, tasks[job.task])
                except Exception as error:  # noqa: BLE001  # one job must not stop the others; the caller is told
                    failed.append(error)

        while jobs := [job for task in wanted for job in self._taken(task)]:
            await asyncio.gather(*map(run, await self._guard.ordered(jobs)))
        if len(failed) == 1:
            raise failed[0]
        if failed:
            raise ExceptionGroup("some jobs failed", failed)

    def _taken(self, task: Task) -> list[Job]:
        taken, self._waiting[task] = self._waiting[task], {}
        return list(taken.values())
