"""Workers are killed at random while they fetch, analyse and compose. Nothing is lost and nothing is told twice."""

from __future__ import annotations

import asyncio
import json
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bot.app import open_database
from bot.chats import Destination
from bot.delivery.model import State
from bot.delivery.occasions import OccasionState
from bot.feeds.model import FeedSource, ItemState
from bot.posting.compositions import Composition
from bot.runtime.clock import clock
from bot.storage.database.engine import Database
from bot.storage.database.tables import arrival, delivery, feed_item, occasion
from bot.storage.feeds import Feeds
from bot.storage.subscriptions import Subscriptions
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Mode, Settings, Subscription
from tests.programs import running_program
from tests.soak import sample
from tests.unit.test_ingest import item, page, rss
from tests.web import Web, running_web

pytestmark = pytest.mark.soak

FEEDS, CHATS, KILLS = sample(8, 100), sample(12, 200), sample(4, 60)
_ITEMS = 5  # the first read takes so many
_WORKERS = 2
#: The hosts of the feeds. Of each only one thing is fetched at a time.
_HOSTS = [f"127.0.0.{number}" for number in range(1, 9)]
_PATIENCE = sample(100, 800)


@pytest.mark.timeout(sample(180, 900))
async def test_killed_workers_lose_nothing_and_tell_nothing_twice(postgres_url: str, tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311  # no secret
    async with (
        running_web(_HOSTS) as site,
        open_database(postgres_url) as database,
        AsyncExitStack() as programs,
    ):
        await _prepare(site, database)
        _configure(tmp_path, postgres_url, site)
        bot = await programs.enter_async_context(running_program(tmp_path, "run"))
        workers = [await programs.enter_async_context(_worker(tmp_path)) for _ in range(_WORKERS)]
        for _ in range(KILLS):
            await _until_a_job_runs(database)
            await asyncio.sleep(chance.uniform(0, 0.5))
            number = chance.randrange(_WORKERS)
            workers[number].kill()
            workers[number] = await programs.enter_async_context(_worker(tmp_path))
        async with asyncio.timeout(_PATIENCE):
            while await _work_left(database):
                await asyncio.sleep(0.5)
        for program in (bot, *workers):
            program.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(program.wait(), 20) == 0
        await _check(database)


async def _prepare(site: Web, database: Database) -> None:
    """Sets up feeds with pages, and chats that want every story."""
    feeds, subscriptions, now = Feeds(database), Subscriptions(database), clock()
    for number in range(FEEDS):
        titles = [f"{_words(number, place)} {number} {place}" for place in range(_ITEMS)]
        host = f"http://{_HOSTS[number % len(_HOSTS)]}:{site.port}"
        site.put(f"/feed{number}", rss(*(item(title, f"{host}/{number}/{at}") for at, title in enumerate(titles))))
        for place, title in enumerate(titles):
            site.put(f"/{number}/{place}", page(title, *(f"{title}: {_words(number, place, n)}." for n in range(4))))
        await feeds.add(FeedSource(f"{host}/feed{number}"), now)
    for number in range(CHATS):
        settings = Settings(mode=Mode.BOTH if number % 2 else Mode.ARRIVAL)
        early = now - timedelta(days=1)
        one = Subscription(0, Destination("console", str(number)), "", settings, early, since=early)
        await subscriptions.add(scheduled(one), 9)


def _words(*seed: int) -> str:
    """Words that no other text has, so that no two pages tell one story."""
    chance = random.Random(str(seed))  # noqa: S311  # no secret
    return " ".join("".join(chance.choices("abcdefghiklmnoprstu", k=7)).capitalize() for _ in range(12))


def _configure(folder: Path, url: str, site: Web) -> None:
    settings = {
        "database": url,
        "access": "open",
        "fetching": {"allow_private": [f"{host}:{site.port}" for host in _HOSTS]},
        "jobs": {"in_run": False, "lost_after_seconds": 2},
    }
    (folder / "config.yaml").write_text(json.dumps(settings))


@asynccontextmanager
async def _worker(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    async with running_program(folder, "worker") as process:
        yield process


async def _until_a_job_runs(database: Database) -> None:
    running = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
    async with asyncio.timeout(_PATIENCE):
        while True:
            async with database.read() as connection:
                if await connection.scalar(running) or not await _work_left(database):
                    return
            await asyncio.sleep(0.1)


async def _work_left(database: Database) -> int:
    """The number of items, versions, occasions and posts that are not finished."""
    unfinished = (
        select(func.count()).where(feed_item.c.state == ItemState.PENDING),
        select(func.count()).select_from(arrival),
        select(func.count()).where(occasion.c.state == OccasionState.PENDING),
        select(func.count()).where(delivery.c.state.in_([State.PENDING, State.SENDING])),
    )
    async with database.read() as connection:
        left = [int(await connection.scalar(statement) or 0) for statement in unfinished]
        known = int(await connection.scalar(select(func.count()).select_from(feed_item)) or 0)
    return sum(left) + FEEDS * _ITEMS - known


async def _check(database: Database) -> None:
    async with database.read() as connection:
        items = Counter((await connection.execute(select(feed_item.c.state))).scalars())
        versions = set((await connection.execute(select(feed_item.c.version))).scalars())
        posts = (await connection.execute(select(delivery))).all()
        jobs = await connection.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"))
    assert items == {ItemState.DONE: FEEDS * _ITEMS}
    assert len(versions) == FEEDS * _ITEMS
    assert {post.state for post in posts} == {State.SENT}
    assert len({post.destination for post in posts}) == CHATS
    told = Counter((post.destination, one["version"]) for post in posts for one in _composition(post.composition).items)
    assert told
    assert max(told.values()) == 1
    assert jobs == 0


def _composition(column: str) -> Composition:
    found = Composition.read(column)
    assert found is not None
    return found
