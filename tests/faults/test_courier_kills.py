"""The courier is killed again and again while it works. No post is sent twice, and none is lost silently."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from contextlib import AsyncExitStack, closing
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from bot.app import open_database
from bot.chats import Destination
from bot.delivery.courier import Courier, Timing
from bot.delivery.model import Delivery, Sender
from bot.delivery.pacing import Limits, Pacing
from bot.delivery.retry import RetryPolicy
from bot.platforms.discord.client import Client, InvalidRequests
from bot.platforms.discord.client import api as base_url
from bot.platforms.discord.posts import Draft as DiscordDraft
from bot.platforms.discord.sender import DiscordSender
from bot.platforms.telegram.client import new_bot
from bot.platforms.telegram.posts import Draft
from bot.platforms.telegram.sender import TelegramSender
from bot.storage.ledger import Deliveries
from bot.storage.occasions import Occasions
from tests.discord.server import TOKEN as DISCORD_TOKEN
from tests.fakes import NOON, OpenGate
from tests.faults.far_side import FarSide, ScaledTime, SocketSender, running_far_side
from tests.soak import sample
from tests.telegram.server import TOKEN

pytestmark = pytest.mark.soak
CHATS, PARTS = sample(100, 500), 3
POSTS = CHATS * PARTS
KILLS = sample(6, 26)
LONG_KILLS = (1, 3, 5) if KILLS < 20 else (6, 13, 20)
FACTOR = 5
RATE = 16  # a second of the scaled clock: 80 a second of this machine's
DROPPED = 0.01
NEVER_LEFT_KILLS, MOST_NEVER_LEFT = sample(8, 60), 3
#: Platforms that know a message that is repeated.
IDEMPOTENT = ("idempotent", "discord")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("platform", ["idempotent", "other", "telegram", "discord"])
def test_no_post_is_told_twice_and_none_is_lost_unseen(tmp_path: Path, platform: str) -> None:
    knows_repetitions = platform in IDEMPOTENT
    path = tmp_path / "nutgraf.db"
    asyncio.run(_fill(path, platform))
    clock = ScaledTime(FACTOR)
    chance = random.Random(3)  # noqa: S311  # no secret
    in_flight = 0
    with running_far_side(tmp_path, DROPPED, platform) as side:
        for kill in range(KILLS):
            child = _start(path, side, clock, platform)
            time.sleep(chance.uniform(0.3, 0.9))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            in_flight += _states(path)["sending"]
            if kill in LONG_KILLS:
                clock.offset += timedelta(minutes=10)
        child = _start(path, side, clock, platform)
        while _states(path).keys() & {"pending", "sending"}:
            time.sleep(0.2)
        os.kill(child, signal.SIGTERM)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0  # not ended by force
        posts, dropped = Counter(side.posts()), len(side.dropped.read_text().split())
    states = _states(path)
    sent = set(_numbers(path, "sent"))
    uncertain = set(_numbers(path, "uncertain"))
    assert max(posts.values()) == 1, "a post was told twice"
    assert sent <= posts.keys(), "a post that is said to be sent was lost"
    assert posts.keys() <= sent | uncertain
    assert states.total() == states["sent"] + states["uncertain"] == POSTS
    assert states["uncertain"] <= in_flight + dropped
    if knows_repetitions:
        assert states["sent"] >= 0.95 * POSTS
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("platform", ["other", "telegram"])
def test_few_posts_that_never_left_are_held_after_a_kill(tmp_path: Path, platform: str) -> None:
    """At thirty posts a second, counted against what the far side has: no more than three at each kill."""
    path, never_left = tmp_path / "nutgraf.db", []
    asyncio.run(_fill(path, platform))
    chance = random.Random(11)  # noqa: S311  # no secret
    with running_far_side(tmp_path, 0, platform) as side:
        for _ in range(NEVER_LEFT_KILLS):
            sent = len(side.posts())
            child = _start(path, side, ScaledTime(1), platform, rate=30)
            while len(side.posts()) < sent + 5:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.5))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            time.sleep(0.2)  # for the far side to read what has reached it
            never_left.append(len(set(_numbers(path, "sending")) - set(side.posts())))
    assert len(side.posts()) < POSTS, "there was nothing left to hold"
    assert max(never_left) <= MOST_NEVER_LEFT, never_left


def test_sigterm_leaves_nothing_in_sending(tmp_path: Path) -> None:
    path = tmp_path / "nutgraf.db"
    asyncio.run(_fill(path))
    with running_far_side(tmp_path, 0) as side:
        child = _start(path, side, ScaledTime(1), "other")
        while _states(path)["sent"] < 30:
            time.sleep(0.05)
        os.kill(child, signal.SIGTERM)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0  # not ended by force
        states = _states(path)
        assert states["sending"] == states["uncertain"] == 0
        assert states["sent"] == len(side.posts())


async def _fill(path: Path, platform: str = "") -> None:
    def draft(text: str) -> str:
        return DiscordDraft(text).write() if platform == "discord" else Draft(text, text).write()

    async with open_database(f"sqlite:///{path}") as database:
        deliveries = [
            Delivery(
                0,
                f"{chat}:slot:x:{part}",
                chat,
                Destination("test", str(chat)),
                draft(str(number)),
                NOON,
                NOON + timedelta(days=9),
                part=part,
                parts=PARTS,
                occasion=chat,
            )
            for number, (part, chat) in enumerate(product(range(1, PARTS + 1), range(1, CHATS + 1)), start=1)
        ]
        await Occasions(database).enqueue(deliveries, NOON)


def _start(path: Path, side: FarSide, clock: ScaledTime, platform: str, rate: int = RATE) -> int:
    """A courier in a process of its own."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            asyncio.run(_run(path, side, clock, platform, rate))
            code = 0
        finally:
            os._exit(code)
    return child


async def _run(path: Path, side: FarSide, clock: ScaledTime, platform: str, rate: int) -> None:
    knows_repetitions = platform in IDEMPOTENT
    async with open_database(f"sqlite:///{path}") as database, AsyncExitStack() as stack:
        sender: Sender = SocketSender(side.socket, clock, knows_repetitions)
        if platform == "telegram":
            client = new_bot(TOKEN, side.socket.read_text())
            await client.open()
            stack.push_async_callback(client.close_connections)
            sender = TelegramSender(client, "nutgraf_test_bot")
        if platform == "discord":
            base_url(side.socket.read_text())
            discord = Client(InvalidRequests(clock))
            await discord.login(DISCORD_TOKEN)
            stack.push_async_callback(discord.close)
            sender = DiscordSender(discord, "Choose")
        courier = Courier(
            "test",
            Deliveries(database, OpenGate()),
            sender,
            pacing=Pacing(Limits(rate)),
            policy=RetryPolicy(resend_within=timedelta(minutes=2) if knows_repetitions else None),
            timing=Timing(clock, clock.sleep),
            is_private=lambda _: True,
        )
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, courier.stop)
        await courier.run()


def _states(path: Path) -> Counter[str]:
    with closing(sqlite3.connect(path, timeout=10)) as database:
        return Counter(dict(database.execute("SELECT state, count(*) FROM delivery GROUP BY state").fetchall()))


def _numbers(path: Path, state: str) -> list[int]:
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT id FROM delivery WHERE state = ?", [state]).fetchall()
    return [number for (number,) in rows]
