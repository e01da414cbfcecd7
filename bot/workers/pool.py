"""A pool of worker processes. A process that exceeds a limit is killed and replaced."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable
from concurrent.futures import TimeoutError as WorkTimeout
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from threading import Event
from typing import Any, ParamSpec, TypeVar

import structlog
from pebble import ProcessExpired, ProcessPool

from bot.runtime import metrics
from bot.workers.process import carry_out, prepare
from briefings.errors import LimitExceeded, WorkFailed

_log = structlog.stdlib.get_logger("nutgraf.workers")

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a pool.

    Attributes:
        seconds: The most processor time of one task. A task that waits for the processor or for something else ends
            after `_PATIENCE` times as many seconds of the clock.
        megabytes: The most memory that a worker may use beyond its initial size.
        processes: The number of workers.
        tasks: A worker is replaced after this many tasks, so that its memory does not grow.
        waiting: The most tasks that may wait. Further ones are refused.
        loads_parser: Whether a worker begins with the language model in its memory.
    """

    seconds: float = 5.0
    megabytes: int = 300
    processes: int = 2
    tasks: int = 500
    waiting: int = 50
    loads_parser: bool = False


#: On a busy machine a task gets only a small part of the processor, and workers give way to everything else.
_PATIENCE = 6
#: Seconds between two looks at whether a start has ended.
_LOOK = 0.05
#: Whether workers were forked, so that they depend on the process that forks them.
_has_forked = Event()
#: For foreign files and texts.
PARSING = Limits()
#: For finding claims: one process that keeps the language model, of at most 400 MB in all.
ANALYSIS = Limits(seconds=30.0, megabytes=220, processes=1, tasks=500, waiting=50, loads_parser=True)


class WorkerPool:
    """A `briefings.workers.Workers` of processes."""

    def __init__(self, limits: Limits = PARSING) -> None:
        self._limits = limits
        self._unfinished: set[asyncio.Future[Any]] = set()
        self._pool: ProcessPool | None = None
        self._starting = asyncio.Lock()
        self._start: asyncio.Future[ProcessPool] | None = None

    async def start(self) -> None:
        """Starts the workers now, so that the first task does not wait for them."""
        await self.run(len, "")

    async def run(self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """Runs ``work`` in a worker and returns its result.

        Raises:
            LimitExceeded: It needs too much time or memory, or too many tasks are waiting.
            WorkFailed: It has a bug.
        """
        if len(self._unfinished) >= self._limits.waiting:
            raise LimitExceeded("queue")
        pool = await self._running()
        seconds = self._limits.seconds
        scheduled = pool.schedule(carry_out, args=(work, args, kwargs, seconds), timeout=_PATIENCE * seconds)
        future: asyncio.Future[Result] = asyncio.wrap_future(scheduled)
        self._unfinished.add(future)
        try:
            return await future
        except WorkTimeout as error:
            raise LimitExceeded("time") from error
        except ProcessExpired as error:
            if error.exitcode == -signal.SIGPROF:
                raise LimitExceeded("time") from error
            # A C library that gets no memory can end the process.
            metrics.WORKER_RESTARTS.inc()
            _log.warning("worker_died", code=error.exitcode)
            raise LimitExceeded("memory") from error
        except WorkFailed as error:
            _log.error("work_failed", error=str(error))
            raise
        finally:
            self._unfinished.discard(future)

    async def close(self) -> None:
        """Kills all workers, also those that are being started."""
        async with self._starting:
            pool, self._pool = self._pool, None
            if self._start is not None:
                pool = await _interrupted(self._start)
        for future in self._unfinished:
            future.cancel()
        if pool is not None:
            await asyncio.to_thread(_end, pool)

    async def _running(self) -> ProcessPool:
        """Returns the pool, or a new one if it is broken."""
        async with self._starting:
            if self._pool is None or not self._pool.active:
                if self._start is None:
                    self._start = asyncio.ensure_future(asyncio.to_thread(_started, self._limits))
                try:
                    self._pool = await asyncio.shield(self._start)
                finally:  # a start goes on if whoever waits for it is cancelled
                    self._start = None if self._start.done() else self._start
            return self._pool


@asynccontextmanager
async def running_workers(limits: Limits = PARSING) -> AsyncIterator[WorkerPool]:
    """Opens a pool. Its workers start in the background and end with the block."""
    pool = WorkerPool(limits)
    starting = asyncio.create_task(pool.start())
    try:
        yield pool
    finally:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await pool.close()


def _started(limits: Limits) -> ProcessPool:
    # Workers are forked from a clean process that has loaded everything. This one has threads and connections.
    context = multiprocessing.get_context("forkserver")
    # The first pool says what that one loads. A worker loads the language model itself if that one has not.
    context.set_forkserver_preload([f"bot.workers.preload{'_parser' if limits.loads_parser else ''}"])
    pool = ProcessPool(limits.processes, limits.tasks, prepare, (limits.megabytes, limits.loads_parser), context)
    pool.schedule(len, args=("",))  # the pool starts with its first task
    _has_forked.set()
    return pool


async def _interrupted(start: asyncio.Future[ProcessPool]) -> ProcessPool | None:
    """Returns the pool that is being started, or None if its start was ended. Loading can take ten seconds and more."""
    while not (await asyncio.wait({start}, timeout=_LOOK))[0]:
        # The standard library has no public way to the process that loads modules for all workers.
        loading = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # noqa: SLF001
        if loading is not None and not _has_forked.is_set():
            with suppress(ProcessLookupError):
                os.kill(loading, signal.SIGKILL)
    return None if start.exception() else start.result()


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # it has no annotation
    pool.join()
