"""A person edits a message, and the bot edits its answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.access import Access, Policy
from bot.chats import Answer, Destination, digest_of
from bot.storage.chats import EDITABLE
from tests.discord.server import BOT, CHANNEL, DM
from tests.discord.talk import DiscordTalk, discord_talk
from tests.fakes import until

CHAT = Destination("discord", str(DM))
MENTION = f"<@{BOT['id']}>"


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[DiscordTalk]:
    async with discord_talk() as talk:
        yield talk
        assert talk.api.pings == []


async def test_an_edit_in_a_private_chat_edits_the_answer_again_and_again(talk: DiscordTalk) -> None:
    [answer] = await talk.says("/latest")
    for edits, text in enumerate(("/who two drones", "/latest", "/who two drones"), start=1):
        [edited] = await talk.edits(text)
        assert (edited.number, edited.edits) == (answer.number, edits)
    assert "Two drones over the Kremlin" in answer.text
    assert len(talk.api.messages) == 1


async def test_an_edit_in_a_channel_edits_the_reply(talk: DiscordTalk) -> None:
    [answer] = await talk.says(f"{MENTION} /who two drones", CHANNEL)
    [edited] = await talk.edits(f"{MENTION} /latest", talk.said)
    assert edited.number == answer.number
    assert "Latest stories" in edited.text


async def test_a_preview_that_discord_adds_changes_nothing(talk: DiscordTalk) -> None:
    await talk.says("/latest")
    assert await talk.gets_a_preview() == []


async def test_an_edit_that_takes_the_mention_away_changes_nothing(talk: DiscordTalk) -> None:
    await talk.says(f"{MENTION} /latest", CHANNEL)
    talk.said |= {"mentions": []}
    assert await talk.edits("/who two drones") == []


async def test_messages_that_were_not_answered_are_not_answered_when_they_are_edited(talk: DiscordTalk) -> None:
    await talk.says("/latest", author=BOT)
    assert await talk.edits("/who two drones") == []
    assert talk.api.messages == []


async def test_messages_of_bots_are_ignored_even_if_they_were_answered(talk: DiscordTalk) -> None:
    await talk.says("/latest")
    talk.said |= {"author": BOT}
    assert await talk.edits("/who two drones") == []


async def test_a_stranger_is_refused_after_an_edit_too() -> None:
    async with discord_talk(access=Access(Policy.CLOSED)) as talk:
        [refusal] = await talk.says("/latest")
        [edited] = await talk.edits("/who two drones")
        assert edited.number == refusal.number
        assert "This bot is private" in edited.text


async def test_edits_count_as_requests() -> None:
    async with discord_talk(throttle=1) as talk:
        [answer] = await talk.says("/latest")
        [told] = await talk.edits("/who two drones")
        assert "too fast" in told.text
        assert answer.edits == 0


async def test_a_command_that_changes_something_is_not_repeated(talk: DiscordTalk) -> None:
    [answer] = await talk.says("/latest")
    [told] = await talk.edits("/subscribe 8:00")
    assert (answer.edits, told.edits) == (0, 0)
    assert "I do not carry out /subscribe again" in told.text
    assert await talk.bot.subscriptions.of(CHAT) == []


async def test_what_confirms_a_change_stays(talk: DiscordTalk) -> None:
    await talk.says("/subscribe 8:00")
    [confirmed] = await talk.says("/unsubscribe")
    [answer] = await talk.edits("/latest")
    assert answer.number != confirmed.number
    assert (confirmed.edits, "Unsubscribed." in confirmed.text) == (0, True)
    [edited] = await talk.edits("/who two drones")
    assert edited.number == answer.number


async def test_an_answer_older_than_an_hour_is_not_edited(talk: DiscordTalk) -> None:
    [answer] = await talk.says("/latest")
    await _remembered(talk)
    long_ago = talk.bot.clock() - EDITABLE - timedelta(minutes=1)
    talk.bot.chats._clock = lambda: long_ago
    await talk.bot.chats.answered(CHAT, talk.said["id"], Answer((str(answer.number),), digest_of("/latest")))
    talk.bot.chats._clock = talk.bot.clock
    assert await talk.edits("/who two drones") == []


async def test_only_the_last_answers_of_a_chat_are_edited(talk: DiscordTalk) -> None:
    await talk.says("/latest")
    await _remembered(talk)
    for place in range(20):
        await talk.bot.chats.answered(CHAT, f"later {place}", Answer(("9",), ""))
    assert await talk.edits("/who two drones") == []


async def test_an_answer_that_was_deleted_is_quietly_sent_anew_each_time(talk: DiscordTalk) -> None:
    [answer] = await talk.says("/latest")
    with capture_logs() as logs:
        for text in ("/brief two drones", "/who two drones"):
            talk.api.messages.remove(answer)
            [answer] = await talk.edits(text)
    assert "Who is behind the attack?" in answer.text
    assert str(answer.body["message_reference"]["message_id"]) == talk.said["id"]
    assert [one for one in logs if one["log_level"] in {"warning", "error"}] == []
    assert all("Unknown Message" in refused for refused in talk.api.refused)


async def test_what_is_left_of_a_longer_answer_is_deleted(talk: DiscordTalk) -> None:
    [other] = await talk.says("/who two drones")
    [answer] = await talk.says("/latest")
    messages = (str(answer.number), str(other.number), "12345")  # somebody has deleted the last one
    await _remembered(talk)
    await talk.bot.chats.answered(CHAT, talk.said["id"], Answer(messages, digest_of("/latest")))
    await talk.edits("/brief two drones")
    await asyncio.sleep(0.2)
    assert [one.number for one in talk.api.messages] == [answer.number]
    assert "Two drones over the Kremlin" in answer.text
    assert all("Unknown Message" in refused for refused in talk.api.refused)


async def test_an_answer_gets_its_picture_and_loses_it(talk: DiscordTalk) -> None:
    [answer] = await talk.says("/latest")
    [edited] = await talk.edits("/card two drones")
    assert edited.number == answer.number
    assert len(edited.body["attachments"]) == 1
    await talk.edits("/latest")
    assert edited.body["attachments"] == []
    assert talk.api.refused == []


async def test_an_edit_that_discord_refuses_is_told(talk: DiscordTalk) -> None:
    [answer] = await talk.says("/latest")
    talk.api.unwanted = "Two drones"
    [told] = await talk.edits("/who two drones")
    assert "may not have reached you" in told.text
    assert answer.edits == 0


async def test_an_edit_waits_until_the_message_is_answered(talk: DiscordTalk) -> None:
    talk.api.delay = 0.3
    saying = asyncio.create_task(talk.says("/latest"))
    await asyncio.sleep(0.1)
    await talk.edits("/who two drones")
    [answer] = await saying
    await until(lambda: "Two drones over the Kremlin" in answer.text)
    assert len(talk.api.messages) == 1


async def _remembered(talk: DiscordTalk) -> None:
    """Waits until the bot has stored the answer to the last message."""
    async with asyncio.timeout(60):
        while await talk.bot.chats.answer_to(CHAT, talk.said["id"]) is None:
            await asyncio.sleep(0.02)
