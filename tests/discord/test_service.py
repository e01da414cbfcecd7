"""The service: session starts, refused requests, secrets in logs, the setup check, memory, limits."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from bot.app import build
from bot.chats import Destination
from bot.commands.context import Policies
from bot.delivery.courier import Timing
from bot.i18n import Translator
from bot.platforms.discord.checkup import check
from bot.platforms.discord.client import Client, InvalidRequests
from bot.platforms.discord.identify import SessionStarts
from bot.platforms.discord.outcomes import outcome_of
from bot.platforms.discord.service import DiscordService, Settings
from bot.runtime.clock import clock
from bot.runtime.logging import hidden, set_up_logging
from bot.storage.database.turns import Turns
from tests.databases import new_database
from tests.discord.server import CHANNEL, FORUM, THREAD, TOKEN, DiscordApi, Refusal, guild, running_discord
from tests.discord.talk import discord_talk, logged_in
from tests.discord.test_talking import posted
from tests.fakes import NOON, OPEN, until
from tests.faults.postman import answer, before

_API = URL("https://discord.com/api/v10")
_ASKED = _API / "channels/1/messages"


@asynccontextmanager
async def service_over(api: DiscordApi, **more: Any) -> AsyncIterator[DiscordService]:
    async with new_database() as database:
        bot = build(database, OPEN, Policies())
        timing = Timing(clock, more.pop("sleep", asyncio.sleep), beat=0.05)
        service = DiscordService(
            Settings(TOKEN, api.url, **more),
            dispatcher=bot.dispatcher,
            ledger=bot.ledger,
            timing=timing,
            language="en",
            turns=Turns(database),
        )
        running = asyncio.create_task(service.run())
        try:
            yield service
        finally:
            service.stop()
            await asyncio.wait_for(running, 60)


class TestStarts:
    @pytest.mark.parametrize(
        ("remaining", "waits"),
        [
            (1000, timedelta(0)),
            (500, timedelta(0)),
            (499, timedelta(hours=24) / 499),
            (10, timedelta(hours=2.4)),
            (0, timedelta(hours=24)),
        ],
    )
    def test_what_is_left_of_them_lasts_for_the_day(self, remaining: int, waits: timedelta) -> None:
        assert SessionStarts(1, 1000, remaining, timedelta(hours=24)).wait == waits

    async def test_a_bot_that_has_none_left_waits_and_answers_nothing_wrong(self) -> None:
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            await asyncio.sleep(min(seconds, 0.05))
            if seconds == 60:
                api.starts_left = 1000

        async with running_discord(starts_left=0) as api, service_over(api, sleep=sleep):
            await until(lambda: api.identified == 1)
            assert 60 in slept


class TestRefusals:
    def test_those_of_ten_minutes_are_counted(self) -> None:
        now = [NOON]
        invalid = InvalidRequests(lambda: now[0], most=3)
        for status, scope in ((401, ""), (403, ""), (200, ""), (429, "shared"), (404, "")):
            invalid.add(status, scope, _ASKED)
        assert not invalid.are_too_many
        invalid.add(429, "user", _ASKED)
        assert invalid.are_too_many
        now[0] += timedelta(minutes=11)
        assert not invalid.are_too_many

    @pytest.mark.parametrize(
        ("url", "is_refused"),
        [(_ASKED, True), (_API / "interactions/1/x/callback", False), (_API / "webhooks/1/x/messages/2", False)],
    )
    def test_only_a_request_with_the_bots_token_says_that_it_is_refused(self, url: URL, is_refused: bool) -> None:
        invalid = InvalidRequests(lambda: NOON)
        invalid.add(401, "", url)
        assert invalid.is_token_refused is is_refused

    async def test_too_many_stop_the_platform_long_before_discord_does(self) -> None:
        async with discord_talk(most_refused=3) as talk:
            for channel in (5, 6, 7):
                talk.api.closed[channel] = Refusal(403, 50001, "Missing Access")
                await posted(talk, Destination("discord", str(channel)))
            await until(lambda: talk.service.stopped_because is not None)
            assert "refused too many requests" in (talk.service.stopped_because or "")

    async def test_a_token_that_discord_does_not_know_stops_it(self) -> None:
        async with running_discord(is_revoked=True) as api, service_over(api) as service:
            await until(lambda: service.stopped_because is not None)
            assert service.stopped_because == "Discord rejects the bot's token"

    async def test_one_that_is_revoked_while_it_runs_does_too(self) -> None:
        async with discord_talk() as talk:
            talk.api.is_revoked = True
            posting = asyncio.create_task(posted(talk, Destination("discord", str(CHANNEL))))
            await until(lambda: talk.service.stopped_because is not None)
            posting.cancel()
            assert talk.service.stopped_because == "Discord rejects the bot's token"

    async def test_a_single_refusal_of_the_token_is_not_believed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.runtime.restarts._FIRST", 0.05)
        async with discord_talk() as talk:
            talk.api.refusals = 1
            await posted(talk, Destination("discord", str(CHANNEL)))
            assert talk.api.refusals == 0
            assert talk.service.stopped_because is None

    async def test_an_invalid_session_is_begun_anew_at_the_same_gateway(self) -> None:
        async with discord_talk() as talk:
            await talk.api.invalidate_sessions()
            await until(lambda: talk.api.identified == 2)
            await asyncio.sleep(0.2)
            assert await talk.gives("latest")

    async def test_so_does_one_that_the_gateway_does_not_know_any_more(self) -> None:
        async with discord_talk() as talk:
            talk.api.is_revoked = True
            await talk.api.hang_up(4004)
            await until(lambda: talk.service.stopped_because is not None)
            assert talk.service.stopped_because == "Discord rejects the bot's token"

    async def test_a_gateway_that_is_closed_for_good_is_begun_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.runtime.restarts._FIRST", 0.05)
        async with discord_talk() as talk:
            await talk.api.hang_up(4011)
            await until(lambda: talk.api.identified == 2)
            await asyncio.sleep(0.2)
            assert await talk.gives("latest")

    async def test_commands_that_are_not_taken_at_first_are_told_again(self) -> None:
        async with running_discord(takes_no_commands=1) as api, service_over(api):
            await until(lambda: bool(api.commands.get(0)))

    async def test_discord_that_is_away_is_waited_for(self) -> None:
        async with running_discord() as api:
            url, api.url = api.url, "http://127.0.0.1:1/api"
            async with service_over(api) as service:
                await asyncio.sleep(0.3)
                assert service.stopped_because is None
            api.url = url


class TestSecrets:
    INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTA6c2VjcmV0"

    def test_a_token_is_hidden_wherever_it_stands(self) -> None:
        for line in (
            f"Authorization: Bot {TOKEN}",
            f"POST https://discord.com/api/v10/interactions/123456/{self.INTERACTION}/callback",
            f"PATCH https://discord.com/api/v10/webhooks/123456/{self.INTERACTION}/messages/@original",
            f"received {{'type': 2, 'token': '{self.INTERACTION}'}}",
            json.dumps({"token": self.INTERACTION}),
        ):
            assert TOKEN not in hidden(line, [])
            assert self.INTERACTION not in hidden(line, [])

    async def test_debug_logs_hold_no_token(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stream = StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        root = logging.getLogger()
        before = (root.handlers, root.level)
        try:
            set_up_logging("debug", as_json=False, secrets=[TOKEN])
            logging.getLogger("discord").setLevel(logging.DEBUG)
            async with discord_talk(api_state={"hurried": 1}) as talk:  # discord.py repeats the answer, and logs that
                found = await talk.api.interact(2, {"id": "1", "name": "latest", "type": 1, "options": []})
            assert TOKEN not in repr(talk.service._settings)
        finally:
            root.handlers, root.level = before
            logging.getLogger("discord").setLevel(logging.WARNING)
        assert "interactions" in stream.getvalue()
        assert TOKEN not in stream.getvalue()
        assert found.token not in stream.getvalue()


class TestCheck:
    async def said(self, api: DiscordApi, *where: Destination) -> list[str]:
        findings = await check(Settings(TOKEN, api.url), where)
        say = Translator("en").say
        return [f"{'!' if one.is_wrong else ''}{say(one.said)}" for one in findings]

    async def test_it_says_who_the_bot_is_and_how_it_is_added(self) -> None:
        async with running_discord() as api:
            said = await self.said(api)
            assert "nutgraf" in said[0]
            [link] = [line for line in said if "oauth2" in line]
            assert "scope=bot+applications.commands" in link
            assert "permissions=274878041088" in link or "permissions=" in link
            assert not [line for line in said if line.startswith("!")]

    async def test_commands_that_are_told_are_up_to_date(self) -> None:
        async with discord_talk() as talk:
            state = {"commands": talk.api.commands}
        async with running_discord(**state) as api:
            assert "The commands are up to date." in await self.said(api)

    async def test_a_channel_that_discord_does_not_name_has_its_known_title(self) -> None:
        gone = Destination("discord", "123456")
        async with running_discord() as api:
            api.garbled["GET /channels/123456"].append(b"[]")
            findings = await check(Settings(TOKEN, api.url), [gone], {gone: "#news (A server)"})
        said = Translator("en").say(findings[-1].said)
        assert said.startswith("#news (A server) (discord:123456): the answer could not be read")

    async def test_rights_are_asked_for_each_channel(self) -> None:
        places = [Destination("discord", str(CHANNEL)), Destination("discord", str(FORUM))]
        places.append(Destination("discord", str(CHANNEL), str(THREAD)))
        async with running_discord() as api:
            assert sum("the bot may post." in line for line in await self.said(api, *places)) == 3
            for one in api.guilds:
                one["roles"][0]["permissions"] = "0"
            wrong = [line for line in await self.said(api, *places) if line.startswith("!")]
            assert len(wrong) == 3
            assert all("open Permissions and allow the bot" in line for line in wrong)
            api.closed[CHANNEL] = Refusal(403, 50001, "Missing Access")
            assert any("“View Channel”" in line for line in await self.said(api, places[0]))

    async def test_a_token_that_is_none_is_said_to_be_none(self) -> None:
        async with running_discord(is_revoked=True) as api:
            [said] = await self.said(api)
            assert said.startswith("!Discord rejects the token.")

    async def test_so_is_a_network_that_is_away(self) -> None:
        async with running_discord() as api:
            api.url = "http://127.0.0.1:1/api"
            [said] = await self.said(api)
            assert said.startswith("!Discord cannot be reached: no connection")


class TestLimits:
    async def test_a_cloudflare_ban_waits_for_minutes_and_for_everybody(self) -> None:
        async with running_discord() as api, logged_in(api) as client:
            api.faults.append(before(answer(429, "banned")))
            with pytest.raises(Exception, match="429") as caught:
                await client.get_partial_messageable(CHANNEL).send("x")
            outcome: Any = outcome_of(caught.value)
            assert (outcome.after, outcome.everywhere) == (timedelta(minutes=10), True)


def test_the_memory_of_a_thousand_servers_is_small(tmp_path: Path) -> None:
    """Each with fifty channels, in a process of its own: what `guilds` costs without members, messages or presences."""
    program = tmp_path / "memory.py"
    program.write_text(
        "import asyncio\nfrom tests.discord.test_service import memory_of\nprint(asyncio.run(memory_of(1000, 50)))\n"
    )
    root = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": root}
    ran = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, str(program)], env=environment, capture_output=True, text=True, check=True
    )
    assert 1 < float(ran.stdout.split()[-1]) < 200


async def memory_of(servers: int, channels: int) -> float:
    """How many megabytes a client takes that knows so many servers."""
    import tracemalloc

    told = [guild(200_000 + number, channels) for number in range(servers)]
    client = Client(InvalidRequests(lambda: datetime.now(UTC)))  # noqa: TID251  # nothing is counted
    await client._async_setup_hook()
    tracemalloc.start()
    for one in told:
        client._connection._add_guild_from_data(one)  # type: ignore[arg-type]  # as the gateway tells it
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(client.guilds) == servers
    return used / 1e6
