"""How many feeds are polled a minute and core, over loopback, and how much that costs beside bare requests and parsing.

The server is a process of its own, so that the figures are those of the bot and its workers alone.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import fastfeedparser
from aiohttp import web

from bot.app import open_database
from bot.feeds.model import FeedSource
from bot.ingest.poller import Poller
from bot.queues.guard import Guard
from bot.queues.in_process import InProcessQueue
from bot.queues.model import Task
from bot.storage.database.urls import IN_MEMORY
from bot.storage.feeds import Feeds
from bot.storage.job_runs import StoredJobRuns
from bot.workers.pool import Limits, WorkerPool, running_workers
from briefings.fetching.client import Client, ClientOptions
from tests.benchmarks import limits
from tests.fakes import Clock
from tests.web import Everywhere

FEEDS, ITEMS = 1_000, 30
#: The bot's own work may cost so many times the bare requests and the parser.
_MOST_RATIO = 15.0
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the processor."""

    seconds: float

    @property
    def a_minute(self) -> float:
        """How many feeds that is a minute and core."""
        return FEEDS * 60 / self.seconds


async def main() -> None:
    """Prints the figures."""
    async with _server() as port:
        bare = await _measured(lambda: _bare(port))
        clock = Clock()
        options = ClientOptions(allowed=frozenset({("127.0.0.1", port)}), pause=0.0)
        async with (
            running_workers(Limits(processes=1, tasks=10 * FEEDS)) as workers,
            open_database(IN_MEMORY) as database,
            Client(options, clock, resolver=Everywhere()) as client,
        ):
            feeds = Feeds(database)
            for number in range(FEEDS):
                await feeds.add(FeedSource(f"http://site{number}.example:{port}/feed"), clock())
            queue = InProcessQueue(database, Guard(StoredJobRuns(database, clock)))
            poller = Poller(feeds, client, workers, clock, queue)
            first = await _measured(lambda: _all(poller, queue), workers)
            clock.now += timedelta(days=1)
            again = await _measured(lambda: _all(poller, queue), workers)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEGABYTE
    print(f"{FEEDS} feeds of {ITEMS} items, read for the first time: {first.a_minute:,.0f} a minute and core")
    print(f"{FEEDS} feeds that have not changed: {again.a_minute:,.0f} a minute and core; at most {memory:.0f} MB")
    ratio = first.seconds / bare.seconds
    name = "polling feeds / bare requests and fastfeedparser"
    print(f"{name}: {ratio:.1f} times ({limits.at_most(name, ratio, _MOST_RATIO)})")


async def _all(poller: Poller, queue: InProcessQueue) -> None:
    for _ in range(2):  # so many are due at once
        await poller.request()
        await queue.run_waiting({Task.POLL: poller.take}, Task.POLL)


async def _bare(port: int) -> None:
    """The same requests and the same parsing, and nothing else."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=Everywhere(), limit=20)) as session:

        async def one(number: int) -> None:
            async with session.get(f"http://site{number}.example:{port}/feed") as response:
                fastfeedparser.parse(await response.read())

        await asyncio.gather(*map(one, range(FEEDS)))


async def _measured(work: Callable[[], Awaitable[None]], workers: WorkerPool | None = None) -> Cost:
    """What ``work`` costs, in this process and in the one worker."""
    before = await _seconds(workers)
    await work()
    return Cost(await _seconds(workers) - before)


async def _seconds(workers: WorkerPool | None) -> float:
    inside = await workers.run(time.process_time) if workers else 0.0
    return time.process_time() + inside


@asynccontextmanager
async def _server() -> AsyncIterator[int]:
    """The server's process; its port."""
    command = (sys.executable, "-m", "tests.benchmarks.feeds", "serve")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        if process.stdout is None:
            raise RuntimeError("the server says nothing")
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


async def _serve() -> None:
    """Serves a feed at every address, which has not changed for those who know it."""

    async def answer(request: web.BaseRequest) -> web.Response:
        if request.headers.get("If-None-Match"):
            return web.Response(status=304)
        return web.Response(text=_feed(request.host), content_type="application/rss+xml", headers={"ETag": '"1"'})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def _feed(host: str) -> str:
    text = "The port was closed on Tuesday after a freighter lost 40 containers in a storm. " * 5
    items = "".join(
        f"<item><title>Story {number}</title><link>http://{host}/{number}</link>"
        f"<pubDate>Fri, 14 Mar 2025 {number % 12:02}:00:00 GMT</pubDate><description>{text}</description></item>"
        for number in range(ITEMS)
    )
    return f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'


if __name__ == "__main__":
    asyncio.run(_serve() if sys.argv[1:] == ["serve"] else main())
