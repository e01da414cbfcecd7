"""Workers are killed at random while they fetch, analyse and compose. Nothing is lost and nothing is told twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from asyncio.subprocess import DEVNULL
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
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
from bot.storage.job_runs import StoredJobRuns
from bot.storage.subscriptions import Subscriptions
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Mode, Settings, Subscription
from tests.programs import ROOT
from tests.soak import SOAK_ONLY, endured
from tests.web import Web, item, page, rss, running_web

pytestmark = SOAK_ONLY

#: The endurance test has 500 stories and 10,000 posts.
FEEDS, CHATS, KILLS = endured(15, 100), endured(24, 20), endured(8, 60)
_SLOWNESS = 0.3
_ITEMS = 5  # the first read takes so many
_WORKERS = 2
#: The hosts of the feeds. Of each only one thing is fetched at a time.
_HOSTS = [f"127.0.0.{number}" for number in range(1, 9)]
_PATIENCE = endured(500, 800)
#: Each new worker would spend seconds on loading the language model.
_WITHOUT_MODEL = """
import importlib.util

find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "spacy" else find_spec(name, *more)
"""


@pytest.mark.timeout(endured(700, 3600))  # some seconds each on a machine with nothing else to do
async def test_killed_workers_lose_nothing_and_tell_nothing_twice(postgres_url: str, tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311  # no secret
    async with (
        running_web(_HOSTS) as site,
        open_database(postgres_url) as database,
        AsyncExitStack() as programs,
    ):
        await _prepare(site, database)
        _configure(tmp_path, postgres_url, site)
        bot = await programs.enter_async_context(_program(tmp_path, "run"))
        workers = [await programs.enter_async_context(_program(tmp_path, "worker")) for _ in range(_WORKERS)]
        for kills in range(KILLS):
            await _until_started(tmp_path, _WORKERS + kills)
            await _until_a_job_runs(database)
            await asyncio.sleep(chance.uniform(0, _SLOWNESS))
            number = chance.randrange(_WORKERS)
            workers[number].kill()
            workers[number] = await programs.enter_async_context(_program(tmp_path, "worker"))
        async with asyncio.timeout(_PATIENCE):
            while await _work_left(database):
                await _retry_jobs_set_aside(database)
                await asyncio.sleep(0.5)
        await _until_started(tmp_path, _WORKERS + KILLS)
        for program in (bot, *workers):
            program.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(program.wait(), 60) == 0
        await _check(database)
    assert (tmp_path / "worker.log").read_text().count("job_given_back") >= endured(3, 5)


async def _prepare(site: Web, database: Database) -> None:
    """Sets up feeds with pages, and chats that want every story."""
    feeds, subscriptions, now = Feeds(database), Subscriptions(database), clock()
    for number in range(FEEDS):
        titles = [f"{_words(number, place)} {number} {place}" for place in range(_ITEMS)]
        host = f"http://{_HOSTS[number % len(_HOSTS)]}:{site.port}"
        _put(site, f"/feed{number}", rss(*(item(title, f"{host}/{number}/{at}") for at, title in enumerate(titles))))
        for place, title in enumerate(titles):
            _put(site, f"/{number}/{place}", page(title, *(f"{title}: {_words(number, place, n)}." for n in range(4))))
        await feeds.add(FeedSource(f"{host}/feed{number}"), now)
    for number in range(CHATS):
        settings = Settings(mode=Mode.BOTH if number % 2 else Mode.ARRIVAL)
        early = now - timedelta(days=1)
        one = Subscription(0, Destination("console", str(number)), "", settings, early, since=early)
        await subscriptions.add(scheduled(one), 9)


def _put(site: Web, path: str, body: str) -> None:
    """A slow page, so that a worker is killed while it waits for one."""

    async def answer(_: web.BaseRequest) -> web.Response:
        await asyncio.sleep(_SLOWNESS)
        return web.Response(text=body, content_type="text/html")

    site.serve(path, answer)


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
    (folder / "sitecustomize.py").write_text(_WITHOUT_MODEL)


@asynccontextmanager
async def _program(folder: Path, command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Runs the program in a new interpreter, because what is in ``folder`` changes how it starts."""
    environment = os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "LC_ALL": "C.UTF-8"}
    arguments = ("-W", "ignore", "-m", "bot", command)
    with (folder / f"{command}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=folder, env=environment, stdin=DEVNULL, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _until_started(folder: Path, count: int) -> None:
    """Waits until so many workers have started in all: one that is killed earlier takes no job with it."""
    async with asyncio.timeout(_PATIENCE):
        while (folder / "worker.log").read_text().count("worker_started") < count:
            await asyncio.sleep(0.1)


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


async def _retry_jobs_set_aside(database: Database) -> None:
    """Does what an operator does about jobs whose process happened to be killed three times in a row."""
    runs = StoredJobRuns(database, clock)
    for job in await runs.aside():
        await runs.retry(job.task, job.number)


async def _check(database: Database) -> None:
    async with database.read() as connection:
        items = Counter((await connection.execute(select(feed_item.c.state))).scalars())
        versions = set((await connection.execute(select(feed_item.c.version))).scalars())
        posts = (await connection.execute(select(delivery))).all()
        jobs = await connection.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"))
    assert items == {ItemState.DONE: FEEDS * _ITEMS}
    assert len(versions) == FEEDS * _ITEMS
    assert {post.state for post in posts} == {State.SENT}
    digests = [post for post in posts if post.subscription]  # the others are alerts to operators
    assert len({post.destination for post in digests}) == CHATS
    told = Counter(
        (post.destination, one["version"]) for post in digests for one in _composition(post.composition).items
    )
    assert told
    assert max(told.values()) == 1
    assert jobs == 0


def _composition(column: str) -> Composition:
    found = Composition.read(column)
    assert found is not None
    return found
