"""A message that Discord refuses is sent without its buttons, or the person is told that something is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chats import Destination
from bot.delivery.model import Delivery, Op, State
from bot.platforms.discord import listeners
from bot.platforms.discord.client import InvalidRequests
from bot.platforms.discord.posts import Draft
from bot.runtime.clock import clock
from bot.views.layout import Key
from tests.discord.server import BOT, CHANNEL, DM, FORUM
from tests.discord.talk import DiscordTalk, discord_talk
from tests.newsroom import sent

KREMLIN = "story:cfe89c5741b3"
PICKY = {"takes_no_buttons": True}
MISSING = "Part of my answer may not have reached you"
KEYS = ((Key("Open", "v1|brief|cfe89c5741b3||0"),),)


class TestWithoutButtons:
    @pytest.mark.parametrize("grace", [1.5, 0.0], ids=["at once", "announced"])
    async def test_a_command_is_answered(self, grace: float) -> None:
        async with discord_talk(api_state=PICKY, grace=grace) as talk:
            [said] = await talk.gives("brief", story=KREMLIN)
            assert "Two drones" in said.text
            assert said.buttons == {}
            assert len(talk.api.refused) == 1

    async def test_one_that_came_too_fast_is_repeated_and_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        counted: list[int] = []
        monkeypatch.setattr(InvalidRequests, "add", lambda _, status, *__: counted.append(status))
        async with discord_talk(api_state={"hurried": 2, "answer_within": 60}) as talk:
            assert "Latest stories" in (await talk.gives("latest"))[0].text
        assert counted.count(429) == 2

    async def test_a_press_is_answered(self) -> None:
        async with discord_talk() as talk:
            [first] = await talk.gives("brief", story=KREMLIN)
            talk.api.takes_no_buttons = True
            [said] = await talk.presses(next(iter(first.buttons.values())), first)
            assert said.buttons == {}

    @pytest.mark.parametrize("channel", [DM, CHANNEL])
    async def test_a_message_is_answered(self, channel: int) -> None:
        async with discord_talk(api_state=PICKY) as talk:
            [said] = await talk.says(f"<@{BOT['id']}> /brief two drones", channel=channel)
            assert "Two drones" in said.text
            assert said.buttons == {}

    @pytest.mark.parametrize("chat", [CHANNEL, FORUM])
    async def test_a_post_and_its_edit_are_made(self, chat: int) -> None:
        async with discord_talk(api_state=PICKY) as talk:
            post = await _posted(talk, chat, "A digest")
            assert post.state is State.SENT
            edit = await _posted(talk, chat, "A digest, corrected", Op.EDIT, post.remote_id)
            assert edit.state is State.SENT
            assert talk.api.messages[-1].text == "A digest, corrected"


class TestDeletions:
    @pytest.mark.parametrize("chat", [CHANNEL, FORUM])
    @pytest.mark.parametrize("is_gone", [False, True])
    async def test_a_post_is_deleted_and_one_that_is_gone_is_too(self, chat: int, is_gone: bool) -> None:
        async with discord_talk() as talk:
            post = await _posted(talk, chat, "A digest")
            if is_gone:
                talk.api.messages.clear()
                talk.api.threads.clear()
            deletion = await _posted(talk, chat, "withdrawn", Op.DELETE, post.remote_id)
            assert deletion.state is State.SENT
            assert talk.api.threads == []
            assert chat == FORUM or talk.api.messages == []


class TestMissing:
    async def test_who_gave_a_command_is_told(self) -> None:
        async with discord_talk(api_state={"unwanted": "Two drones"}) as talk:
            [said] = await talk.gives("brief", story=KREMLIN, private=True)
            assert MISSING in said.text
            assert not said.seen_by_all

    async def test_who_pressed_a_button_is_told(self) -> None:
        async with discord_talk() as talk:
            [first] = await talk.gives("brief", story=KREMLIN)
            talk.api.unwanted = "Two drones"
            [said] = await talk.presses(next(iter(first.buttons.values())), first)
            assert MISSING in said.text

    async def test_who_mentioned_the_bot_is_told(self) -> None:
        async with discord_talk(api_state={"unwanted": "Two drones"}) as talk:
            [said] = await talk.says(f"<@{BOT['id']}> /brief two drones", channel=CHANNEL)
            assert MISSING in said.text

    async def test_so_is_who_got_the_file_that_belongs_to_it_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def refused(*_: object) -> None:
            raise OSError("the connection broke")

        async with discord_talk() as talk:
            monkeypatch.setattr("bot.platforms.discord.replies._Answering.send_file", refused)
            said = await talk.gives("mydata")
            assert MISSING in said[-1].text

    async def test_a_mistake_of_ours_is_told_in_a_mention_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with discord_talk() as talk:

            async def broken(*_: object) -> str:
                raise ValueError("a row of a newer version")

            monkeypatch.setattr(type(talk.bot.dispatcher.context.chats), "language", broken)
            [said] = await talk.says("/latest")
            assert "Something went wrong" in said.text

    async def test_in_a_window_for_a_setting_that_is_none(self) -> None:
        async with discord_talk() as talk:
            [first] = await talk.gives("help")
            [said] = await talk.presses("write|1|no-setting", first)
            assert said.text

    async def test_in_a_list_without_a_choice(self) -> None:
        async with discord_talk() as talk:
            [first] = await talk.gives("help")
            data = {"custom_id": "pick", "component_type": 3, "values": [], "id": 1}
            found = await talk.last(3, data, channel=CHANNEL, message=first)
            assert found.callbacks


class TestBusy:
    async def test_what_comes_above_the_limit_is_declined(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with discord_talk() as talk:
            monkeypatch.setattr(listeners, "_MOST_AT_ONCE", 0)
            [said] = await talk.gives("latest")
            assert "too many requests" in said.text
            assert not said.seen_by_all
            assert await talk.is_declined(f"<@{BOT['id']}> what happened?")
            assert not await talk.is_declined(f"<@{BOT['id']}> and then?"), "once a minute is enough"


async def _posted(talk: DiscordTalk, chat: int, text: str, op: Op = Op.POST, target: str | None = None) -> Delivery:
    now, where = clock(), Destination("discord", str(chat))
    payload = Draft(text, KEYS, name="A digest").write()
    post = Delivery(0, f"{op}:{chat}", 1, where, payload, now, now + timedelta(hours=1), op, target, occasion=1)
    return await sent(talk.bot, post, now)
