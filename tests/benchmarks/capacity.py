"""Computes what a number of chats costs, from figures that are measured here: `python -m tests.benchmarks.capacity`.

It measures the bot over PostgreSQL: processor time of the bot and of the server for each post, and bytes for each row.
Then it computes a morning in which all chats want their digest at eight, in the time zones where people live.
"""

from __future__ import annotations

import asyncio
import logging
import os
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from itertools import islice
from pathlib import Path

from sqlalchemy import insert, text

from bot.access import Access, Policy
from bot.app import Bot, build, open_database
from bot.chats import Destination
from bot.commands.context import Policies
from bot.delivery.model import Delivery, Sent
from bot.delivery.retry import RetryPolicy, settle
from bot.platforms.telegram.posts import TelegramPosts
from bot.storage.database.elections import open_election
from bot.storage.database.engine import Database
from bot.storage.database.tables import epoch, subscription
from bot.storage.subscriptions import subscription_row
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import EVERY_DAY, Schedule, Settings, Subscription
from tests.benchmarks.library import new_stories
from tests.postgres import running_server

CHATS, STORIES, WRITES = 2_000, 200, 400
NOW = datetime(2025, 3, 14, 6, tzinfo=UTC)
EIGHT = NOW.replace(hour=8)
#: Posts a second that a token may send: bot/platforms/telegram/service.py and bot/platforms/discord/service.py.
RATES = {"Telegram": 25, "Discord": 40}
SIZES = (1_000, 10_000, 100_000, 1_000_000)
#: The share of chats by offset from UTC in hours: many in Europe and India, some in America and East Asia.
ZONES = {-8: 5, -6: 6, -5: 10, -3: 6, 0: 8, 1: 25, 2: 8, 3: 8, 5: 12, 7: 4, 8: 5, 9: 3}
#: The share of chats by the hour of their digest. A quarter choose another minute than the full hour.
HOURS = {6: 10, 7: 25, 8: 30, 9: 8, 12: 7, 17: 6, 18: 8, 20: 6}
_TABLES = {
    "chat": ("subscription",),
    "post": ("occasion", "delivery", "told", "posted"),
    "story": ("story", "report", "version", "attribution", "report_tag", "title_term", "report_text"),
}


@dataclass
class Cost:
    """Processor time in milliseconds, and bytes on the disk.

    Attributes:
        bot: Milliseconds of the bot's process, by the step of a post.
        server: Milliseconds of PostgreSQL's processes, by step.
        size: Bytes with indexes, for a chat, a post, a story, and for what is kept of a post for ever.
    """

    bot: dict[str, float]
    server: dict[str, float]
    size: dict[str, float]


async def measure(url: str) -> Cost:
    """Sends a digest to each of some chats, but for the requests to the platform."""
    cost = Cost({}, {}, {})
    async with _bot(url) as (bot, database):
        for draft in islice(new_stories(), STORIES):
            await bot.stories.import_all([replace(draft, version=replace(draft.version, received=NOW))])
        await _subscribe(database)
        async with _timed(url, "tick", cost, CHATS):
            await bot.posting.tick.run(EIGHT)
        async with _timed(url, "compose", cost, CHATS):
            while await bot.posting.composer.run():
                # More posts are composed when these have left.
                async with _timed(url, "send", cost, CHATS):
                    await _send(bot)
        for step in (cost.bot, cost.server):
            step["compose"] -= step["send"]
        rows = {"chat": CHATS, "post": CHATS, "story": STORIES}
        cost.size = {name: await _size(database, tables) / rows[name] for name, tables in _TABLES.items()}
        await bot.ledger.blank(EIGHT + timedelta(days=1))
        cost.size["post, kept"] = await _size(database, ("delivery",)) / CHATS
    return cost


async def fence(url: str) -> tuple[float, float]:
    """Milliseconds of a write of one row: without and with the check that the tenure has not ended."""
    async with _bot(url) as (bot, database), open_election(database, bot.clock) as election:
        tenure = await election.enter("tick")
        plain, fenced = [], []
        for _ in range(WRITES):  # in turns, since other programs use the machine
            plain.append(await _write(database))
            with database.held_by(tenure):
                fenced.append(await _write(database))
    return statistics.median(plain), statistics.median(fenced)


async def _write(database: Database) -> float:
    began = time.perf_counter()
    async with database.write() as connection:
        await connection.execute(epoch.update().values(number=1))
    return 1000 * (time.perf_counter() - began)


async def _send(bot: Bot) -> None:
    """What a courier does, in waves of thirty."""
    number = await bot.ledger.recover("telegram", EIGHT, None)
    while due := await bot.ledger.due("telegram", EIGHT, 30, frozenset()):
        wave: list[Delivery] = await bot.ledger.begin(due, EIGHT, number, None)
        await bot.ledger.settle([settle(one, Sent(f"m{one.id}"), EIGHT, 0, RetryPolicy()) for one in wave], number)


