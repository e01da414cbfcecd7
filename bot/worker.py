"""Runs a worker: takes jobs that fetch, analyse and compose. It sends nothing. Any number may share one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from bot.app import Bot, open_bot
from bot.jobs import tasks_of
from bot.queues.model import Queue
from bot.reloading import ReadConfig, reload_when_told
from bot.runtime.stopping import set_on_hangup, set_when_told_to_stop
from bot.settings.model import Config
from bot.storage.database.elections import open_election
from bot.storage.database.outages import run_through_outages
from bot.storage.shared_queue import SharedQueue
from bot.web.server import listening
from bot.web.worker import worker_application
from bot.workers.pool import ANALYSIS, PARSING, running_workers

#: Requests that wait for their servers need no processor, so many run at the same time.
_FETCHES = 20


async def work(config: Config, read: ReadConfig, queues: Collection[Queue], concurrency: int) -> None:
    """Takes jobs until SIGTERM. Running jobs are finished, or given back after some seconds.

    Args:
        read: Reads the settings again, at SIGHUP.
        concurrency: How many articles are analysed at the same time, each in a process of its own.

    Raises:
        StorageError: The database cannot be used, and waiting does not help.
    """
    stopped, hung_up = asyncio.Event(), asyncio.Event()
    set_when_told_to_stop(stopped)
    set_on_hangup(hung_up)
    async with (
        running_workers(replace(PARSING, processes=max(concurrency, PARSING.processes))) as workers,
        running_workers(replace(ANALYSIS, processes=concurrency)) as analysts,
    ):

        async def open_and_work() -> None:
            async with (
                open_bot(config, workers, analysts) as bot,
                listening(config.web, worker_application(SharedQueue(bot.database))),
            ):
                reloading = asyncio.create_task(reload_when_told(bot, config, read, hung_up))
                try:
                    await run_worker(bot, config, stopped, queues, concurrency)
                finally:
                    reloading.cancel()

        await run_through_outages(config.database.get_secret_value(), open_and_work, stopped)


async def run_worker(
    bot: Bot, config: Config, stopping: asyncio.Event, queues: Collection[Queue] = tuple(Queue), concurrency: int = 1
) -> None:
    """Takes jobs as a process that does nothing else, until ``stopping`` is set.

    Raises:
        StorageError: Another program has the database for itself, or a newer one has upgraded it.
    """
    async with open_election(bot.database, bot.clock, answers=False) as election, bot.database.watching():
        taking = asyncio.create_task(take_jobs(bot, config, stopping, queues, concurrency))
        watching = asyncio.create_task(election.watch())
        try:
            await asyncio.wait({taking, watching}, return_when=asyncio.FIRST_COMPLETED)
            (watching if watching.done() else taking).result()
        finally:
            for task in (taking, watching):
                task.cancel()
            await asyncio.wait({taking})


async def take_jobs(
    bot: Bot, config: Config, stopping: asyncio.Event, queues: Collection[Queue] = tuple(Queue), concurrency: int = 1
) -> None:
    """Takes jobs until ``stopping`` is set."""
    from bot.storage.shared_worker import SharedWorker  # needs the extra `postgres`

    most = {Queue.FETCH: _FETCHES, Queue.ANALYSE: concurrency, Queue.COMPOSE: 1}
    at_once = {queue: most[queue] for queue in queues}
    lost_after = timedelta(seconds=config.jobs.lost_after_seconds)
    await SharedWorker(bot.database, tasks_of(bot), at_once, lost_after).run(stopping)
