"""Two processes answer webhooks over one database. The holder of the platform is killed, and no message is lost."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest

from bot.platforms.telegram.worklist import AT_ONCE
from tests.programs import running_program
from tests.soak import sample
from tests.telegram.server import TOKEN, BotApi, running_bot_api
from tests.telegram.talk import chat_of, person
from tests.telegram.webhooks import Balancer

pytestmark = pytest.mark.soak
PEOPLE = sample(80, 800)
#: How many updates Telegram sends at the same time (https://core.telegram.org/bots/api#setwebhook).
CONNECTIONS = 40


@dataclass(frozen=True)
class Bots:
    """Two processes with a webhook each, and Telegram."""

    api: BotApi
    url: str
    ports: list[int]
    balancer: Balancer

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def answers(self) -> Counter[int]:
        """How many messages each chat got."""
        return Counter(one.chat for one in self.api.messages)

    def registrations(self) -> int:
        """How often a webhook was registered."""
        return sum(method == "setWebhook" for method, _ in self.api.requests)

    def holder(self) -> int:
        """The process that holds the platform."""
        return int(self.query("SELECT holder FROM part WHERE name = 'telegram'")[0][0].rpartition(":")[2])

    async def is_listening(self) -> bool:
        """Whether both processes take updates."""
        return bool(self.api.webhook) and all([await self.balancer.is_there(port) for port in self.ports])


@pytest.fixture(name="bots")
async def _bots(tmp_path: Path, postgres_url: str) -> AsyncIterator[Bots]:
    ports = free_ports(2)
    async with running_bot_api() as api, aiohttp.ClientSession() as session, AsyncExitStack() as programs:
        for port in ports:
            await programs.enter_async_context(_process(tmp_path / str(port), port, api, postgres_url))
        bots = Bots(api, postgres_url, ports, Balancer(session, ports))
        while not await bots.is_listening():
            await asyncio.sleep(0.05)
        yield bots


@pytest.mark.timeout(240)
async def test_each_message_is_carried_out_once(bots: Bots) -> None:
    first = command(1)
    await asyncio.gather(*(bots.balancer.attempt(first, port) for port in bots.ports))
    await until(lambda: bots.answers()[1] == 1)
    assert bots.registrations() == 1

    updates = asyncio.Queue[dict[str, Any]]()
    for number in range(2, PEOPLE + 2):
        updates.put_nowait(command(number))
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_deliver(bots.balancer, updates))
        await until(lambda: updates.qsize() < PEOPLE // 2)
        os.kill(bots.holder(), signal.SIGKILL)
    await until(lambda: len(bots.answers()) == PEOPLE + 1 and not bots.query("SELECT 1 FROM inbox WHERE body <> ''"))

    answers = bots.answers()
    assert bots.balancer.repeated > 0, "nothing was sent to the process that was killed"
    assert answers[1] == 1
    # Only answers that were being sent when the process was killed are sent again.
    assert sum(answers.values()) - len(answers) <= AT_ONCE
    subscribed = bots.query("SELECT destination FROM subscription")
    assert len(subscribed) == len(set(subscribed)) == PEOPLE + 1
    await until(lambda: bots.query("SELECT epoch FROM part WHERE name = 'telegram'") == [(2,)])


async def _deliver(balancer: Balancer, updates: asyncio.Queue[dict[str, Any]]) -> None:
    while not updates.empty():
        await balancer.deliver(updates.get_nowait())


def command(number: int) -> dict[str, Any]:
    """A command of somebody, whose chat has the number of the update."""
    message = {"message_id": 1, "date": 1_700_000_000, "chat": chat_of(number), "from": person(number)}
    return {"update_id": number, "message": message | {"text": "/subscribe 8:00 rome"}}


@asynccontextmanager
async def _process(folder: Path, port: int, api: BotApi, url: str) -> AsyncIterator[None]:
    folder.mkdir()
    webhook = {"url": "https://bot.example.org/", "port": port}
    config = {
        "telegram": {"token": TOKEN, "base_url": api.url, "webhook": webhook},
        "console": {"enabled": False},
        "access": "open",
        "database": url,
    }
    (folder / "config.yaml").write_text(json.dumps(config))
    async with running_program(folder, "run", log=folder / "log"):
        yield


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


async def until(is_true: Callable[[], bool]) -> None:
    """Waits until something is true. The test's own time limit ends the wait."""
    while not is_true():
        await asyncio.sleep(0.05)
