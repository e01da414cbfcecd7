"""A person edits a message, and the bot edits its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.access import Throttle
from bot.chats import Answer, Destination, digest_of
from bot.storage.chats import EDITABLE
from tests.telegram.server import Refusal
from tests.telegram.talk import ANN, GROUP, TelegramTalk, telegram_talk

CHAT = Destination("telegram", str(ANN))


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[TelegramTalk]:
    async with telegram_talk() as talk:
        yield talk


async def test_an_edited_command_edits_its_answer(talk: TelegramTalk) -> None:
    [latest] = await talk.says("/latest")
    [answer] = await talk.says("/who 1")
    first = answer.parsed.text
    [edited] = await talk.edits("/who 2")
    assert (edited.number, edited.edits) == (answer.number, 1)
    assert edited.parsed.text != first
    assert len(talk.api.messages) == 2
    assert latest.edits == 0


async def test_an_edited_question_edits_its_answer_again_and_again(talk: TelegramTalk) -> None:
    await talk.says("/brief two drones")
    [answer] = await talk.says("who did it?")
    for text in ("when was it?", "who did it?"):
        [edited] = await talk.edits(text)
        assert edited.number == answer.number
    assert "Who is behind the attack?" in answer.parsed.text


async def test_an_edit_in_a_group_edits_the_reply(talk: TelegramTalk) -> None:
    [answer] = await talk.says("/who two drones", GROUP)
    [edited] = await talk.edits("/latest", GROUP)
    assert edited.number == answer.number
    assert edited.parsed.text.startswith("Latest stories")


async def test_an_update_without_a_new_text_changes_nothing(talk: TelegramTalk) -> None:
    await talk.says("/who two drones")
    await talk.says("/latest")
    assert await talk.edits("/latest") == []
    assert talk.api.refused == []


async def test_a_command_that_changes_something_is_not_repeated(talk: TelegramTalk) -> None:
    [answer] = await talk.says("/latest")
    [told] = await talk.edits("/subscribe 8:00")
    assert (answer.edits, told.edits) == (0, 0)
    assert "I do not carry out /subscribe again" in told.parsed.text
    assert await talk.bot.subscriptions.of(CHAT) == []


@pytest.mark.parametrize("chat", [ANN, GROUP])
async def test_what_confirms_a_change_stays(talk: TelegramTalk, chat: int) -> None:
    talk.api.members[GROUP, ANN] = "administrator"
    await talk.says("/subscribe 8:00", chat)
    [confirmed] = await talk.says("/unsubscribe", chat)
    [answer] = await talk.edits("/latest", chat)
    assert answer.number != confirmed.number
    assert (confirmed.edits, "Unsubscribed." in confirmed.parsed.text) == (0, True)
    [edited] = await talk.edits("/who two drones", chat)
    assert edited.number == answer.number


async def test_an_old_message_is_not_answered_again(talk: TelegramTalk) -> None:
    await talk.says("/latest")
    number = talk._number
    memory = talk.bot.dispatcher.context.chats
    assert await memory.answer_to(CHAT, str(number)) == Answer(("1",), digest_of("/latest"))
    long_ago = talk.bot.clock() - EDITABLE - timedelta(minutes=1)
    talk.bot.chats._clock = lambda: long_ago
    await memory.answered(CHAT, str(number), Answer(("1",), digest_of("/latest")))
    talk.bot.chats._clock = talk.bot.clock
    assert await talk.edits("/who 1", number=number) == []


async def test_only_the_last_answers_of_a_chat_are_edited(talk: TelegramTalk) -> None:
    await talk.says("/latest")
    number = talk._number
    for place in range(20):
        await talk.bot.chats.answered(CHAT, f"later {place}", Answer(("9",), ""))
    assert await talk.edits("/who 1", number=number) == []


async def test_an_answer_that_was_deleted_is_sent_anew(talk: TelegramTalk) -> None:
    [answer] = await talk.says("/latest")
    talk.api.messages.remove(answer)
    [anew] = await talk.edits("/who two drones")
    assert "Two drones over the Kremlin" in anew.parsed.text
    assert [refused for refused in talk.api.refused if "message to edit not found" not in refused] == []


async def test_what_is_left_of_a_longer_answer_is_deleted(talk: TelegramTalk) -> None:
    [answer] = await talk.says("/latest")
    number = talk._number
    [other] = await talk.says("/who two drones")
    messages = (str(answer.number), str(other.number))
    await talk.bot.chats.answered(CHAT, str(number), Answer(messages, digest_of("/latest")))
    await talk.edits("/brief two drones", number=number)
    assert [one.number for one in talk.api.messages] == [answer.number]
    assert "Two drones over the Kremlin" in answer.parsed.text


class TestRefusals:
    async def _flooded(self, talk: TelegramTalk) -> None:
        talk.bot.dispatcher._throttle = Throttle(1, timedelta(hours=1))
        await talk.says("/latest", GROUP)

    async def test_whoever_is_too_fast_in_a_group_is_told_in_private_and_once(self, talk: TelegramTalk) -> None:
        await self._flooded(talk)
        [told] = await talk.says("/latest", GROUP)
        assert told.chat == ANN
        assert "You are sending requests too fast." in told.parsed.text
        assert "reply_parameters" not in told.request
        assert await talk.says("/latest", GROUP) == []

    async def test_nothing_is_said_in_public_where_the_bot_cannot_write_in_private(self, talk: TelegramTalk) -> None:
        await self._flooded(talk)
        talk.api.closed[ANN] = Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        assert await talk.says("/latest", GROUP) == []
        assert len(talk.api.texts(GROUP)) == 1
