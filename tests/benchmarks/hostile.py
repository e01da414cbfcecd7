"""How long people wait for answers on Telegram, and how long the event loop stands still, during an attack."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from sqlalchemy import insert

from bot.app import Bot
from bot.delivery.model import Op, State
from bot.platforms.telegram.service import LIMITS
from bot.storage.database.tables import delivery
from bot.workers.pool import running_workers
from briefings.library import Library
from briefings.sources.plain import parse_plain
from briefings.workers import InProcess
from tests.benchmarks.limits import at_most
from tests.benchmarks.telegram import asked, far_side, percentile, running_bot
from tests.hostile import commands, pastes

HOSTILE, ASKED_A_SECOND, SECONDS = 4, 10, 30
CHARACTERS, ROWS, AT_ONCE = 1_100_000, 300_000, 10_000
TEXTS = [*pastes(), *commands()]
_BEAT = 0.005
_MOST_WAIT, _MOST_STALL = 250, 50


@dataclass
class Stalls:
    """The longest stalls of the event loop in milliseconds: of the clock, and of its own work on the processor."""

    clock: float = 0.0
    work: float = 0.0


async def main() -> None:
    """Prints the figures."""
    with far_side() as url:
        async with running_workers() as workers, running_bot(url, LIMITS, workers) as (bot, service):
            await workers.start()
            await Library(bot.stories, InProcess()).add(parse_plain(_long_text()), bot.clock())
            await _fill_ledger(bot)
            serving = asyncio.create_task(service.run())
            await asyncio.sleep(2)
            async with _watched() as stalls:
                _, _, answered = await asyncio.gather(_attack(url), _blank(bot), asked(url, ASKED_A_SECOND, SECONDS))
            service.stop()
            await serving
    _report([told - began for began, told in answered], stalls)


def _report(waits: list[float], stalls: Stalls) -> None:
    p99 = percentile(waits, 0.99)
    print(
        f"an attack by {HOSTILE} people: of {ASKED_A_SECOND * SECONDS} commands of others {len(waits)} were answered,"
        f" p50 {percentile(waits, 0.5):.0f} ms, p99 {p99:.0f} ms"
        f" ({at_most('p99 of an answer during an attack, ms', p99, _MOST_WAIT)})"
    )
    said = at_most("longest work of the loop without a pause during an attack, ms", stalls.work, _MOST_STALL)
    print(f"  longest stall of the loop: {stalls.work:.0f} ms of its own work ({said}), {stalls.clock:.0f} ms in all")


async def _attack(url: str) -> None:
    """Each hostile person sends a text a second; every third asks for what is related to a long article."""
    async with aiohttp.ClientSession() as session:
        for number in range(SECONDS * HOSTILE):
            text = "/related" if number % 3 == 0 else TEXTS[number % len(TEXTS)]
            await session.post(f"{url}/ask", json={"chat": 1 + number % HOSTILE, "text": text})
            await asyncio.sleep(1 / HOSTILE)


async def _blank(bot: Bot) -> None:
    """Housekeeping comes in the middle of it."""
    await asyncio.sleep(SECONDS / 3)
    began = time.perf_counter()
    await bot.ledger.blank(bot.clock())
    print(f"blanking {ROWS} old posts during an attack: {time.perf_counter() - began:.1f} s")


@asynccontextmanager
async def _watched() -> AsyncIterator[Stalls]:
    stalls = Stalls()

    async def watch() -> None:
        while True:
            clock, work = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_BEAT)
            stalls.clock = max(stalls.clock, 1000 * (time.perf_counter() - clock - _BEAT))
            stalls.work = max(stalls.work, 1000 * (time.thread_time() - work))

    watching = asyncio.create_task(watch())
    try:
        yield stalls
    finally:
        watching.cancel()


def _long_text() -> str:
    """An article of the largest size, without two equal sentences."""
    sentence = "Minister Ann Lee {0} told the town of Harwell {0} on day {0} that the port would be closed."
    lines = [sentence.format(number) for number in range(CHARACTERS // len(sentence))]
    return "\n\n".join(["The port of Harwell is closed", *lines])


async def _fill_ledger(bot: Bot) -> None:
    rows = list(_old_posts(bot))
    for start in range(0, ROWS, AT_ONCE):
        async with bot.database.write() as connection:
            await connection.execute(insert(delivery), rows[start : start + AT_ONCE])


def _old_posts(bot: Bot) -> Iterator[dict[str, object]]:
    then = bot.clock() - timedelta(days=60)
    for number in range(ROWS):
        yield {
            "dedup": f"old:{number}",
            "platform": "telegram",
            "subscription": 1,
            "occasion": 1_000_000 + number,
            "destination": "telegram:-5",
            "op": Op.POST,
            "part": 1,
            "parts": 1,
            "not_before": then,
            "expires_at": then,
            "state": State.SENT,
            "epoch": 1,
            "attempts": 1,
            "payload": "A digest of the news. " * 10,
            "created": then,
            "resends": False,
        }


if __name__ == "__main__":
    asyncio.run(main())
