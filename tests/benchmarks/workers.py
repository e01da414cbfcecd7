"""How much faster two `nutgraf worker` are than one, and how many feeds one polls a minute, on PostgreSQL.

Two workers are compared with one by the processor's time of the busiest: that is what the clock says on a machine with
enough free cores. The rates are of the clock, and tell how busy the machine is, too.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.app import open_database
from bot.feeds.model import Feed, FeedSource, Reading
from bot.queues.model import Job, Task
from bot.runtime.clock import clock
from bot.storage.database.engine import Database
from bot.storage.database.tables import feed, feed_item
from bot.storage.feeds import Feeds
from bot.storage.shared_queue import SharedQueue
from briefings.examples import examples
from briefings.fetching.headers import Validators
from briefings.model import Article
from briefings.sources import read_article
from briefings.sources.feeds import FeedItem
from tests.benchmarks import limits
from tests.postgres import Server, running_server
from tests.programs import running_program
from tests.web import Web, running_web

ARTICLES, FEEDS, ITEMS = 40, 240, 30
#: So many articles warm up each worker.
_WARM = 6
#: Two workers need at least two cores.
_LEAST_RATIO = 1.7
_HOSTS = [f"127.0.{number // 200 + 1}.{number % 200 + 1}" for number in range(FEEDS)]


async def main() -> None:
    """Prints the figures."""
    with running_server() as server:
        one, two = [await _analysed(server, count) for count in (1, 2)]
        polled = await _polled(server)
    for count, cost in enumerate((one, two), 1):
        rate = ARTICLES * 60 / cost.clock
        print(f"{ARTICLES} articles analysed by {count} worker(s): {rate:,.0f} a minute; busiest: {cost.busiest:.1f} s")
    ratio = one.busiest / two.busiest
    name = "articles analysed by two workers / by one"
    print(f"{name}: {ratio:.2f} times ({limits.at_least(name, ratio, _LEAST_RATIO)})")
    print(f"{name}, by the clock: {one.clock / two.clock:.2f} times")
    print(f"{FEEDS} feeds of {ITEMS} items, polled by one worker over PostgreSQL: {polled * 60:,.0f} a minute")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the clock, and of the processor for the worker that needed most."""

    clock: float
    busiest: float


async def _analysed(server: Server, count: int) -> Cost:
    """What it costs to analyse the articles with so many workers."""
    async with _workers(server, count, "analyse") as (database, workers):
        feeds, now = Feeds(database), clock()
        found = await feeds.add(FeedSource("https://news.example/feed"), now)
        assert found is not None
        warm = await _read(feeds, found, range(_WARM * count))
        await _done(database, warm, _finished)
        numbers = await _read(feeds, found, range(1_000, 1_000 + ARTICLES))
        began, before = time.monotonic(), [processor_seconds(worker) for worker in workers]
        await _done(database, numbers, _finished)
        used = [processor_seconds(worker) - start for worker, start in zip(workers, before, strict=True)]
        return Cost(time.monotonic() - began, max(used))


async def _read(feeds: Feeds, found: Feed, numbers: range) -> list[Job]:
    """Stores items whose pages were read. Returns the jobs that analyse them."""
    items = [FeedItem(f"https://news.example/{number}", str(number), f"Story {number}", "") for number in numbers]
    hour = timedelta(hours=1)
    stored = await feeds.record(found, Reading("News", Validators(), hour, clock() + hour, pending=items), clock())
    for number, item in zip(numbers, items, strict=True):
        await feeds.keep_article(stored[item.key], _article(number))
    return [Job(Task.ANALYSE, stored[item.key]) for item in items]


def _article(number: int) -> Article:
    """A bundled article in words of its own, so that nothing is answered from a cache."""
    name, raw = sorted((name, raw) for raw, name in examples())[number % 4]
    return read_article(raw.decode().replace(" the ", f" the {number}th ").encode(), name)


async def _polled(server: Server) -> float:
    """How many feeds one worker polls in a second."""
    async with running_web(_HOSTS) as site, _workers(server, 1, "fetch", site) as (database, _):
        feeds, jobs = Feeds(database), []
        for number, host in enumerate(_HOSTS):
            site.put(f"/{number}", _feed(host, site.port))
            found = await feeds.add(FeedSource(f"http://{host}:{site.port}/{number}"), clock())
            assert found is not None
            jobs.append(Job(Task.POLL, found.id, f"host:{host}"))
        began = time.monotonic()
        await _done(database, jobs, _read_feeds)
        return FEEDS / (time.monotonic() - began)


def _feed(host: str, port: int) -> str:
    items = "".join(
        f"<item><title>Story {number}</title><link>http://{host}:{port}/item{number}</link>"
        f"<pubDate>Fri, 14 Mar 2025 {number % 12:02}:00:00 GMT</pubDate><description>Of the port.</description></item>"
        for number in range(ITEMS)
    )
    return f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'


async def _done(database: Database, jobs: list[Job], done: Callable[[Database], Awaitable[int]]) -> None:
    """Puts the jobs, and waits until so many more are done."""
    before = await done(database)
    await SharedQueue(database).put(jobs)
    while await done(database) < before + len(jobs):
        await asyncio.sleep(0.05)


def processor_seconds(worker: int) -> float:
    """The processor's time of a process and of all below it."""
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            # https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: state, parent, ...; user and system time
            fields = path.read_text().rpartition(")")[2].split()
            number = int(path.parent.name)
            parents[number], used[number] = int(fields[1]), int(fields[11]) + int(fields[12])
    its = {worker}
    while more := {number for number, parent in parents.items() if parent in its} - its:
        its |= more
    return sum(used.get(number, 0) for number in its) / os.sysconf("SC_CLK_TCK")


async def _finished(database: Database) -> int:
    async with database.read() as connection:
        count = select(func.count()).select_from(feed_item).where(feed_item.c.version.is_not(None))
        return int(await connection.scalar(count) or 0)


async def _read_feeds(database: Database) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(select(func.count(feed.c.last_read))) or 0)


@asynccontextmanager
async def _workers(
    server: Server, count: int, queue: str, site: Web | None = None
) -> AsyncIterator[tuple[Database, list[int]]]:
    """A database with so many workers that have started, and their process ids."""
    url = server.new_database()
    with tempfile.TemporaryDirectory() as name:
        folder, log = Path(name), Path(name) / "log"
        allowed = [f"{host}:{site.port}" for host in _HOSTS] if site else []
        settings = {"database": url, "fetching": {"allow_private": allowed}}
        (folder / "config.yaml").write_text(json.dumps(settings))
        async with open_database(url) as database, AsyncExitStack() as stack:
            programs = [
                await stack.enter_async_context(running_program(folder, "worker", "--queues", queue, log=log))
                for _ in range(count)
            ]
            while log.read_text().count("worker_started") < count:
                await asyncio.sleep(0.1)
            yield database, [program.pid for program in programs]


if __name__ == "__main__":
    asyncio.run(main())
