"""Runs what `bot.app` built: the scheduler, the couriers and the platforms, until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.app import CONSOLE_USER, Bot, clock, open_bot
from bot.i18n import Translator

if TYPE_CHECKING:  # imported only when something runs
    from rich.console import Console

    from bot.delivery.courier import Courier
    from bot.platforms.registry import Service
    from bot.settings.model import Config
    from bot.storage.database.instance_lock import InstanceLock

_TICK = timedelta(seconds=2)
_HOUSEKEEPING = timedelta(hours=1)
_log = structlog.stdlib.get_logger("nutgraf")


class PlatformsStopped(Exception):
    """No platform takes anything any more; ``reasons`` says why, by the platforms' names."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


async def run(config: Config) -> None:
    """Runs what is configured until it is told to stop, by SIGTERM or by the person at the terminal."""
    from rich.console import Console

    from bot.delivery.courier import Courier, Timing
    from bot.delivery.pacing import UNLIMITED, Pacing
    from bot.delivery.retry import RetryPolicy
    from bot.platforms.console.chat import is_terminal
    from bot.platforms.console.sender import ConsoleSender
    from bot.platforms.registry import network_services
    from bot.posting.scheduler import Schedule
    from bot.runtime.gc import freeze_startup_objects
    from bot.runtime.stopping import set_when_told_to_stop
    from bot.storage.database.instance_lock import instance_lock
    from bot.storage.database.maintenance import check_at_start
    from bot.workers.pool import running_workers

    stopped = asyncio.Event()
    set_when_told_to_stop(stopped)
    async with running_workers() as workers, open_bot(config, workers) as bot, instance_lock(bot.database) as lock:
        await check_at_start(bot.database)
        await bot.keep_house()  # a database that cannot be written is told at once
        jobs = {"tick": (_TICK, bot.post_what_is_due), "housekeeping": (_HOUSEKEEPING, bot.keep_house)}
        schedule = Schedule(jobs, clock)
        platforms: list[Awaitable[bool]] = []
        couriers: list[Courier] = []
        if config.console.enabled:
            console = Console()
            platforms.append(_console(bot, config, console))
            couriers.append(
                Courier(
                    "console",
                    bot.ledger,
                    ConsoleSender(console),
                    pacing=Pacing(UNLIMITED),
                    policy=RetryPolicy(),
                    timing=Timing(clock),
                    is_private=lambda _: True,
                )
            )
        network = network_services(config, bot.dispatcher, bot.ledger, bot.inbox, clock)
        services: list[Service] = [*couriers, *network]
        sending = [asyncio.create_task(_send(service, bot)) for service in services]
        # Nobody reads a console without a terminal: it does not keep a bot alive that reaches no network.
        is_read = config.console.enabled and is_terminal()
        needed = services if is_read or not network else network
        platforms.append(_all_stopped(sending[-len(needed) :], needed))
        schedule.start()
        freeze_startup_objects()
        _log.info("bot_started", platforms=[service.platform for service in services])
        try:
            await _until(stopped, [*platforms, _watched(lock)])
        finally:
            await schedule.stop()
            for service in services:
                service.stop()
            await asyncio.gather(*sending)
            _log.info("bot_stopped")


async def _watched(lock: InstanceLock) -> bool:
    """Never returns.

    Raises:
        StorageError: The database is not this bot's any more: it must stop.
    """
    await lock.watch()
    return True


async def _all_stopped(sending: Sequence[asyncio.Task[None]], services: Sequence[Service]) -> bool:
    """Ends when all of these platforms have stopped.

    Raises:
        PlatformsStopped: All of them gave up.
    """
    await asyncio.wait(sending)
    reasons = {service.platform: service.stopped_because for service in services if service.stopped_because}
    if len(reasons) == len(services):
        raise PlatformsStopped(reasons)
    return True


async def _send(service: Service, bot: Bot) -> None:
    """Lets a platform work, and says loudly if it takes nothing any more."""
    await service.run()
    if service.stopped_because is not None:
        _log.error("platform_stopped", platform=service.platform, reason=service.stopped_because)
        await bot.alerts.stopped(service.platform, service.stopped_because, bot.clock())


async def _until(stopped: asyncio.Event, platforms: Iterable[Awaitable[bool]]) -> None:
    """Runs the platforms until it is told to stop, or one of them returns that its person has left."""
    running = {asyncio.ensure_future(platform) for platform in platforms}
    stopping = asyncio.ensure_future(stopped.wait())
    try:
        while not stopped.is_set():
            done, _ = await asyncio.wait({stopping, *running}, return_when=asyncio.FIRST_COMPLETED)
            running -= done
            if any(task.result() for task in done):
                return
    finally:
        for task in (stopping, *running):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _console(bot: Bot, config: Config, console: Console) -> bool:
    """The chat in the terminal; whether its person has left."""
    from bot.platforms.console.chat import Terminal, is_terminal, new_session, read_lines

    terminal = Terminal(bot.dispatcher, Translator(config.language), console, CONSOLE_USER)
    if is_terminal():
        await terminal.chat(new_session(Translator(config.language)))
        return True
    await read_lines(terminal)
    return False
