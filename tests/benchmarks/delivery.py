"""How fast due occasions become posts. Each figure is next to a baseline of the same run."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import insert

from bot.access import Access, Policy
from bot.app import Bot, build, open_database
from bot.chats import Destination
from bot.commands.context import Policies
from bot.delivery.model import Delivery, Sent
from bot.delivery.retry import RetryPolicy, settle
from bot.platforms.console.render import ConsolePosts
from bot.runtime.gc import freeze_startup_objects
from bot.storage.database.engine import Database
from bot.storage.database.tables import subscription
from bot.storage.subscriptions import subscription_row
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import EVERY_DAY, Schedule, Settings, Subscription
from tests.benchmarks.library import new_stories
from tests.benchmarks.limits import at_least, at_most
from tests.postgres import running_server
from tests.stalls import measured_stall

DUE, JOBS, POSTS, DIGESTS, WRITES = 100_000, 10_000, 3_000, 300, 200
_ANEW = 9
NOW = datetime(2025, 3, 14, 6, tzinfo=UTC)
EIGHT = NOW.replace(hour=8)


async def main() -> None:
    """Prints all figures."""
    with tempfile.TemporaryDirectory() as folder:
        await _tick_on_server(await _tick(Path(folder) / "tick.db"))
        await _jobs()
        await _digests(Path(folder) / "digests.db")
        await _ledger(Path(folder) / "ledger.db")


async def _tick(path: Path) -> float:
    """100,000 subscriptions that are due at once, while another writer writes, against the bare statements.

    Returns:
        How long it took, in seconds.
    """
    async with _bot(f"sqlite:///{path}") as (bot, database):
        await _subscribe(database, DUE)
        freeze_startup_objects()  # as the program does before it begins
        async with _watch(database) as stalls, measured_stall() as stall:
            began, used = time.perf_counter(), time.process_time()
            handled = await bot.posting.tick.run(EIGHT)
            took, used = time.perf_counter() - began, time.process_time() - used
    bare = _bare_tick(path)
    said = at_most("tick, processor time / the bare statements", used / bare, 8)
    print(
        f"tick, {handled} due subscriptions: {took:.1f} s in all, {used:.1f} s of the processor,"
        f" {used / bare:.1f} times the bare statements ({said}; {at_most('tick, s of the processor', used, 4)})"
    )
    said = at_most("longest stall of the loop during a tick, ms of its own work", 1000 * stall.longest, 100)
    print(
        f"  longest stall of the loop {1000 * stall.longest:.0f} ms of its own work ({said}),"
        f" {stalls['loop']:.0f} ms in all, of another writer {stalls['writer']:.0f} ms"
    )
    return took


async def _tick_on_server(on_sqlite: float) -> None:
    """The same tick on PostgreSQL, which may take as long as on SQLite: its server works on another processor."""
    try:
        with running_server() as server:
            async with _bot(server.new_database()) as (bot, database):
                await _subscribe(database, DUE)
                began, used = time.perf_counter(), time.process_time()
                handled = await bot.posting.tick.run(EIGHT)
                took, used = time.perf_counter() - began, time.process_time() - used
    except pytest.skip.Exception as reason:
        print(f"tick on PostgreSQL: not measured, it {reason}")
        return
    said = at_most("tick on PostgreSQL / on SQLite", took / on_sqlite, 1.5)
    print(
        f"tick on PostgreSQL, {handled} due subscriptions: {took:.1f} s in all, {used:.1f} s of the bot's processor,"
        f" {took / on_sqlite:.2f} times SQLite ({said})"
    )


def _bare_tick(path: Path) -> float:
    """The processor time of the statements of a tick over the same rows, with nothing computed."""
    with closing(sqlite3.connect(path)) as connection:
        for pragma in ("synchronous=FULL", "secure_delete=ON"):  # as the bot's own connections
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("DELETE FROM occasion")
        connection.execute("UPDATE subscription SET next_due = ?", [str(EIGHT.replace(tzinfo=None))])
        connection.commit()
        began = time.process_time()
        due = "SELECT id, settings, since FROM subscription WHERE next_due < ? ORDER BY next_due LIMIT 500"
        while rows := connection.execute(due, [str(EIGHT.replace(hour=9, tzinfo=None))]).fetchall():
            connection.executemany(
                "INSERT INTO occasion (subscription, key, due, since, state) VALUES (?, 'slot:x', ?, ?, 'pending')",
                [(number, since, since) for number, _, since in rows],
            )
            tomorrow = str(EIGHT.replace(day=15, tzinfo=None))
            connection.executemany(
                "UPDATE subscription SET cursor = ?, next_due = ?, since = ? WHERE id = ?",
                [(tomorrow, tomorrow, tomorrow, number) for number, _, _ in rows],
            )
            connection.commit()
        return time.process_time() - began


async def _jobs() -> None:
    """The baseline: a job of APScheduler for each of 10,000 chats."""
    done = 0

    async def job() -> None:
        nonlocal done
        done += 1

    tracemalloc.start()
    scheduler = AsyncIOScheduler(timezone="UTC")
    due = datetime.now(UTC) + timedelta(seconds=JOBS / 800)  # noqa: TID251  # APScheduler has no other clock
    for number in range(JOBS):
        scheduler.add_job(job, DateTrigger(due), id=str(number), misfire_grace_time=None)
    scheduler.start()
    memory = tracemalloc.get_traced_memory()[0] / JOBS
    tracemalloc.stop()
    wait = (due - datetime.now(UTC)).total_seconds()  # noqa: TID251  # the same
    await asyncio.sleep(max(0, wait))
    began = time.perf_counter()
    while done < JOBS:
        await asyncio.sleep(0.01)
    took = time.perf_counter() - began
    each = 1e6 * took / JOBS
    print(f"one APScheduler job each, {JOBS} due: {each:.0f} µs and {memory:.0f} bytes each; the tick keeps none")
    scheduler.shutdown(wait=False)


async def _digests(path: Path) -> None:
    async with _bot(f"sqlite:///{path}") as (bot, database):
        stories = new_stories()
        for _ in range(20):
            draft = next(stories)
            await bot.stories.import_all([replace(draft, version=replace(draft.version, received=NOW))])
        await _subscribe(database, DIGESTS)
        await bot.posting.tick.run(EIGHT)
        began, used = time.perf_counter(), time.process_time()
        while await bot.posting.composer.run():
            pass
        took, used = time.perf_counter() - began, time.process_time() - used
        composed = (await bot.ledger.counts()).popitem()[1]
        rate = composed / used
        said = at_least("digests from the cache for each second of the processor", rate, 500)
        print(f"composing {composed} digests, rendered once: {composed / took:.0f} a second, {rate:.0f} a second")
        print(f"  of the processor ({said})")
        rates = []
        for _ in range(_ANEW):
            anew = build(
                database, Access(Policy.OPEN), Policies(), now=lambda: EIGHT, renderers={"test": ConsolePosts()}
            )
            wanted = (await bot.subscriptions.all())[0]
            used = time.process_time()
            await anew.posting.previews.sample(wanted)
            rates.append(1 / (time.process_time() - used))
        rate = statistics.median(rates)
        said = at_least("digests composed anew for each second of the processor", rate, 55)
        print(f"composing a digest anew: {rate:.0f} for each second of the processor ({said})")


async def _ledger(path: Path) -> None:
    """Posts marked as sending and settled, in waves of thirty, against one fdatasync after the other."""
    async with _bot(f"sqlite:///{path}") as (bot, _):
        posts = [
            Delivery(0, f"{n}:x:1", 1, Destination("test", str(n)), "text", NOW, NOW + timedelta(days=1), occasion=n)
            for n in range(POSTS)
        ]
        await bot.occasions.enqueue(posts, NOW)
        epoch = await bot.ledger.recover("test", NOW, None)
        began, sent = time.perf_counter(), 0
        while wave := await bot.ledger.begin(await bot.ledger.due("test", NOW, 30, frozenset()), NOW, epoch, None):
            await bot.ledger.settle([settle(one, Sent(f"m{one.id}"), NOW, 0, RetryPolicy()) for one in wave], epoch)
            sent += len(wave)
        rate = sent / (time.perf_counter() - began)
    raw = []
    with (path.parent / "raw").open("wb") as file:
        for _ in range(WRITES):
            began = time.perf_counter()
            file.write(b"x" * 500)
            file.flush()
            os.fdatasync(file.fileno())
            raw.append(time.perf_counter() - began)
    syncs = 1 / statistics.median(raw)
    print(f"ledger: {rate:.0f} posts a second, marked and settled in waves of 30; raw fdatasync: {syncs:.0f} a second")


@asynccontextmanager
async def _bot(url: str) -> AsyncIterator[tuple[Bot, Database]]:
    async with open_database(url) as database:
        renderers = {"test": ConsolePosts()}
        yield build(database, Access(Policy.OPEN), Policies(), now=lambda: EIGHT, renderers=renderers), database


async def _subscribe(database: Database, count: int) -> None:
    settings = Settings(Schedule((clock_time(8),), EVERY_DAY, "UTC"))
    rows, yesterday = [], EIGHT.replace(tzinfo=None) - timedelta(days=1)
    for number in range(count):  # each has subscribed at another time
        where, starts = Destination("test", str(number)), NOW - timedelta(days=2, seconds=number)
        new = Subscription(0, where, "", settings, starts, yesterday, since=NOW - timedelta(days=1))
        rows.append(subscription_row(scheduled(new)))
    async with database.write() as connection:
        await connection.execute(insert(subscription), rows)


@asynccontextmanager
async def _watch(database: Database) -> AsyncIterator[dict[str, float]]:
    """The longest time in milliseconds for which the loop stood still, and for which another writer waited."""
    stalls = {"loop": 0.0, "writer": 0.0}

    async def loop() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            stalls["loop"] = max(stalls["loop"], 1000 * (time.perf_counter() - began) - 5)

    async def writer() -> None:
        while True:
            began = time.perf_counter()
            async with database.write():
                stalls["writer"] = max(stalls["writer"], 1000 * (time.perf_counter() - began))
            await asyncio.sleep(0.02)

    tasks = [asyncio.create_task(loop()), asyncio.create_task(writer())]
    try:
        yield stalls
    finally:
        for task in tasks:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
