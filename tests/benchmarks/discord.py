"""How fast the bot is on Discord, over loopback. Each figure is next to a baseline of the same run.

The server runs in a process of its own and only accepts requests, so that its checks are not measured.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.access import Access, Policy, Throttle
from bot.answers.stories import list_view
from bot.app import Bot, build, open_database
from bot.chats import Destination
from bot.commands.context import Policies
from bot.delivery.courier import Timing
from bot.delivery.model import Delivery
from bot.delivery.pacing import Limits
from bot.i18n import Translator, own
from bot.platforms.discord.client import api as base_url
from bot.platforms.discord.layout import layout
from bot.platforms.discord.posts import Draft, drafts
from bot.platforms.discord.service import LIMITS, DiscordService, Settings
from bot.runtime.clock import clock
from bot.runtime.gc import freeze_startup_objects
from bot.storage.database.turns import Turns
from tests.benchmarks.limits import at_least, at_most
from tests.discord.server import GUILD, TOKEN, DiscordApi, guild, running_discord
from tests.discord.test_service import memory_of
from tests.fakes import bundled, version

COMMANDS, WARMING, AT_ONCE, ROUNDS = 1500, 100, 16, 5
POSTS, POSTS_A_SECOND, ASKED_A_SECOND, SECONDS = 2500, 45, 20, 30
TEXT = "A digest of the news. " * 60
#: The least share of a bare bot's commands, by what that bot says.
LEAST = {"a text": 0.55, "the same card": 0.85}
LATEST = {"id": "1", "name": "latest", "type": 1, "options": []}


async def main() -> None:
    """Prints all figures."""
    await _commands()
    await _latency()
    print(f"memory of 1,000 servers with 50 channels each: {await memory_of(1000, 50):.0f} MB")


async def _commands() -> None:
    """Commands answered a second, ours with library, against a bare bot that answers with a constant.

    The constant is a text, or the very card that ours answers with, which says and weighs as much.
    """
    [card] = drafts(list_view(own("Latest stories"), tuple(map(version, bundled()))), Translator("en"))
    bare: dict[str, tuple[Callable[[], dict[str, Any]], list[float]]] = {
        "a text": (lambda: {"content": TEXT}, []),
        "the same card": (lambda: {"view": layout(card, "Choose")}, []),
    }
    ours: list[float] = []
    for _ in range(ROUNDS):
        for answer, rates in bare.values():
            with _far_side(_flood) as (url, told):
                rates.append(await _bare_bot(url, told, answer))
        with _far_side(_flood) as (url, told):
            async with _running(url) as (_, service):
                ours.append(COMMANDS / await _worked(service, told))
    for name, (_, rates) in bare.items():
        ratios = [one / other for one, other in zip(ours, rates, strict=True)]
        figure = f"commands answered a second on Discord / a bare bot that says {name}"
        said = at_least(figure, statistics.median(ratios), LEAST[name])
        print(
            f"commands answered a second: ours {statistics.median(ours):.0f}, a bare discord.py bot that says {name}"
            f" {statistics.median(rates):.0f}: {statistics.median(ratios):.2f} times ({said};"
            f" {min(ratios):.2f} to {max(ratios):.2f} over {ROUNDS} turns)"
        )


async def _bare_bot(url: str, told: Any, answer: Callable[[], dict[str, Any]]) -> float:
    base_url(url)
    client = discord.AutoShardedClient(intents=discord.Intents.none())
    tree = app_commands.CommandTree(client)

    @tree.command(description="The newest stories")
    async def latest(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(**answer())

    freeze_startup_objects()  # as ours does
    running = asyncio.create_task(client.start(TOKEN))
    took = await asyncio.to_thread(told.recv)
    await client.close()
    await asyncio.gather(running, return_exceptions=True)
    return COMMANDS / float(took)


async def _latency() -> None:
    """How long a person waits at 20 commands a second, while a digest goes to thousands of channels."""
    with _far_side(_ask) as (url, told):
        async with _running(url, Limits(POSTS_A_SECOND)) as (bot, service):
            now = clock()
            await bot.occasions.enqueue([_post(number, now) for number in range(POSTS)], now)
            waits = await _worked(service, told)
    waits.sort()
    said = at_most("p99 of an answer on Discord, ms", 1000 * waits[int(0.99 * len(waits))], 500)
    print(
        f"an answer at {ASKED_A_SECOND} commands a second during a digest of {POSTS_A_SECOND} a second:"
        f" p50 {1000 * waits[len(waits) // 2]:.0f} ms, p99 {1000 * waits[int(0.99 * len(waits))]:.0f} ms ({said})"
    )


def _post(number: int, now: Any) -> Delivery:
    where = Destination("discord", str(GUILD * 1000 + number))
    until = now + timedelta(hours=1)
    return Delivery(0, f"{number}:x:1", 1, where, Draft(TEXT).write(), now, until, occasion=number + 1)


async def _worked(service: DiscordService, told: Any) -> Any:
    running = asyncio.create_task(service.run())
    found = await asyncio.to_thread(told.recv)
    service.stop()
    await running
    return found


@asynccontextmanager
async def _running(url: str, limits: Limits | None = None) -> AsyncIterator[tuple[Bot, DiscordService]]:
    """Our bot over the bundled articles."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(f"sqlite:///{Path(folder) / 'nutgraf.db'}") as database:
            throttle = Throttle(1_000_000, timedelta(minutes=1))
            bot = build(database, Access(Policy.OPEN), Policies(), throttle=throttle)
            for article in bundled():
                await bot.dispatcher.context.library.add(article, clock())
            freeze_startup_objects()  # as the program does before it begins
            settings = Settings(TOKEN, url, limits=limits or LIMITS)
            yield (
                bot,
                DiscordService(
                    settings,
                    dispatcher=bot.dispatcher,
                    ledger=bot.ledger,
                    timing=Timing(clock),
                    language="en",
                    turns=Turns(bot.database),
                ),
            )


