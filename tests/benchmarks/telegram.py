"""How fast the bot is on Telegram, over loopback. Each figure is next to a baseline of the same run.

The server runs in a process of its own and only accepts requests, so that its checks are not measured.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from telegram import Bot, Update
from telegram.ext import Application, CommandHandler
from telegram.request import BaseRequest, HTTPXRequest

from bot.access import Access, Policy, Throttle
from bot.app import Bot as Nutgraf
from bot.app import build, open_database
from bot.chats import Destination
from bot.commands.context import Policies
from bot.delivery.courier import Timing
from bot.delivery.model import Delivery
from bot.delivery.pacing import UNLIMITED, Limits
from bot.platforms.telegram.posts import Draft
from bot.platforms.telegram.service import LIMITS, Settings, TelegramService
from bot.platforms.telegram.transport import AiohttpRequest
from bot.run import PRELOADS
from bot.runtime.clock import clock
from bot.runtime.gc import freeze_startup_objects
from briefings.workers import Workers
from tests.benchmarks.limits import at_least, at_most
from tests.fakes import bundled

TOKEN = "123456789:AAF0-a_test_token_of_the_right_length0"
MESSAGES, ROUNDS, COMMANDS, AT_ONCE = 1500, 5, 2000, 16
IN_FLIGHT = (1, 32, 128)
#: The least share of a bare bot's commands, by how many updates that bot takes at once. It stores none of them.
LEAST = {1: 0.7, AT_ONCE: 1.0}
POSTS, ASKED_A_SECOND, SECONDS = 6000, 20, 30
#: The chats from this number on are those whose waiting times are measured.
FIRST_MEASURED = 1_000_000
TEXT = "A digest of the news. " * 60


async def main() -> None:
    """Prints all figures."""
    await _messages()
    await _commands()
    await _latency(ASKED_A_SECOND, limit=250)
    await _latency(ASKED_A_SECOND / 2, limit=100)


async def _messages() -> None:
    """Messages a second over our transport, over python-telegram-bot's own, and over bare aiohttp."""
    with far_side() as url:
        for in_flight in IN_FLIGHT:
            rates: dict[str, list[float]] = {"ours": [], "default": [], "bare": []}
            for _ in range(ROUNDS):
                rates["ours"].append(await _rate(AiohttpRequest(256), url, in_flight))
                rates["default"].append(await _rate(HTTPXRequest(256), url, in_flight))
                rates["bare"].append(await _bare_rate(url, in_flight))
            ours, default, bare = (statistics.median(rates[name]) for name in ("ours", "default", "bare"))
            said = (
                f" ({at_least('messages a second / the default transport', ours / default, 3)})"
                if in_flight == 32
                else ""
            )
            print(
                f"messages a second, {in_flight} in flight: ours {ours:.0f}, {ours / default:.1f} times"
                f" python-telegram-bot's transport{said}, {ours / bare:.2f} times bare aiohttp;"
                f" ours over {ROUNDS} turns {min(rates['ours']):.0f} to {max(rates['ours']):.0f}"
            )


async def _rate(transport: BaseRequest, url: str, in_flight: int) -> float:
    bot = Bot(TOKEN, base_url=f"{url}/bot", request=transport, get_updates_request=AiohttpRequest(1))
    async with bot:
        return await _measured(lambda n: bot.send_message(n, TEXT, parse_mode="HTML"), in_flight)


async def _bare_rate(url: str, in_flight: int) -> float:
    connector = aiohttp.TCPConnector(limit=256)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def send(number: int) -> None:
            body = json.dumps({"chat_id": number, "text": TEXT, "parse_mode": "HTML"}).encode()
            headers = {"Content-Type": "application/json"}
            async with session.post(f"{url}/bot{TOKEN}/sendMessage", data=body, headers=headers) as response:
                json.loads(await response.read())

        return await _measured(send, in_flight)


async def _measured(send: Callable[[int], Awaitable[object]], in_flight: int) -> float:
    numbers = iter(range(1, MESSAGES + 1))

    async def work() -> None:
        for number in numbers:
            await send(number)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(work())
    return MESSAGES / (time.perf_counter() - began)


