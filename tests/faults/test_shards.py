"""Two programs share the groups of Discord's shards. One is killed, and the other takes its group."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_database
from bot.storage.database.engine import Database
from bot.storage.parts import Parts
from tests.discord.server import DM, TOKEN, DiscordApi, guild, running_discord
from tests.discord.test_shards import LATEST, OTHER, OTHER_CHANNEL
from tests.programs import running_program
from tests.soak import SOAK_ONLY

pytestmark = SOAK_ONLY

#: Discord's own, in seconds.
_BETWEEN_STARTS = 5
#: Who takes a group after the process that held it was killed must hold it within so many seconds.
_TAKEN_WITHIN = 5


@pytest.mark.timeout(240)
async def test_a_killed_process_loses_its_group_to_the_other(tmp_path: Path, postgres_url: str) -> None:
    settings = {
        "database": postgres_url,
        "access": "open",
        "console": {"enabled": False},
        "discord": {"token": TOKEN, "shards": 2, "shard_groups": 2},
    }
    guilds = [guild(), guild(OTHER, channels=1)]
    async with running_discord(shards=2, between_starts=_BETWEEN_STARTS, guilds=guilds, is_checked=False) as api:
        settings["discord"] |= {"base_url": api.url}  # type: ignore[operator]  # a mapping
        (tmp_path / "config.yaml").write_text(json.dumps(settings))
        async with (
            open_database(postgres_url) as database,
            running_program(tmp_path, "run", log=tmp_path / "1.log") as one,
            running_program(tmp_path, "run", log=tmp_path / "2.log") as other,
        ):
            await _until(lambda: _heard(api) == {0, 1})
            await _check_answers(api)
            killed, left = (one, other) if _name(one) in (await _holders(database)).values() else (other, one)
            before = await _holders(database)
            killed.kill()
            began = time.monotonic()
            while (await _holders(database)) != dict.fromkeys(before, _name(left)):
                await asyncio.sleep(0.05)
            assert time.monotonic() - began < _TAKEN_WITHIN
            await _until(lambda: _heard(api) == {0, 1})
            print(f"\nheld {time.monotonic() - began:.1f} s after the kill")  # noqa: T201  # for who runs it with -s
            await _check_answers(api)
        assert api.refused == []
        assert api.identified <= 4
    assert "Traceback" not in (tmp_path / "1.log").read_text() + (tmp_path / "2.log").read_text()


async def _check_answers(api: DiscordApi) -> None:
    """A command on each shard and one in a private chat are each answered once."""
    places: list[dict[str, Any]] = [{}, {"guild": OTHER, "channel": OTHER_CHANNEL}, {"channel": DM}]
    for where in places:
        assert len((await api.interact(2, LATEST, **where)).callbacks) == 1


def _heard(api: DiscordApi) -> set[int]:
    """The shards that get events."""
    return {shard for shard, _ in api.connected}


async def _holders(database: Database) -> dict[str, str]:
    """Who holds each group now."""
    return {one.name: one.holder for one in await Parts(database).all() if one.is_held and ":" in one.name}


def _name(process: asyncio.subprocess.Process) -> str:
    return f"{socket.gethostname()}:{process.pid}"


async def _until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(100):
        while not is_true():
            await asyncio.sleep(0.05)
