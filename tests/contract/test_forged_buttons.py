"""Clients can forge the data of a button. Whatever they send, the bot answers in words and nothing fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from structlog.testing import capture_logs

from bot.delivery.pacing import UNLIMITED
from bot.runtime.clock import clock
from tests.discord.talk import discord_talk
from tests.fakes import article
from tests.hostile import NUMBERS, forged
from tests.telegram.talk import telegram_talk

STORY = article("A bridge collapses", "The bridge at Norby fell into the river. Nobody was hurt.")
OTHER = article("A ferry is late", "The ferry to Norby waits for the tide. It leaves at noon.")
SAYING = {"sendMessage", "editMessageText"}


def _failures(logs: Sequence[Mapping[str, object]]) -> list[object]:
    return [line for line in logs if line["log_level"] in {"error", "critical"} or line["event"] == "answer_failed"]


@pytest.mark.parametrize("is_private", [True, False])
async def test_on_telegram(is_private: bool) -> None:
    chat = 7 if is_private else -1001
    async with telegram_talk(OTHER, settings={"limits": UNLIMITED}) as talk:
        talk.api.members[chat, 7] = "administrator"
        await talk.says("/subscribe 8:00", chat=chat)
        [message, *_] = await talk.says("/latest", chat=chat)
        version = (await talk.bot.dispatcher.context.library.add(STORY, clock())).version.id
        with capture_logs() as logs:
            for payload in filter(None, forged(version)):
                before = len(talk.api.requests)
                said = await talk.presses(payload, message)
                assert {method for method, _ in talk.api.requests[before:]} & SAYING, payload
                assert not any("went wrong" in one.parsed.text for one in said), payload
        assert not _failures(logs)


async def test_on_discord() -> None:
    async with discord_talk([OTHER]) as talk:
        [message, *_] = await talk.gives("latest")
        version = (await talk.bot.dispatcher.context.library.add(STORY, clock())).version.id
        windows = [f"write|{number}|{name}" for number in NUMBERS for name in ("", "x", "time")] + ["write", "write|"]
        with capture_logs() as logs:
            for payload in forged(version):
                said = await talk.presses(payload, message)
                assert not any("went wrong" in str(one) for one in said), payload
            for window in windows:
                said = await talk.writes(window, "8:00", message)
                assert said, window
                assert not any("went wrong" in str(one) for one in said), window
        assert not _failures(logs)
