"""Subscriptions of other channels on Discord: each answer names the channel and changes that one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.chats import Destination
from bot.delivery.model import State
from briefings.model import SectionKind
from briefings.scope import Scope
from tests.discord.server import ANNOUNCEMENTS, CHANNEL, DM, FORUM, THREAD, Posted
from tests.discord.talk import DiscordTalk, discord_talk
from tests.discord.test_features import FIRE, NEWS
from tests.fakes import article, until

_SECRET = article("A secret game", "Somebody sent this text in private, and nobody else may read of it at all.")


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[DiscordTalk]:
    async with discord_talk(NEWS) as talk:
        yield talk
        assert talk.api.refused == []


async def _card(talk: DiscordTalk, channel: int = DM) -> Posted:
    """The card of the first subscription, opened in a channel."""
    [told] = await talk.gives("subscriptions", channel=channel)
    [card] = await talk.presses(next(iter(told.buttons.values())), told)
    return card


class TestOtherChannels:
    async def test_each_answer_in_the_private_chat_names_the_channel(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe", time="8:00")
        card = await _card(talk)
        for label in ("Pause", "Resume", "Pause", "Resume"):  # the card stays
            [card] = await talk.presses(card.buttons[label], card)
            assert "#news (A server)" in card.text.replace("\\", "")
        [kept] = await talk.bot.subscriptions.all()
        assert kept.paused is None

    async def test_an_unclear_zone_subscribes_the_channel_that_was_named(self, talk: DiscordTalk) -> None:
        given = {"id": "1", "name": "subscribe", "type": 1}
        given["options"] = [
            {"name": "zone", "type": 3, "value": "georgia"},
            {"name": "channel", "type": 7, "value": str(THREAD)},
        ]
        given["resolved"] = {"channels": {str(THREAD): _thread()}}
        [asked] = await talk._heard(2, given, channel=CHANNEL)
        await talk.presses(asked.buttons["Asia/Tbilisi"], asked)
        [kept] = await talk.bot.subscriptions.all()
        assert kept.destination == Destination("discord", str(CHANNEL), str(THREAD))
        assert kept.settings.schedule.zone == "Asia/Tbilisi"

    async def test_a_thread_has_a_name_of_its_own(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe", channel=CHANNEL)
        await talk.gives("subscribe", channel=THREAD)
        [told] = await talk.gives("subscriptions", channel=DM)
        assert [label.partition(" (")[0] for label in told.buttons] == ["1. #news", "2. #a thread"]

    async def test_the_numbers_below_a_test_post_are_known(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        card = await _card(talk)
        await talk.presses(card.buttons["Send a test now"], card)
        for _ in range(200):
            [post] = await talk.bot.ledger.latest(9)
            if post.state is State.SENT:
                break
            await asyncio.sleep(0.02)
        [said] = await talk.gives("who", story="2")
        assert "Bridge at Norby falls" in said.text

    async def test_the_settings_of_another_channel_without_a_subscription_are_its_own(self, talk: DiscordTalk) -> None:
        [panel] = await talk.gives("settings", channel=THREAD)
        [choices] = await talk.presses(panel.buttons["Language"], panel)
        await talk.chooses(choices.choices["Deutsch"], choices)
        chats = talk.bot.dispatcher.context.chats
        assert await chats.language(Destination("discord", str(CHANNEL))) is None
        assert await chats.language(Destination("discord", str(CHANNEL), str(THREAD))) == "de"

    async def test_a_test_post_in_a_forum_has_the_title_of_a_post(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe", channel=FORUM)
        card = await _card(talk)
        await talk.presses(card.buttons["Send a test now"], card)
        await until(lambda: talk.api.threads != [])
        assert talk.api.threads[0]["name"].endswith("Port of Sund closes")


def _thread() -> dict[str, object]:
    rights = str((1 << 53) - 1)
    return {"id": str(THREAD), "type": 11, "parent_id": str(CHANNEL), "name": "a thread", "permissions": rights}


class TestForms:
    async def test_times_and_sections_are_suggested(self, talk: DiscordTalk) -> None:
        times = await talk.is_offered("subscribe", "time", "7")
        assert [one["value"] for one in times] == ["07:00"]
        parts = await talk.is_offered("subscribe", "parts", "who, why")
        assert [(one["name"], one["value"]) for one in parts] == [("who, Why", "who, why")]
        await talk.gives("subscribe", parts=parts[0]["value"])
        [kept] = await talk.bot.subscriptions.all()
        assert kept.settings.sections == (SectionKind.WHO, SectionKind.WHY)

    async def test_tags_days_and_words_are_suggested(self, talk: DiscordTalk) -> None:
        library = talk.bot.dispatcher.context.library
        await library.add(FIRE, talk.bot.clock(), Scope(tags=frozenset({"politics", "local news"})))
        await library.add(_SECRET, talk.bot.clock(), Scope(owner="discord:elsewhere", tags=frozenset({"poker"})))

        async def offered(option: str, typed: str) -> list[str]:
            return [one["value"] for one in await talk.is_offered("subscribe", option, typed)]

        assert await offered("tags", "") == ["local news", "politics"]
        assert await offered("tags", "local news, po") == ["local news, politics"]
        assert await offered("with", "bri") == ["Bridge"]
        assert await offered("days", "mon, thu") == ["mon, thu"]
        await talk.gives("subscribe")
        languages = await talk.is_offered("settings", "value", "ger", setting="language")
        assert [one["value"] for one in languages] == ["de"]
        [said] = await talk.gives("subscribe", tags="#politics, #poker")
        assert "No recent story has the tag: poker." in said.text
        assert "Tags in use: local news, politics" in said.text
        [panel] = await talk.presses(said.buttons["Change"], said)
        [choices] = await talk.chooses(panel.choices["Tags"], panel)
        assert set(choices.choices) == {"politics", "poker", "local news"}

    async def test_no_answer_shows_a_command_that_cannot_be_typed_there(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("subscribe", channel=ANNOUNCEMENTS)
        [again] = await talk.gives("subscribe", channel=ANNOUNCEMENTS)
        [panel] = await talk.presses(said.buttons["Change"], said)
        [choices] = await talk.chooses(panel.choices["Quiet hours"], panel)
        assert "7:30" not in panel.text
        assert "22:00-7:00" not in choices.text
        assert "18:00" not in again.text

    async def test_a_modal_shows_an_example_and_is_empty_where_nothing_is_set(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("subscribe")
        [panel] = await talk.presses(said.buttons["Change"], said)
        [choices] = await talk.chooses(panel.choices["Include"], panel)
        data = {"custom_id": choices.buttons["Write a value…"], "component_type": 2, "id": 1}
        found = await talk.api.interact(3, data, message=choices)
        [label] = found.callbacks[0]["data"]["components"]
        assert label["description"] == "For example: bridge, river"
        assert label["component"].get("value") is None


async def test_what_only_the_manager_sees_is_in_the_language_of_their_client(talk: DiscordTalk) -> None:
    await talk.gives("subscribe")
    await talk.gives("settings", setting="language", value="english")
    [private] = await talk.gives("settings", locale="es-ES")
    assert private.text.startswith("### Ajustes")
    assert "Idioma: English" in private.text
    [public] = await talk.gives("help", locale="es-ES")
    assert public.text.startswith("### Commands")
