"""The bot is killed again and again between polling and answering. Each command is carried out exactly once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.access import Throttle
from bot.app import build, open_database
from bot.commands.context import Policies
from bot.delivery.courier import Timing
from bot.platforms.telegram.service import Settings, TelegramService
from bot.platforms.telegram.worklist import AT_ONCE
from bot.runtime.clock import clock
from bot.storage.database.engine import Database
from tests.fakes import OPEN, bundled
from tests.soak import sample
from tests.telegram.server import TOKEN, running_bot_api
from tests.telegram.talk import QUICK, chat_of, person, telegram_talk

pytestmark = pytest.mark.soak
KILLS, COMMANDS = sample(20, 500), sample(120, 1200)


@pytest.mark.timeout(400)
def test_no_command_is_lost_and_none_is_done_twice(tmp_path: Path) -> None:
    path = tmp_path / "nutgraf.db"
    asyncio.run(_created(path))
    chance = random.Random(7)  # noqa: S311  # no secret
    with _server(tmp_path) as url:
        for _ in range(KILLS):
            polls = _polls(tmp_path)
            child = _bot(path, url)
            began = time.monotonic()
            while _polls(tmp_path) == polls and time.monotonic() - began < 0.3:
                time.sleep(0.002)
            time.sleep(chance.choice([chance.uniform(0, 0.05), chance.uniform(0, 0.3)]))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        child = _bot(path, url)
        answers = _answers(tmp_path)
        for _ in range(1200):
            if len(_answers(tmp_path)) == COMMANDS and asyncio.run(_unanswered(path)) == 0:
                break
            time.sleep(0.2)
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        before, answers = answers, _answers(tmp_path)
    assert len(before) > 0, "the kills let nothing through: nothing was proven"
    assert len(answers) == COMMANDS
    # Twice is said only what was being sent when its process was killed: that many chats are answered at once.
    assert sum(answers.values()) - COMMANDS <= KILLS * AT_ONCE
    subscribed = asyncio.run(_subscribed(path))
    assert set(subscribed.values()) == {1}
    # What is killed again and again looks as if it were the cause: it is set aside, and its person is told.
    assert len(subscribed) + asyncio.run(_set_aside(path)) == COMMANDS
    assert len(subscribed) >= 0.9 * COMMANDS


async def _created(path: Path) -> None:
    """A database, and a process in which all is imported that an answer needs: those that are killed come from it."""
    async with open_database(f"sqlite:///{path}"):
        pass
    async with telegram_talk(*bundled()[:1]) as talk:
        await talk.says("/subscribe 8:00 rome")


async def _unanswered(path: Path) -> int:
    async with open_database(f"sqlite:///{path}") as database:
        return len(await build(database, OPEN, Policies()).inbox.claim("telegram", with_own=True))


async def _set_aside(path: Path) -> int:
    async with open_database(f"sqlite:///{path}") as database:
        return len(await build(database, OPEN, Policies()).inbox.aside())


async def _subscribed(path: Path) -> Counter[str]:
    async with open_database(f"sqlite:///{path}") as database:
        return Counter(str(one.destination) for one in await build(database, OPEN, Policies()).subscriptions.all())


def _answers(folder: Path) -> Counter[str]:
    lines = (folder / "said").read_text().splitlines()
    return Counter(line.partition("|")[0] for line in lines if line.count("|"))


def _polls(folder: Path) -> int:
    """How often a poll was given something."""
    return (folder / "said").read_text().splitlines().count("+")


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """Telegram in a process of its own, with a command of each of many people waiting."""
    (folder / "said").touch()
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(_serve(folder))
        finally:
            os._exit(0)
    try:
        while not (folder / "url").exists():
            time.sleep(0.01)
        yield (folder / "url").read_text()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


async def _serve(folder: Path) -> None:
    with (folder / "said").open("a") as journal:
        async with running_bot_api(journal=journal, most_at_once=3) as api:
            for chat in range(1, COMMANDS + 1):
                message = {"message_id": 1, "date": 1_700_000_000, "chat": chat_of(chat), "from": person(chat)}
                api.say(message=message | {"text": "/subscribe 8:00 rome"})
            (folder / "new").write_text(api.url)
            (folder / "new").rename(folder / "url")
            await asyncio.Event().wait()


def _bot(path: Path, url: str) -> int:
    """The bot in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(_run(path, url))
        finally:
            os._exit(0)
    return child


async def _run(path: Path, url: str) -> None:
    database = Database(f"sqlite:///{path}")
    try:
        bot = build(database, OPEN, Policies(), throttle=Throttle(1000, timedelta(minutes=1)))
        service = TelegramService(
            Settings(TOKEN, url, patience=QUICK),
            dispatcher=bot.dispatcher,
            ledger=bot.ledger,
            inbox=bot.inbox,
            timing=Timing(clock, beat=0.5),
            language="en",
        )
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.stop)
        await service.run()
    finally:
        await database.close()
