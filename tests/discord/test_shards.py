"""Shards: how they are divided into groups, and two processes that share them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.app import build, open_database
from bot.commands.context import Policies
from bot.delivery.courier import Timing
from bot.delivery.pacing import Limits
from bot.platforms.discord.identify import SessionStarts
from bot.platforms.discord.posts import DiscordPosts
from bot.platforms.discord.service import LIMITS, DiscordService, Settings
from bot.platforms.discord.shards import Duty, Sharding
from bot.runtime.clock import clock
from bot.storage.database.elections import open_election, run_held
from bot.storage.database.turns import Turns
from tests.discord.server import BOT, CHANNEL, DM, GUILD, TOKEN, DiscordApi, guild, person, running_discord
from tests.fakes import OPEN
from tests.postgres import Server

#: A server of shard 1 if there are two, and its channel.
OTHER = 5 << 22
OTHER_CHANNEL = OTHER * 1000
LATEST = {"id": "1", "name": "latest", "type": 1, "options": []}
#: Instead of Discord's five seconds.
_BETWEEN_STARTS = 0.5


class TestDuties:
    def test_one_service_does_everything(self) -> None:
        assert Sharding().duties() == [Duty("discord", posts=True, shards=None, total=None)]
        assert Sharding(4).duties() == [Duty("discord", posts=True, shards=None, total=4)]

    def test_groups_have_all_shards_and_posts_are_apart(self) -> None:
        posts, *groups = Sharding(7, 3).duties()
        assert (posts.part, posts.posts, posts.listens) == ("discord", True, False)
        assert [one.part for one in groups] == ["discord:0", "discord:1", "discord:2"]
        assert not any(one.posts for one in groups)
        assert [shard for one in groups for shard in one.shards or ()] == list(range(7))
        assert all(one.listens for one in groups)

    def test_together_they_keep_the_limits_of_the_token(self) -> None:
        assert Duty().limits(LIMITS) == LIMITS
        rates = [one.limits(LIMITS).rate or 0 for one in Sharding(6, 3).duties()]
        assert sum(rates) <= (LIMITS.rate or 0)
        assert all(rates)
        assert Sharding(2, 2).duties()[0].limits(Limits()).rate is None


def test_a_start_uses_as_many_session_starts_as_there_are_shards() -> None:
    limit = {"total": 1000, "remaining": 10, "reset_after": 3_600_000, "max_concurrency": 16}
    answer = {"shards": 4, "session_start_limit": limit}
    starts = SessionStarts.read(answer)
    assert (starts.shards, starts.at_once, starts.wait) == (4, 16, timedelta(minutes=30))
    starts = SessionStarts.read(answer, 10)
    assert (starts.shards, starts.recommended, starts.wait) == (10, 4, timedelta(hours=1))


class _Process:
    """One of several processes that share two groups of shards."""

    def __init__(
        self, services: list[DiscordService], hold: Callable[[DiscordService], Coroutine[Any, Any, None]]
    ) -> None:
        self.services = services
        self._hold = hold
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Competes for the part of each service."""
        self._tasks = [asyncio.create_task(self._hold(one)) for one in self.services]

    async def stop(self) -> None:
        """Gives up what it holds."""
        for one in self.services:
            one.stop()
        await asyncio.gather(*self._tasks)

    @property
    def groups(self) -> list[str]:
        """The groups that it holds and has connected."""
        return [one.part for one in self.services if one.is_connected and ":" in one.part]


@asynccontextmanager
async def _process(api: DiscordApi, url: str) -> AsyncIterator[_Process]:
    """What `bot.run` does with the services of a platform."""
    stopping = asyncio.Event()
    async with open_database(url) as database, open_election(database, clock) as election:
        bot = build(database, OPEN, Policies(), renderers={"discord": DiscordPosts()})
        settings = Settings(TOKEN, api.url, sharding=Sharding(2, 2))
        services = [
            DiscordService(
                settings,
                dispatcher=bot.dispatcher,
                ledger=bot.ledger,
                timing=Timing(clock, beat=0.05),
                language="en",
                turns=Turns(database),
                duty=duty,
            )
            for duty in settings.sharding.duties()
        ]
        process = _Process(services, lambda one: run_held(election, database, one.part, one.run, stopping))
        try:
            yield process
        finally:
            stopping.set()
            await process.stop()


@pytest.fixture(name="api")
async def _api(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordApi]:
    """Discord with a server on each of two shards."""
    monkeypatch.setattr("bot.platforms.discord.gateway._BETWEEN_STARTS", _BETWEEN_STARTS)
    guilds = [guild(), guild(OTHER, channels=1)]
    async with running_discord(shards=2, between_starts=_BETWEEN_STARTS, guilds=guilds) as api:
        yield api
        assert api.refused == []


async def test_two_processes_share_two_groups_and_one_goes_on_alone(
    api: DiscordApi, postgres: Server, postgres_template: str
) -> None:
    url = postgres.new_database(like=postgres_template)
    async with _process(api, url) as first:
        async with _process(api, url) as second:
            first.start()
            second.start()
            await _until(lambda: len(first.groups) == len(second.groups) == 1)
            await _check_answers(api)
        await _until(lambda: first.groups == ["discord:0", "discord:1"])
        await _check_answers(api)
    # The group of the process that ended is connected again. On a busy machine a connection can break once more.
    assert set(api.sessions) == {(0, 2), (1, 2)}
    assert 3 <= len(api.sessions) <= 5


async def _check_answers(api: DiscordApi) -> None:
    """Each event is answered once: a command on each shard, and a direct message."""
    before = len(api.messages)
    for where in ({}, {"guild": OTHER, "channel": OTHER_CHANNEL}, {"channel": DM}):
        found = await api.interact(2, LATEST, **where)
        assert len(found.callbacks) == 1
    assert len(api.messages) == before + 3
    await api.tell("MESSAGE_CREATE", mention(api.next(), "/latest"))
    await _until(lambda: len(api.messages) == before + 4)
    await asyncio.sleep(0.3)
    assert len(api.messages) == before + 4


def mention(number: int, text: str, server: int = GUILD, channel: int = CHANNEL) -> dict[str, Any]:
    """A message to the bot as Discord sends it."""
    return {
        "id": str(number),
        "channel_id": str(channel),
        "guild_id": str(server),
        "author": person(8),
        "content": f"<@{BOT['id']}> {text}",
        "timestamp": "2025-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [BOT],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "components": [],
    }


async def _until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_true():
            await asyncio.sleep(0.02)
