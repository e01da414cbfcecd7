"""Starts the bot that `bot.app` built, and runs its jobs, couriers and platforms until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

import structlog
from rich.console import Console

from bot import i18n
from bot.app import CONSOLE_USER, Bot, open_bot
from bot.commands.names import command_named
from bot.delivery.courier import Courier, Timing
from bot.delivery.pacing import UNLIMITED, Pacing
from bot.delivery.retry import RetryPolicy
from bot.i18n import Translator
from bot.jobs import keep_house, poll_feeds, post_due, read_pages, reanalyse
from bot.platforms.console.chat import Terminal, is_terminal, new_session, read_lines
from bot.platforms.console.sender import ConsoleSender
from bot.platforms.parts import Hold
from bot.platforms.registry import Service, network_services
from bot.posting.scheduler import Job, Runs, Schedule
from bot.queues.guard import report
from bot.reloading import ReadConfig, reload_when_told
from bot.runtime.clock import clock
from bot.runtime.gc import freeze_startup_objects
from bot.runtime.stopping import set_on_hangup, set_when_told_to_stop
from bot.runtime.terminal import CleanConsole
from bot.settings.model import Config
from bot.storage.database.elections import Election, open_election, run_held
from bot.storage.database.maintenance import check_at_start
from bot.storage.database.outages import run_through_outages
from bot.storage.database.turns import Turns
from bot.storage.parts import Parts
from bot.storage.vitals import VitalsStore
from bot.subscriptions.model import Settings
from bot.subscriptions.parsing import SettingRefused
from bot.subscriptions.wishes import wished
from bot.web.health import Checkup
from bot.web.server import serving
from bot.web.site import Site
from bot.worker import take_jobs
from bot.workers.pool import ANALYSIS, running_workers
from briefings.analysis import questions

_TICK = timedelta(seconds=2)
_HOUSEKEEPING = timedelta(hours=1)
_REANALYSIS = timedelta(minutes=2)
_FEEDS = timedelta(seconds=5)
#: Seconds in which the event loop hears of a signal that came while it was busy.
_HEARS_SIGNALS = 0.001
_log = structlog.stdlib.get_logger("nutgraf")


class PlatformsStopped(Exception):
    """All platforms have given up.

    Attributes:
        reasons: The reason of each platform.
    """

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


async def run(config: Config, read: ReadConfig) -> None:
    """Runs the bot until SIGTERM, or until the user leaves the console chat.

    Args:
        read: Reads the settings again, at SIGHUP.

    Raises:
        PlatformsStopped: All platforms have given up.
        StorageError: The database cannot be used, and waiting does not help.
    """
    stopped, hung_up = asyncio.Event(), asyncio.Event()
    set_when_told_to_stop(stopped)
    set_on_hangup(hung_up)
    async with running_workers() as workers, running_workers(ANALYSIS) as analysts:

        async def open_and_run() -> None:
            async with open_bot(config, workers, analysts) as bot:
                besides = [partial(reload_when_told, bot, config, read, hung_up)]
                if config.jobs.in_run and not bot.database.is_sqlite:
                    besides.append(partial(_taking_jobs, bot, config, stopped))
                await run_bot(bot, config, besides, stopped)

        await run_through_outages(config.database.get_secret_value(), open_and_run, stopped)


def _preload_settings() -> None:
    with suppress(SettingRefused):
        wished("preload", Settings(), clock())  # reads the names of cities and the words for times and days
    command_named("preload")  # reads the names of commands in all languages


#: Load what answers need, which takes half a second. Otherwise somebody's answer does, and all others wait.
PRELOADS = (questions.preload, i18n.preload, _preload_settings)


async def run_bot(
    bot: Bot, config: Config, besides: Iterable[Callable[[], Awaitable[bool]]], stopped: asyncio.Event
) -> None:
    """Runs each part of the work while this process holds it, until ``stopped`` is set.

    Args:
        besides: Work that every process does. The bot ends when one of them returns True.

    Raises:
        PlatformsStopped: All platforms have given up.
        StorageError: The database is in use, or was lost.
    """
    for load in PRELOADS:
        load()
        await asyncio.sleep(_HEARS_SIGNALS)
        if stopped.is_set():
            return
    console = CleanConsole()
    turns = Turns(bot.database)
    network = network_services(config, bot.dispatcher, bot.ledger, bot.inbox, clock, turns)
    services: list[Service | Courier] = [*_console_couriers(bot, config, console), *network]
    freeze_startup_objects()
    # From here on, nothing keeps the event loop busy for so long that the election could be lost.
    async with open_election(bot.database, bot.clock) as election, bot.database.watching():
        await check_at_start(bot.database)
        if bot.database.is_sqlite:  # no other process runs jobs, so those that seem to run are from one that died
            report(await bot.job_runs.died())
        if bot.ingest is not None:
            await bot.ingest.declare(feed.source() for feed in config.feeds)
        runs = Runs()
        vitals, parts = VitalsStore(bot.database), Parts(bot.database)
        checkup = Checkup(vitals, network, runs, clock(), clock, parts, election.holder)
        async with serving(config.web, checkup, Site(bot, checkup, config.web)):
            running = [_watched(election), checkup.stalls.watch(bot.clock), *(work() for work in besides)]
            if config.console.enabled:
                running.append(_console(bot, config, console))
            _log.info("bot_started", platforms=sorted({service.platform for service in services}))
            hold = partial(run_held, election, bot.database)
            await _run_parts(bot, config, hold, runs, services=services, running=running, stopped=stopped)


async def _run_parts(
    bot: Bot,
    config: Config,
    hold_until: Callable[..., Coroutine[None, None, None]],
    runs: Runs,
    *,
    services: Sequence[Service | Courier],
    running: Sequence[Awaitable[bool]],
    stopped: asyncio.Event,
) -> None:
    stopping = asyncio.Event()
    hold = partial(hold_until, stopping=stopping)
    jobs = [
        asyncio.create_task(hold(part, partial(_run_jobs, bot, schedule, runs, stopping)))
        for part, schedule in _schedules(bot).items()
    ]
    sending = {one.part: asyncio.create_task(_send(one, bot, hold)) for one in services}
    network = [one for one in services if not isinstance(one, Courier)]
    # Without a terminal, nobody reads the console. It must not keep a bot alive that has lost all its networks.
    needed = services if not network or (config.console.enabled and is_terminal()) else network
    ended = _all_stopped([sending[one.part] for one in needed], needed)
    watched = [asyncio.ensure_future(one) for one in (ended, *map(_failed, jobs), *running)]
    try:
        await _until(stopped, watched)
    finally:  # first of all, since another process may wait for the parts
        stopping.set()
        for service in services:
            service.stop()
        for task in watched:
            task.cancel()
        await asyncio.gather(*jobs, *sending.values(), *watched, return_exceptions=True)
        _log.info("bot_stopped")


def _schedules(bot: Bot) -> dict[str, dict[str, tuple[timedelta, Job]]]:
    """The periodic jobs of each part of the work that only one process at a time may do."""
    return {
        "tick": {"tick": (_TICK, partial(post_due, bot))},
        "housekeeping": {
            "housekeeping": (_HOUSEKEEPING, partial(keep_house, bot)),
            "reanalysis": (_REANALYSIS, partial(reanalyse, bot)),
            "feeds": (_FEEDS, partial(poll_feeds, bot)),
            "pages": (_FEEDS, partial(read_pages, bot)),
        },
    }


async def _run_jobs(bot: Bot, jobs: Mapping[str, tuple[timedelta, Job]], runs: Runs, stopping: asyncio.Event) -> None:
    await Schedule(jobs, bot.clock, runs).run(stopping)


async def _failed(jobs: asyncio.Task[None]) -> bool:
    """Waits until jobs cannot go on. Returns only by raising."""
    await asyncio.shield(jobs)
    return False


def _console_couriers(bot: Bot, config: Config, console: Console) -> list[Courier]:
    """Returns the courier that prints posts on the console, if the console is enabled."""
    if not config.console.enabled:
        return []
    return [
        Courier(
            "console",
            bot.ledger,
            ConsoleSender(console),
            pacing=Pacing(UNLIMITED),
            policy=RetryPolicy(),
            timing=Timing(clock),
            is_private=lambda _: True,
        )
    ]


async def _watched(election: Election) -> bool:
    """Watches the hold on the database. Returns only by raising.

    Raises:
        StorageError: It was lost, so the bot must stop.
    """
    await election.watch()
    return True


async def _taking_jobs(bot: Bot, config: Config, stopped: asyncio.Event) -> bool:
    """Takes jobs from the queues that several processes share, until the bot stops."""
    await take_jobs(bot, config, stopped)
    return True


async def _all_stopped(sending: Sequence[asyncio.Task[None]], services: Sequence[Service | Courier]) -> bool:
    """Waits until all of these platforms have stopped.

    Raises:
        StorageError: The database cannot be written.
        PlatformsStopped: All of them gave up.
    """
    done, _ = await asyncio.wait(sending, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()
    if all(service.stopped_because for service in services):
        raise PlatformsStopped({service.platform: str(service.stopped_because) for service in services})
    return True


async def _send(service: Service | Courier, bot: Bot, hold: Hold) -> None:
    """Runs a platform. If it gives up, logs an error and alerts the operators."""
    if isinstance(service, Courier):
        await hold(service.platform, service.run)
    else:
        await service.run(hold)
    if service.stopped_because is not None:
        _log.error("platform_stopped", platform=service.part, reason=service.stopped_because)
        await bot.posting.alerts.stopped(service.platform, service.stopped_because, bot.clock())


async def _until(stopped: asyncio.Event, watched: Iterable[asyncio.Future[bool]]) -> None:
    """Waits until ``stopped`` is set, or until one of the tasks returns True: its user has left."""
    stopping: asyncio.Future[bool] = asyncio.ensure_future(stopped.wait())
    waiting = {stopping, *watched}
    try:
        while not stopped.is_set():
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if any(task.result() for task in done):
                return
    finally:
        stopping.cancel()


async def _console(bot: Bot, config: Config, console: Console) -> bool:
    """Runs the chat in the terminal. Returns whether its user has left."""
    terminal = Terminal(bot.dispatcher, Translator(config.language), console, CONSOLE_USER)
    if is_terminal():
        await terminal.chat(new_session(Translator(config.language)))
        return True
    await read_lines(terminal)
    return False
