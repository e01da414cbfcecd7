"""Answers of Discord that cannot be read: the log has a line in words, and the bot asks again."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.chats import Destination
from bot.platforms.discord.checkup import check
from bot.platforms.discord.service import Settings
from tests.discord.server import CHANNEL, GUILD, TOKEN, running_discord
from tests.discord.talk import discord_talk
from tests.hostile import UNREADABLE

Lines = list[MutableMapping[str, Any]]
#: What is asked before the bot answers anybody, and the line that tells of its failure.
AT_START = {
    "GET /users/@me": "discord_unreachable",
    "GET /oauth2/applications/@me": "discord_unreachable",
    "GET /gateway/bot": "gateway_lost",
}


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.discord.service._FIRST_WAIT", 0.01)
    monkeypatch.setattr("bot.platforms.discord.gateway._AFTER_FAILURE", 0.01)


def instead_of(path: str, *bodies: bytes) -> dict[str, Any]:
    """The state of a server whose first answers to a request are these."""
    return {"garbled": defaultdict(deque, {path: deque(bodies)})}


def check_lines(logs: Lines, event: str) -> None:
    """There is a line of that event, in words, and nothing has a traceback."""
    assert not [line for line in logs if line.get("exc_info")]
    told = [line for line in logs if line["event"] == event]
    assert told
    assert all(len(line["error"]) < 250 and "\n" not in line["error"] for line in told)


@pytest.mark.parametrize("path", AT_START)
@pytest.mark.parametrize("name", UNREADABLE)
async def test_the_bot_asks_again(path: str, name: str) -> None:
    with capture_logs() as logs:
        async with discord_talk(api_state=instead_of(path, UNREADABLE[name])) as talk:
            assert await talk.gives("help")
    check_lines(logs, AT_START[path])


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("path", [f"/channels/{CHANNEL}", f"/guilds/{GUILD}", f"/guilds/{GUILD}/members/900"])
async def test_the_checkup_says_that_a_channel_cannot_be_looked_up(path: str, name: str) -> None:
    async with running_discord(**instead_of(f"GET {path}", *[UNREADABLE[name]] * 9)) as api:
        found = await check(Settings(TOKEN, api.url), [Destination("discord", str(CHANNEL))])
    assert [one.is_wrong for one in found][-1]