@contextmanager
def _far_side(work: Any) -> Iterator[tuple[str, Any]]:
    """Discord in a process of its own, which does ``work`` as soon as a bot is there."""
    context = multiprocessing.get_context("fork")
    mine, its = context.Pipe()
    process = context.Process(target=lambda: asyncio.run(_serve(its, work)), daemon=True)
    process.start()
    try:
        yield mine.recv(), mine
    finally:
        process.kill()
        process.join()


async def _serve(pipe: Any, work: Any) -> None:
    async with running_discord(is_checked=False, guilds=[guild(channels=POSTS)]) as api:
        pipe.send(api.url)
        while not api.identified:
            await asyncio.sleep(0.01)
        await asyncio.sleep(2.5)  # servers are known, commands are told
        pipe.send(await work(api))
        await asyncio.Event().wait()


async def _flood(api: DiscordApi) -> float:
    """How many seconds it took until all commands were answered."""
    await _answered(api, WARMING)
    began = time.perf_counter()
    await _answered(api, COMMANDS)
    return time.perf_counter() - began


async def _answered(api: DiscordApi, commands: int) -> None:
    numbers = iter(range(commands))

    async def one() -> None:
        for _ in numbers:
            await api.interact(2, LATEST)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one())


async def _ask(api: DiscordApi) -> list[float]:
    """How long each answer took."""
    chance, waits = random.Random(2), []  # noqa: S311  # no secret

    async def one() -> None:
        began = time.perf_counter()
        await api.interact(2, LATEST)
        waits.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as group:
        for _ in range(ASKED_A_SECOND * SECONDS):
            group.create_task(one())
            await asyncio.sleep(chance.expovariate(ASKED_A_SECOND))
    return waits


if __name__ == "__main__":
    asyncio.run(main())
