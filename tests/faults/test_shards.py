"""Two programs share the groups of Discord's shards. One is killed or stopped, and the other takes its group.

Triggers in the database note who takes a group, and who writes for a server of it.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.discord.server import CHANNEL, DM, GUILD, TOKEN, DiscordApi, guild, running_discord
from tests.discord.test_shards import LATEST, OTHER, OTHER_CHANNEL, mention
from tests.programs import Program, running_program
from tests.soak import SOAK_ONLY

pytestmark = SOAK_ONLY

#: Discord's own, in seconds.
_BETWEEN_STARTS = 5
#: Who takes a group after the process that held it was killed must hold it within so many seconds.
_TAKEN_WITHIN = 5
GROUPS = ("discord:0", "discord:1")
#: The servers of the two groups, each with a channel.
PLACES = {"discord:0": (GUILD, CHANNEL), "discord:1": (OTHER, OTHER_CHANNEL)}
#: Commands to each group before a process is stopped, and when it goes on. A channel has at most ten subscriptions.
_COMMANDS = 4

_AUDIT = f"""
CREATE TABLE audit (id bigserial, part text, epoch int, holder text, writer text);
CREATE FUNCTION taken() RETURNS trigger AS $$
BEGIN
    INSERT INTO audit (part, epoch, holder) VALUES (NEW.name, NEW.epoch, NEW.holder);
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER taken AFTER INSERT OR UPDATE ON part FOR EACH ROW EXECUTE FUNCTION taken();
CREATE FUNCTION written() RETURNS trigger AS $$
BEGIN
    INSERT INTO audit (part, epoch, holder, writer)
        SELECT name, epoch, holder, current_setting('application_name') FROM part
        WHERE name = CASE WHEN NEW.destination = 'discord:{OTHER_CHANNEL}' THEN 'discord:1' ELSE 'discord:0' END;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER written AFTER INSERT ON subscription FOR EACH ROW EXECUTE FUNCTION written();
