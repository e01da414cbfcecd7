"""Thumbs up and down under the bot's messages in a private chat."""

from __future__ import annotations

from typing import Any

import pytest
from telegram.constants import ReactionEmoji as Emoji

from bot.chats import Destination
from bot.subscriptions.tastes import TasteKind, Trait
from tests.telegram.server import Message
from tests.telegram.talk import ANN, GROUP, TelegramTalk, chat_of, person, telegram_talk

UP, DOWN, HEART = ({"type": "emoji", "emoji": one} for one in (Emoji.THUMBS_UP, Emoji.THUMBS_DOWN, Emoji.RED_HEART))


async def _react(talk: TelegramTalk, message: Message, old: list[Any], new: list[Any], chat: int = ANN) -> None:
    update = {
        "chat": chat_of(chat),
        "message_id": message.number,
        "user": person(ANN),
        "date": 1_700_000_000,
        "old_reaction": old,
        "new_reaction": new,
    }
    assert await talk._answered(lambda: talk.api.say(message_reaction=update)) == []


@pytest.mark.parametrize(
    ("old", "new", "score"),
    [([], [UP], 1), ([], [DOWN], -1), ([UP], [DOWN], -2), ([], [HEART], 0), ([], [HEART, UP], 1)],
)
async def test_a_thumb_changes_the_score(old: list[Any], new: list[Any], score: int) -> None:
    async with telegram_talk() as talk:
        [answer] = await talk.says("/brief two drones")
        await _react(talk, answer, old, new)
        store = talk.bot.dispatcher.context.tastes
        assert store is not None
        tastes = await store.tastes(Destination("telegram", str(ANN)))
        assert tastes.get(Trait(TasteKind.WORD, "drones"), 0) == score
        assert talk.api.refused == []


async def test_reactions_in_a_group_count_for_nobody() -> None:
    async with telegram_talk() as talk:
        [answer] = await talk.says("/brief two drones", GROUP)
        await _react(talk, answer, [], [UP], GROUP)
        store = talk.bot.dispatcher.context.tastes
        assert store is not None
        for chat in (ANN, GROUP):
            assert await store.tastes(Destination("telegram", str(chat))) == {}