async def _commands() -> None:
    """Commands answered a second, ours with inbox and library, against a bare bot that answers with a constant.

    The bare one takes an update at a time, as python-telegram-bot does by itself, or as many at once as ours.
    """
    ours: list[float] = []
    bare: dict[int, list[float]] = {1: [], AT_ONCE: []}
    for _ in range(ROUNDS):
        for at_once, rates in bare.items():
            with far_side(COMMANDS) as url:
                rates.append(await _bare_bot(url, at_once))
        with far_side(COMMANDS) as url:
            ours.append(await _our_bot(url))
    for at_once, rates in bare.items():
        ratios = [one / other for one, other in zip(ours, rates, strict=True)]
        figure = f"commands answered a second on Telegram / a bare bot, {at_once} at once"
        said = at_least(figure, statistics.median(ratios), LEAST[at_once])
        print(
            f"commands answered a second: ours {statistics.median(ours):.0f}, a bare python-telegram-bot with"
            f" {at_once} at once {statistics.median(rates):.0f}: {statistics.median(ratios):.2f} times ({said};"
            f" {min(ratios):.2f} to {max(ratios):.2f} over {ROUNDS} turns)"
        )


async def _bare_bot(url: str, at_once: int) -> float:
    async def answer(update: Update, _: object) -> None:
        assert update.message is not None
        await update.message.reply_text(TEXT)

    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").concurrent_updates(at_once).build()
    application.add_handler(CommandHandler("latest", answer))
    freeze_startup_objects()  # as ours does
    async with application:
        await application.start()
        assert application.updater is not None
        began = time.perf_counter()
        await application.updater.start_polling()
        took = await _until_answered(url, began)
        await application.updater.stop()
        await application.stop()
    return COMMANDS / took


async def _our_bot(url: str) -> float:
    async with running_bot(url, UNLIMITED) as (_, service):
        began = time.perf_counter()
        running = asyncio.create_task(service.run())
        took = await _until_answered(url, began)
        service.stop()
        await running
    return COMMANDS / took


async def _until_answered(url: str, began: float) -> float:
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"{url}/figures") as response:
                if (await response.json())["taken"] >= COMMANDS:
                    return time.perf_counter() - began
            await asyncio.sleep(0.02)


async def _latency(rate: float, limit: float) -> None:
    """How long a person waits at so many commands a second, while a digest goes to thousands.

    At 20 a second, most of the longest waits are for the token's 30 messages a second, not for the bot.
    """
    with far_side() as url:
        async with running_bot(url, LIMITS) as (bot, service):
            now = clock()
            posts = [
                Delivery(
                    0, f"{n}:x:1", 1, Destination("telegram", str(n)), Draft(TEXT, TEXT).write(), now,
                    now + timedelta(hours=1), occasion=n,
                )
                for n in range(1, POSTS + 1)
            ]  # fmt: skip
            await bot.occasions.enqueue(posts, now)
            running = asyncio.create_task(service.run())
            await asyncio.sleep(2)
            answered = await asked(url, rate)
            service.stop()
            await running
    waits = [told - began for began, told in answered]
    said = at_most(f"p99 of an answer on Telegram at {rate} a second, ms", percentile(waits, 0.99), limit)
    print(
        f"an answer at {rate} commands a second during a digest: p50 {percentile(waits, 0.5):.0f} ms,"
        f" p99 {percentile(waits, 0.99):.0f} ms ({said}), the far side's limit of {LIMITS.rate} a second included"
    )


def percentile(seconds: list[float], share: float) -> float:
    """In milliseconds."""
    return 1000 * sorted(seconds)[int(share * len(seconds))]


async def asked(url: str, rate: float = ASKED_A_SECOND, seconds: float = SECONDS) -> list[tuple[float, float]]:
    """Asks, and collects when each answer was asked for and when it came, by the far side's own clock."""
    async with aiohttp.ClientSession() as session:
        chance = random.Random(2)  # noqa: S311  # no secret
        for number in range(int(rate * seconds)):
            await session.post(f"{url}/ask", json={"chat": FIRST_MEASURED + number})
            await asyncio.sleep(chance.expovariate(rate))
        await asyncio.sleep(2)
        async with session.get(f"{url}/figures") as response:
            found = (await response.json())["answered"]
    return sorted((began, told) for began, told in found)


