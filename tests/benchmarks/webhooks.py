"""Commands answered a second by one process and by two, over webhooks and PostgreSQL.

Two processes are compared with one by the processor time of the busiest: that is what the clock says on a machine that
has enough free cores.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial

import aiohttp
import structlog

from bot.access import Access, Policy, Throttle
from bot.app import Bot, build, open_database
from bot.commands.context import Policies
from bot.delivery.courier import Timing
from bot.delivery.pacing import UNLIMITED
from bot.platforms.telegram.service import Settings, TelegramService
from bot.run import PRELOADS
from bot.runtime.clock import clock
from bot.runtime.gc import freeze_startup_objects
from bot.storage.database.elections import open_election, run_held
from bot.storage.database.engine import Database
from tests.benchmarks.limits import at_least
from tests.benchmarks.telegram import TOKEN, command, far_side
from tests.benchmarks.workers import processor_seconds
from tests.fakes import bundled
from tests.faults.test_webhook_kills import free_ports
from tests.postgres import running_server
from tests.telegram.webhooks import Balancer

COMMANDS, WARM, CONNECTIONS = 3000, 200, 40
#: Two processes need at least two cores.
_LEAST_RATIO = 1.6
_LEAST_OF_SQLITE = 0.3


async def main() -> None:
    """Prints the figures."""
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        file = await _measured(f"sqlite:///{folder}/nutgraf.db", 1)
        one, two = [await _measured(server.new_database(), count) for count in (1, 2)]
    print(f"commands answered over webhooks, SQLite: {file[0]:.0f} a second, {file[1]:.0f} of the processor")
    for count, (by_clock, by_processor) in enumerate((one, two), 1):
        print(
            f"commands answered over webhooks by {count} process(es): {by_clock:.0f} a second,"
            f" {by_processor:.0f} for each second of the busiest one's processor"
        )
    name = "commands answered by two processes / by one, over webhooks"
    print(f"{name}: {two[1] / one[1]:.2f} times ({at_least(name, two[1] / one[1], _LEAST_RATIO)})")
    name = "commands answered over PostgreSQL / SQLite, for each second of the processor"
    print(f"{name}: {one[1] / file[1]:.2f} times ({at_least(name, one[1] / file[1], _LEAST_OF_SQLITE)})")


async def _measured(url: str, count: int) -> tuple[float, float]:
    """Commands a second by the clock, and for each second of the busiest process."""
    ports = free_ports(count)
    async with open_database(url) as database:
        for article in bundled():
            await _build(database).dispatcher.context.library.add(article, clock())
    with far_side() as api, ExitStack() as stack:
        bots = [stack.enter_context(_process(url, api, port)) for port in ports]
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
            balancer = Balancer(session, ports)
            while not all([await balancer.is_there(port) for port in ports]):
                await asyncio.sleep(0.1)
            await _ask(balancer, session, api, range(1, WARM + 1))
            began, before = time.perf_counter(), [processor_seconds(bot) for bot in bots]
            await _ask(balancer, session, api, range(WARM + 1, WARM + COMMANDS + 1))
            took = time.perf_counter() - began
            used = [processor_seconds(bot) - start for bot, start in zip(bots, before, strict=True)]
    return COMMANDS / took, COMMANDS / max(used)


async def _ask(balancer: Balancer, session: aiohttp.ClientSession, api: str, numbers: range) -> None:
    """Sends commands, and waits until all that were ever sent are answered."""
    waiting = iter(numbers)

    async def send() -> None:
        for number in waiting:
            await balancer.deliver(command(number, number))

    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(send())
    while True:
        async with session.get(f"{api}/figures") as response:
            if (await response.json())["taken"] >= numbers[-1]:
                return
        await asyncio.sleep(0.01)


@contextmanager
def _process(url: str, api: str, port: int) -> Iterator[int]:
    """A process that answers at a port. Yields its number."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=lambda: asyncio.run(_answer(url, api, port)), daemon=True)
    process.start()
    try:
        assert process.pid is not None
        yield process.pid
    finally:
        process.kill()
        process.join()


async def _answer(url: str, api: str, port: int) -> None:
    async with open_database(url) as database, database.watching(), open_election(database, clock) as election:
        bot = _build(database)
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))  # as in the settings
        for load in PRELOADS:
            load()  # as the program does before it begins
        freeze_startup_objects()
        settings = Settings(TOKEN, api, webhook="https://bot.example.org/", port=port, limits=UNLIMITED)
        service = TelegramService(
            settings,
            dispatcher=bot.dispatcher,
            ledger=bot.ledger,
            inbox=bot.inbox,
            timing=Timing(clock),
            language="en",
        )
        await service.run(partial(run_held, election, database, stopping=asyncio.Event()))


def _build(database: Database) -> Bot:
    throttle = Throttle(1_000_000, timedelta(minutes=1))
    return build(database, Access(Policy.OPEN), Policies(), throttle=throttle)


if __name__ == "__main__":
    asyncio.run(main())
