"""What metrics, health checks and the dashboard cost the answers.

Turns with and without alternate. A turn is a busy quarter of a minute: 300 answers are counted in the metrics, which
are read once, as by Prometheus, with one health check. The fastest turns are compared: they were disturbed least. The
dashboard costs something when somebody opens a page: its time is given in answers.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request

from bot.app import Bot
from bot.chats import Destination
from bot.commands import context
from bot.runtime import metrics
from briefings.scope import OPERATOR
from tests.benchmarks.limits import at_most

_ANSWERS, _TURNS, _STORIES = 300, 24, 10
_WATCHED = ("/metrics", "/readyz")
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


async def measure(bot: Bot, browser: TestClient[Request, Application], user: str) -> None:
    """Prints the ratio of the processor's times. The work of the test's own client is part of it."""
    asked = _questions([one.version.id for one in await bot.stories.newest(OPERATOR, _STORIES)], user)
    await _turn(bot, asked, browser)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(_TURNS):
        for is_watched in (turn % 2 == 0, turn % 2 == 1):
            taken[is_watched].append(await _turn(bot, asked, browser if is_watched else None))
    ratio = min(taken[True]) / min(taken[False])
    said = at_most("answers with metrics and health checks / without", ratio, 1.05)
    print(f"answers with metrics and health checks / without: {ratio:.3f} times ({said})")
    page = min([await _page(browser) for _ in range(_TURNS)]) / min(taken[False]) * _ANSWERS
    print(f"the overview costs as much as {page:.0f} answers, once when it is opened")


def _questions(versions: list[str], user: str) -> Iterator[context.Request]:
    """Questions about stories. No two are the same, so that none is answered from a cache."""
    platform, _, chat = user.partition(":")
    for number in itertools.count():
        text = _ASKED[number % len(_ASKED)]
        words = text if text.startswith("/") else f"{text[:-1]}, {number}?"
        about = (versions[number % len(versions)],)
        yield context.Request(Destination(platform, chat), words, user, is_private=True, about=about)


async def _turn(bot: Bot, asked: Iterator[context.Request], browser: TestClient[Request, Application] | None) -> float:
    """Returns the processor's time of a turn, with a browser that watches or without."""
    with _counted(browser is not None):
        began = time.process_time()
        for number, request in enumerate(itertools.islice(asked, _ANSWERS)):
            await bot.dispatcher.answer(request)
            if browser is not None and number % (_ANSWERS // len(_WATCHED)) == 0:
                async with browser.get(_WATCHED[number * len(_WATCHED) // _ANSWERS]) as response:
                    await response.read()
        return time.process_time() - began


async def _page(browser: TestClient[Request, Application]) -> float:
    """Returns the processor's time of the overview."""
    began = time.process_time()
    async with browser.get("/") as response:
        await response.read()
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
