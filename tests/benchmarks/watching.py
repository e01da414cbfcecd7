"""What metrics, health checks and the dashboard cost the answers.

Turns with and without alternate. A turn is a busy half of a minute of a bot: 600 answers, 20 a second. In the turns
with, the answers are counted in the metrics, Prometheus reads the metrics twice, a health check asks once, and an
operator loads the first page of the dashboard once. The processor's times of two turns in a row are compared; the
median of their ratios counts. The client only writes and reads bytes, so that little but the server is measured.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request

from bot.app import Bot
from bot.chats import Destination
from bot.commands import context
from bot.posting.scheduler import Runs
from bot.runtime import metrics
from briefings.scope import OPERATOR
from tests.benchmarks.limits import at_most
from tests.fakes import Clock

_ANSWERS, _TURNS, _STORIES = 600, 24, 10
_TURN = timedelta(seconds=30)
_PAUSE = 0.05
_WATCHED = ("/metrics", "/readyz", "/metrics", "/")
_ASKED = (
    "/who", "/what", "/when", "/summary", "/consequences", "/people", "/latest", "/claims",
    "who did it?", "how many people were hurt?", "why did it happen?", "what is new?",
)  # fmt: skip


class _Uncounted:
    """A metric that counts nothing."""

    def labels(self, *_: str) -> _Uncounted:
        return self

    def observe(self, _: float) -> None:
        """Counts nothing."""


class _Connection:
    """A connection that is kept, to a server whose cookie is known."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cookie: str) -> None:
        self._reader = reader
        self._writer = writer
        self._cookie = cookie

    @classmethod
    async def of(cls, browser: TestClient[Request, Application]) -> _Connection:
        """Connects to the server of a browser that has signed in."""
        cookies = browser.session.cookie_jar.filter_cookies(browser.make_url("/"))
        cookie = "; ".join(f"{one.key}={one.value}" for one in cookies.values())
        return cls(*await asyncio.open_connection(browser.host, browser.port), cookie)

    async def get(self, path: str) -> bytes:
        """Returns the body of a page."""
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self._cookie}\r\n\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        return await self._reader.readexactly(int(length))


async def measure(bot: Bot, browser: TestClient[Request, Application], user: str, clock: Clock, runs: Runs) -> None:
    """Prints the ratio of the processor's times."""
    runs.succeeded["tick"] = clock.now + timedelta(days=1)  # so that the bot is ready
    asked = _questions([one.version.id for one in await bot.stories.newest(OPERATOR, _STORIES)], user)
    connection = await _Connection.of(browser)
    await _turn(bot, asked, connection)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(_TURNS):
        for is_watched in (turn % 2 == 0, turn % 2 == 1):
            clock.now += _TURN / 2
            taken[is_watched].append(await _turn(bot, asked, connection if is_watched else None))
    bare = statistics.median(taken[False])
    ratio = statistics.median(some / none for some, none in zip(taken[True], taken[False], strict=True))
    said = at_most("answers with metrics, health checks and dashboard / without", ratio, 1.05)
    print(f"answers with metrics, health checks and dashboard / without: {ratio:.3f} times ({said})")
    print(f"an answer takes {1000 * bare / _ANSWERS:.2f} ms of processor; as much as so many answers take:")
    for path in sorted(set(_WATCHED)):
        took = statistics.median([await _took(connection, path) for _ in range(_TURNS)])
        print(f"  {path:9} {took / bare * _ANSWERS:4.1f} ({1000 * took:.1f} ms)")


def _questions(versions: list[str], user: str) -> Iterator[context.Request]:
    """Questions about stories. No two are the same, so that none is answered from a cache."""
    platform, _, chat = user.partition(":")
    for number in itertools.count():
        text = _ASKED[number % len(_ASKED)]
        words = text if text.startswith("/") else f"{text[:-1]}, {number}?"
        about = (versions[number % len(versions)],)
        yield context.Request(Destination(platform, chat), words, user, is_private=True, about=about)


async def _turn(bot: Bot, asked: Iterator[context.Request], connection: _Connection | None) -> float:
    """Returns the processor's time of a turn, with somebody who watches or without."""
    with _counted(connection is not None):
        began = time.process_time()
        for number, request in enumerate(itertools.islice(asked, _ANSWERS)):
            await bot.dispatcher.answer(request)
            if number % (_ANSWERS // len(_WATCHED)) == 0:
                await asyncio.sleep(
                    _PAUSE
                )  # what the answers have left to be written is written in both kinds of turns
                if connection is not None:
                    await connection.get(_WATCHED[number * len(_WATCHED) // _ANSWERS])
        return time.process_time() - began


async def _took(connection: _Connection, path: str) -> float:
    """Returns the processor's time of a page."""
    began = time.process_time()
    await connection.get(path)
    return time.process_time() - began


@contextmanager
def _counted(is_counted: bool) -> Iterator[None]:
    """Counts answers in the metrics while the block lasts, or does not."""
    kept = metrics.ANSWERS
    if not is_counted:
        metrics.ANSWERS = _Uncounted()  # type: ignore[assignment]
    try:
        yield
    finally:
        metrics.ANSWERS = kept