@asynccontextmanager
async def _timed(url: str, step: str, cost: Cost, posts: int) -> AsyncIterator[None]:
    """Adds the processor time of the block to a step."""
    used, served = time.process_time(), _server_seconds(url)
    yield
    cost.bot[step] = cost.bot.get(step, 0) + 1000 * (time.process_time() - used) / posts
    cost.server[step] = cost.server.get(step, 0) + 1000 * (_server_seconds(url) - served) / posts


def _server_seconds(url: str) -> float:
    """Processor seconds of the server's processes for this database (https://man7.org/linux/man-pages/man5/proc.5.html)."""
    name, ticks = url.split("@/")[1].partition("?")[0], 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f" {name} " in (process / "cmdline").read_bytes().decode(errors="replace"):
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        except OSError:  # it has ended
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


async def _size(database: Database, tables: tuple[str, ...]) -> float:
    """Bytes without the room that updates have left."""
    async with database.session() as session:
        for table in tables:
            await session.execute(text(f"VACUUM FULL {table}"))
    async with database.read() as connection:
        sizes = [await connection.scalar(text(f"SELECT pg_total_relation_size('{table}')")) for table in tables]
    return float(sum(sizes))


@asynccontextmanager
async def _bot(url: str) -> AsyncIterator[tuple[Bot, Database]]:
    async with open_database(url) as database:
        renderers = {"telegram": TelegramPosts()}
        yield build(database, Access(Policy.OPEN), Policies(), now=lambda: EIGHT, renderers=renderers), database


async def _subscribe(database: Database) -> None:
    settings = Settings(Schedule((clock_time(8),), EVERY_DAY, "UTC"))
    since = NOW - timedelta(days=1)
    chats = [Destination("telegram", str(number)) for number in range(1, CHATS + 1)]
    rows = [subscription_row(scheduled(Subscription(0, chat, "", settings, NOW, since=since))) for chat in chats]
    async with database.write() as connection:
        await connection.execute(insert(subscription), rows)


def due_by_minute(chats: int) -> list[float]:
    """How many digests are due in each minute of a day in UTC."""
    day = [0.0] * 1440
    for offset, people in ZONES.items():
        for hour, wanting in HOURS.items():
            share = chats * people / sum(ZONES.values()) * wanting / sum(HOURS.values())
            first = (hour - offset) % 24 * 60
            day[first] += 0.75 * share
            for minute in range(5, 60, 5):
                day[(first + minute) % 1440] += 0.25 * share / 11
    return day


def waits(due: list[float], a_minute: float) -> tuple[float, float]:
    """Minutes until the average digest is sent, and the last one of the longest queue."""
    queue, waited, longest = 0.0, 0.0, 0.0
    for posts in due * 2:  # the second day begins with what the first one left
        queue += posts
        longest = max(longest, queue / a_minute)
        queue = max(0.0, queue - a_minute)
        waited += queue
    return waited / (2 * sum(due)), longest


def tokens_for(due: list[float], rate: float, minutes: float) -> int:
    """How many tokens send every digest within so many minutes."""
    tokens = 1
    while waits(due, 60 * rate * tokens)[1] > minutes:
        tokens += 1
    return tokens


def plan(cost: Cost, say: Callable[[str], object]) -> None:
    """Prints what each number of chats needs, with one digest a day each."""
    bot, server = sum(cost.bot.values()), sum(cost.server.values())
    say("    chats  CPU s a day: bot, server  GB: kept a month, added a year  tokens for 60 / 15 / 5 minutes")
    for chats in SIZES:
        due = due_by_minute(chats)
        month = chats * (cost.size["chat"] + 30 * cost.size["post"]) / 1e9
        year = chats * 365 * cost.size["post, kept"] / 1e9
        tokens = [" / ".join(str(tokens_for(due, rate, most)) for most in (60, 15, 5)) for rate in RATES.values()]
        used = f"{chats * bot / 1000:>16,.0f}, {chats * server / 1000:>6,.0f}  {month:>16,.1f}, {year:>12,.1f}"
        say(f"{chats:>9,}  {used}  {', '.join(tokens)}")
    for name, rate in RATES.items():
        for chats in SIZES:
            mean, longest = waits(due_by_minute(chats), 60 * rate)
            say(f"{name}, one token, {chats:,} chats: {mean:.1f} minutes late on average, at most {longest:.0f}")


def main() -> None:
    """Measures and computes."""
    logging.getLogger("nutgraf").setLevel(logging.WARNING)
    with running_server() as server:
        cost = asyncio.run(measure(server.new_database()))
        plain, fenced = asyncio.run(fence(server.new_database()))
    for step, spent in cost.bot.items():
        print(f"{step}: {spent:.2f} ms of the bot's processor and {cost.server[step]:.2f} ms of the server's a post")
    print(", ".join(f"{size:,.0f} bytes a {name}" for name, size in cost.size.items()))
    print(f"a write: {plain:.2f} ms, with the check of the tenure {fenced:.2f} ms ({fenced / plain:.2f} times)")
    plan(cost, print)


if __name__ == "__main__":
    main()
