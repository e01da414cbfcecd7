"""A misbehaving platform in a process of its own. It records the messages that it accepts and sometimes does not
answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import Self

from aiohttp import web

from bot.delivery.model import Delivery, Outcome, Retry, Sent, Uncertain
from tests.discord.server import DiscordApi, running_discord
from tests.fakes import NOON
from tests.telegram.server import BotApi, Fault, running_bot_api

#: How long it knows a message that is repeated, where it does at all.
NONCE_WINDOW = timedelta(minutes=3)
#: How much faster the clock runs of those who talk to Discord.
DISCORD_FACTOR = 5


@dataclass
class ScaledTime:
    """A clock that is faster than the machine's by ``factor`` and ahead of it by ``offset``."""

    factor: float
    offset: timedelta = timedelta(0)
    began: float = 0.0

    def __post_init__(self) -> None:
        self.began = time.monotonic()

    def __call__(self) -> datetime:
        return NOON + self.offset + timedelta(seconds=(time.monotonic() - self.began) * self.factor)

    async def sleep(self, seconds: float) -> None:
        """Sleeps so many seconds of this clock."""
        await asyncio.sleep(seconds / self.factor)


class LoopTime:
    """A clock that is driven by the event loop, ``factor`` times as fast as the machine's.

    It advances only a few ticks at a time. On a loaded machine a test takes longer but has the same result.
    """

    _TICK, _MOST = 0.002, 0.005

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor
        self._passed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._running.cancel()

    def __call__(self) -> datetime:
        return NOON + timedelta(seconds=self._passed)

    def seconds(self) -> float:
        """Seconds of this clock since its start."""
        return self._passed

    async def sleep(self, seconds: float) -> None:
        """Sleeps so many seconds of this clock."""
        woken = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self._passed + seconds, next(self._numbers), woken))
        await woken

    async def _run(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(self._TICK)
            now = time.monotonic()
            self._passed += min(now - last, self._MOST) * self._factor
            last = now
            while self._sleepers and self._sleepers[0][0] <= self._passed:
                _, _, woken = heappop(self._sleepers)
                if not woken.done():
                    woken.set_result(None)


class SocketSender:
    """Sends to the far side; ``knows_repetitions`` tells it to look for a message that it has already."""

    def __init__(self, socket: Path, clock: ScaledTime, knows_repetitions: bool) -> None:
        self._socket = socket
        self._clock = clock
        self._knows = knows_repetitions

    async def send(self, delivery: Delivery) -> Outcome:
        """One connection, one line, one answer."""
        try:
            reader, writer = await asyncio.open_unix_connection(str(self._socket))
        except OSError as error:
            return Retry(str(error))
        try:
            request = {"id": delivery.id, "nonce": self._knows, "now": self._clock().isoformat()}
            writer.write(json.dumps(request).encode() + b"\n")
            answer = await reader.readline()
            return Sent(json.loads(answer)["id"]) if answer else Uncertain("the connection was closed")
        except (OSError, ValueError) as error:
            return Uncertain(str(error))
        finally:
            writer.close()


@dataclass(frozen=True)
class FarSide:
    """A running far side.

    Attributes:
        accepted: A file with a line for each message that was posted: its delivery's number.
        dropped: A file with a line for each that was accepted without an answer.
    """

    socket: Path
    accepted: Path
    dropped: Path

    def posts(self) -> list[int]:
        """The deliveries that were posted, as often as they were."""
        return [int(line.rpartition("|")[2]) for line in self.accepted.read_text().split()]


@contextmanager
def running_far_side(folder: Path, drop: float, platform: str = "") -> Iterator[FarSide]:
    """A platform that drops this share of its connections after it has accepted their message.

    For Telegram and Discord, ``socket`` is a file that contains the URL.
    """
    side = FarSide(folder / "far.sock", folder / "accepted", folder / "dropped")
    for file in (side.accepted, side.dropped):
        file.touch()
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(serve(side, drop, platform) if platform in {"telegram", "discord"} else _serve(side, drop))
        finally:
            os._exit(0)
    try:
        while not side.socket.exists():
            time.sleep(0.01)
        yield side
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


async def serve(side: FarSide, drop: float, platform: str) -> None:
    """Telegram or Discord as a far side: messages are the numbers of their deliveries."""
    chance = random.Random(5)  # noqa: S311  # no secret
    with side.accepted.open("a") as accepted, side.dropped.open("a") as dropped:

        def dropping(request: web.Request, is_taken: bool) -> web.StreamResponse | None:
            if not is_taken or request.transport is None:
                return None
            dropped.write("1\n")
            dropped.flush()
            request.transport.abort()
            return web.Response()

        def misbehave() -> Fault | None:
            return dropping if chance.random() < drop else None

        running: AbstractAsyncContextManager[BotApi | DiscordApi] = running_bot_api(
            journal=accepted, misbehave=misbehave
        )
        if platform == "discord":
            window = NONCE_WINDOW.total_seconds() / DISCORD_FACTOR
            running = running_discord(journal=accepted, misbehave=misbehave, nonce_seconds=window, is_checked=False)
        async with running as api:
            side.socket.with_suffix(".new").write_text(api.url)
            side.socket.with_suffix(".new").rename(side.socket)
            await asyncio.Event().wait()


async def _serve(side: FarSide, drop: float) -> None:
    chance = random.Random(5)  # noqa: S311  # no secret
    known: dict[int, datetime] = {}
    with side.accepted.open("a") as accepted, side.dropped.open("a") as dropped:

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            line = await reader.readline()
            if line.endswith(b"\n"):
                request = json.loads(line)
                number, now = request["id"], datetime.fromisoformat(request["now"])
                if not (request["nonce"] and number in known and now - known[number] < NONCE_WINDOW):
                    known[number] = now
                    accepted.write(f"{number}\n")
                    accepted.flush()
                if chance.random() < drop:
                    dropped.write(f"{number}\n")
                    dropped.flush()
                else:
                    await asyncio.sleep(chance.uniform(0.001, 0.02))
                    writer.write(json.dumps({"id": f"m{number}"}).encode() + b"\n")
            writer.close()

        server = await asyncio.start_unix_server(answer, str(side.socket))
        await server.serve_forever()