"""


@dataclass(frozen=True)
class Pair:
    """Two programs over one database.

    Attributes:
        programs: The processes, by the name with which each connects to the database.
    """

    url: str
    api: DiscordApi
    programs: dict[str, Program]

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def holders(self) -> dict[str, str]:
        """The name of the program that took each group last."""
        names = {f"{socket.gethostname()}:{process.pid}": name for name, process in self.programs.items()}
        return {part: names[holder] for part, holder in self.query("SELECT name, holder FROM part") if part in GROUPS}

    def shards(self) -> list[int]:
        """The shard of each open connection."""
        return sorted(shard for shard, _ in self.api.connected)

    def check_audit(self) -> None:
        """Each group was held by one program at any moment, and nobody else wrote for its server."""
        names = {f"{socket.gethostname()}:{process.pid}": name for name, process in self.programs.items()}
        written = self.query("SELECT part, writer, holder FROM audit WHERE writer IS NOT NULL")
        assert written
        assert [row for row in written if names[row[2]] != row[1]] == []
        for part in GROUPS:
            epochs = [epoch for (epoch,) in self.query(f"SELECT epoch FROM audit WHERE part = '{part}' ORDER BY id")]
            assert epochs == sorted(epochs), f"two processes had {part} at once"
            assert set(epochs) == set(range(1, max(epochs) + 1))


@pytest.fixture(name="pair")
async def _pair(tmp_path: Path, postgres_url: str) -> AsyncIterator[Pair]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(_AUDIT.encode())
    guilds = [guild(), guild(OTHER, channels=1)]
    async with (
        running_discord(shards=2, between_starts=_BETWEEN_STARTS, guilds=guilds, is_checked=False) as api,
        AsyncExitStack() as stack,
    ):
        pair = Pair(postgres_url, api, {})
        for name in ("one", "other"):
            settings = {
                "database": f"{postgres_url}&application_name={name}",
                "access": "open",
                "console": {"enabled": False},
                "discord": {"token": TOKEN, "shards": 2, "shard_groups": 2, "base_url": api.url},
            }
            (folder := tmp_path / name).mkdir()
            (folder / "config.yaml").write_text(json.dumps(settings))
            pair.programs[name] = await stack.enter_async_context(running_program(folder, "run", log=folder / "log"))
        await _until(lambda: pair.shards() == [0, 1])
        await asyncio.sleep(_BETWEEN_STARTS)  # a process that is killed does not tell others when its sessions started
        yield pair
        assert not any("too early" in refusal for refusal in api.refused)
    for name in pair.programs:
        assert "Traceback" not in (tmp_path / name / "log").read_text()


@pytest.mark.timeout(240)
async def test_a_killed_process_loses_its_group_to_the_other(pair: Pair) -> None:
    await _check_answers(pair.api)
    assert [await _subscribe(pair.api, group, 0) for group in GROUPS] == [1, 1]
    killed = pair.holders()["discord:1"]
    pair.programs[killed].kill()
    began = time.monotonic()
    await _until(lambda: killed not in pair.holders().values())
    assert time.monotonic() - began < _TAKEN_WITHIN
    await _until(lambda: pair.shards() == [0, 1])
    print(f"\nconnected {time.monotonic() - began:.1f} s after the kill")  # noqa: T201  # for who runs it with -s
    await _check_answers(pair.api)
    assert [await _subscribe(pair.api, group, 1) for group in GROUPS] == [1, 1]
    pair.check_audit()
    assert pair.api.identified <= 4


@pytest.mark.timeout(240)
async def test_a_stopped_process_that_goes_on_answers_and_writes_nothing_for_a_group_that_it_has_lost(
    pair: Pair,
) -> None:
    """Discord sends events to both connections of a shard until it notices that one of them is dead."""
    await _check_answers(pair.api)
    stopped = pair.holders()["discord:1"]
    lost = [group for group, holder in pair.holders().items() if holder == stopped]
    started = len(pair.api.sessions)
    numbers = count(1)
    commands = asyncio.gather(*(_subscribe(pair.api, group, next(numbers)) for group in GROUPS * _COMMANDS))
    await asyncio.sleep(0.05)
    pair.programs[stopped].send_signal(signal.SIGSTOP)
    began = time.monotonic()
    await _until(lambda: stopped not in pair.holders().values())
    print(f"\nheld {time.monotonic() - began:.1f} s after the stop")  # noqa: T201  # for who runs it with -s
    await _until(lambda: len(pair.api.sessions) == started + len(lost))
    await commands

    wanted = [mention(pair.api.next(), "/latest", *PLACES[group]) for group in GROUPS]
    for one in wanted:
        await pair.api.tell("MESSAGE_CREATE", one)
    asked = asyncio.gather(*(_subscribe(pair.api, group, next(numbers)) for group in GROUPS * _COMMANDS))
    pair.programs[stopped].send_signal(signal.SIGCONT)
    assert await asked == [1] * (2 * _COMMANDS)
    await asyncio.sleep(3)  # whatever the stopped process would still say
    replies = Counter(str(one.body.get("message_reference", {}).get("message_id")) for one in pair.api.messages)
    assert [replies[one["id"]] for one in wanted] == [1, 1]
    pair.check_audit()


async def _subscribe(api: DiscordApi, group: str, number: int) -> int:
    """How often a command that writes is answered. One that was sent to a process which is stopped may get nothing."""
    server, channel = PLACES[group]
    data = {
        "id": "1",
        "name": "subscribe",
        "type": 1,
        "options": [{"name": "time", "type": 3, "value": f"8:{number:02}"}],
    }
    try:
        found = await api.interact(2, data, guild=server, channel=channel)
    except TimeoutError:
        return 0
    return len(found.callbacks)


async def _check_answers(api: DiscordApi) -> None:
    """A command on each shard and one in a private chat are each answered once."""
    places: list[dict[str, Any]] = [{}, {"guild": OTHER, "channel": OTHER_CHANNEL}, {"channel": DM}]
    for where in places:
        assert len((await api.interact(2, LATEST, **where)).callbacks) == 1


async def _until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(100):
        while not is_true():
            await asyncio.sleep(0.05)