@asynccontextmanager
async def running_bot(
    url: str, limits: Limits, workers: Workers | None = None
) -> AsyncIterator[tuple[Nutgraf, TelegramService]]:
    """Our bot over the bundled articles."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))  # as in the settings
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(f"sqlite:///{Path(folder) / 'nutgraf.db'}") as database:
            throttle = Throttle(1_000_000, timedelta(minutes=1))
            bot = build(database, Access(Policy.OPEN), Policies(), throttle=throttle, workers=workers)
            for article in bundled():
                await bot.dispatcher.context.library.add(article, clock())
            for load in PRELOADS:
                load()  # as the program does before it begins
            freeze_startup_objects()
            yield (
                bot,
                TelegramService(
                    Settings(TOKEN, url, limits=limits),
                    dispatcher=bot.dispatcher,
                    ledger=bot.ledger,
                    inbox=bot.inbox,
                    timing=Timing(clock),
                    language="en",
                ),
            )


@contextmanager
def far_side(commands: int = 0) -> Iterator[str]:
    """Something that takes all messages, in a process of its own."""
    context = multiprocessing.get_context("fork")
    mine, its = context.Pipe()
    process = context.Process(target=lambda: asyncio.run(_serve(its, commands)), daemon=True)
    process.start()
    try:
        yield mine.recv()
    finally:
        process.kill()
        process.join()


class _Side:
    """What the far side knows."""

    def __init__(self, commands: int) -> None:
        self.taken = 0
        self.answered: list[tuple[float, float]] = []
        self._asked: dict[int, float] = {}
        self._numbers = count(commands + 1)
        self._updates = [command(number, number) for number in range(1, commands + 1)]
        self._arrived = asyncio.Event()
        person = {"id": 123456789, "is_bot": True, "first_name": "N", "username": "n_bot"}
        self._constants: dict[str, Any] = {
            "getMe": person,
            "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
            "getMyCommands": [],
            "getMyDescription": {"description": ""},
            "getMyShortDescription": {"short_description": ""},
        }

    async def api(self, request: web.Request) -> web.Response:
        """A request of the bot's."""
        method = request.match_info["method"]
        if request.content_type == "application/json":
            sent = await request.json()
        else:
            sent = {name: str(value) for name, value in (await request.post()).items()}
        if method == "getUpdates":
            result: Any = await self._given(int(sent.get("offset", 0)), float(sent.get("timeout", 0)))
        elif method == "sendMessage":
            result = self._took(int(sent["chat_id"]))
        else:
            result = self._constants.get(method, True)
        return web.json_response({"ok": True, "result": result})

    async def ask(self, request: web.Request) -> web.Response:
        """Somebody types a command, or any other text."""
        asked = await request.json()
        if asked["chat"] >= FIRST_MEASURED:
            self._asked[asked["chat"]] = time.perf_counter()
        self._updates.append(command(next(self._numbers), asked["chat"], asked.get("text", "/latest")))
        self._arrived.set()
        return web.Response()

    async def figures(self, _: web.Request) -> web.Response:
        """What was taken, and when people asked and were answered."""
        return web.json_response({"taken": self.taken, "answered": self.answered})

    async def _given(self, offset: int, seconds: float) -> list[dict[str, Any]]:
        self._updates = [one for one in self._updates if one["update_id"] >= offset]
        if not self._updates:
            self._arrived.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), seconds)
        return self._updates[:100]

    def _took(self, chat: int) -> dict[str, Any]:
        self.taken += 1
        if chat in self._asked:
            self.answered.append((self._asked.pop(chat), time.perf_counter()))
        return {"message_id": self.taken, "date": 1, "chat": {"id": chat, "type": "private"}, "text": "x"}


async def _serve(pipe: Any, commands: int) -> None:
    side, app = _Side(commands), web.Application()
    app.router.add_route("*", "/bot{token}/{method}", side.api)
    app.router.add_post("/ask", side.ask)
    app.router.add_get("/figures", side.figures)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    pipe.send("http://{}:{}".format(*runner.addresses[0][:2]))
    await asyncio.Event().wait()


def command(number: int, chat: int, text: str = "/latest") -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "A"}
    message: dict[str, Any] = {
        "message_id": 1,
        "date": 1_700_000_000,
        "chat": person | {"type": "private"},
        "from": person,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return {"update_id": number, "message": message | {"text": text}}


if __name__ == "__main__":
    asyncio.run(main())
