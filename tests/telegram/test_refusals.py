"""A message that Telegram refuses is sent without its buttons, or the person is told that something is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.chats import Destination
from bot.delivery.model import Delivery, Op, State
from bot.platforms.telegram.client import Client
from bot.platforms.telegram.posts import Draft
from bot.views.layout import Key
from tests.newsroom import sent
from tests.telegram.talk import ANN, CHANNEL, GROUP, TelegramTalk, telegram_talk

MISSING = "Part of my answer may not have reached you"
KEYS = ((Key("Open", "v1|brief|cfe89c5741b3||0"),),)


class TestWithoutButtons:
    @pytest.mark.parametrize("chat", [ANN, GROUP])
    async def test_a_command_is_answered(self, chat: int) -> None:
        async with telegram_talk(api_state={"takes_no_buttons": True}) as talk:
            [said] = await talk.says("/brief two drones", chat=chat)
            assert "Two drones" in said.parsed.text
            assert not said.request.get("reply_markup")

    async def test_a_press_is_answered(self) -> None:
        async with telegram_talk() as talk:
            [first] = await talk.says("/brief two drones")
            button = first.request["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
            talk.api.takes_no_buttons = True
            [said] = await talk.presses(button, first)
            assert (said.number, said.edits) == (first.number, 1)

    async def test_a_post_and_its_edit_are_made(self) -> None:
        async with telegram_talk(api_state={"takes_no_buttons": True}) as talk:
            post = await _posted(talk, "A digest")
            assert post.state is State.SENT
            edit = await _posted(talk, "A digest, corrected", Op.EDIT, post.remote_id)
            assert edit.state is State.SENT
            assert talk.api.texts(CHANNEL) == ["A digest, corrected"]


class TestDeletions:
    @pytest.mark.parametrize("is_gone", [False, True])
    async def test_a_post_is_deleted_and_one_that_is_gone_is_too(self, is_gone: bool) -> None:
        async with telegram_talk() as talk:
            post = await _posted(talk, "A digest")
            if is_gone:
                talk.api.messages.clear()
            deletion = await _posted(talk, "withdrawn", Op.DELETE, post.remote_id)
            assert (deletion.state, talk.api.messages) == (State.SENT, [])

    async def test_one_that_is_too_old_to_be_deleted_says_that_it_was_withdrawn(self) -> None:
        async with telegram_talk() as talk:
            post = await _posted(talk, "A digest")
            talk.api.too_old.add(int(post.remote_id or 0))
            deletion = await _posted(talk, "withdrawn", Op.DELETE, post.remote_id)
            assert (deletion.state, talk.api.texts(CHANNEL)) == (State.SENT, ["withdrawn"])


class TestMissing:
    @pytest.mark.parametrize("chat", [ANN, GROUP])
    async def test_who_gave_a_command_is_told(self, chat: int) -> None:
        async with telegram_talk(api_state={"unwanted": "Two drones"}) as talk:
            [said] = await talk.says("/brief two drones", chat=chat)
            assert MISSING in said.parsed.text

    async def test_who_pressed_a_button_is_told(self) -> None:
        async with telegram_talk() as talk:
            [first] = await talk.says("/brief two drones")
            button = first.request["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
            talk.api.unwanted = "drones"
            [said] = await talk.presses(button, first)
            assert MISSING in said.parsed.text

    async def test_so_is_who_got_the_file_that_belongs_to_it_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def refused(*_: Any, **__: Any) -> None:
            raise NetworkError("the connection broke")

        async with telegram_talk() as talk:
            monkeypatch.setattr(Client, "say_file", refused)
            said = await talk.says("/mydata")
            assert MISSING in said[-1].parsed.text


async def _posted(talk: TelegramTalk, text: str, op: Op = Op.POST, target: str | None = None) -> Delivery:
    now, where = talk.bot.clock(), Destination("telegram", str(CHANNEL))
    payload = Draft(text, text, KEYS).write()
    post = Delivery(0, f"{op}", 1, where, payload, now, now + timedelta(hours=1), op, target, occasion=1)
    return await sent(talk.bot, post, now)
