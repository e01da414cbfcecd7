"""What readers see on both platforms: pictures, reports of mistakes, links, thanks, the language of their posts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.access import Access, Policy
from bot.chats import Destination
from bot.commands.context import Request
from bot.commands.table import BY_NAME
from briefings.scope import Scope
from tests.discord.server import CHANNEL, DM
from tests.discord.talk import DiscordTalk, discord_talk
from tests.fakes import OpenTalk, Talk, article
from tests.shown import said
from tests.telegram.server import Message, Refusal
from tests.telegram.talk import ANN, GROUP, TelegramTalk, telegram_talk

BRIDGE = article(
    "Bridge at Norby falls",
    "The bridge at Norby fell into the river on Monday. Nobody was hurt.",
    url="https://a.example/news/bridge",
)
CHEESE = article("A cheese wins", "A goat cheese won the prize of the dairies.", url="https://a.example/cheese")


@pytest.fixture(name="talk")
async def _talk(open_talk: OpenTalk) -> Talk:
    return await open_talk(BRIDGE, CHEESE)


@pytest.fixture(name="telegram")
async def _telegram() -> AsyncIterator[TelegramTalk]:
    async with telegram_talk(BRIDGE, CHEESE) as talk:
        yield talk


@pytest.fixture(name="discord")
async def _discord() -> AsyncIterator[DiscordTalk]:
    async with discord_talk([BRIDGE, CHEESE]) as talk:
        yield talk
        assert talk.api.refused == []


def _button(message: Message, label: str) -> str:
    rows = message.request["reply_markup"]["inline_keyboard"]
    return str(next(one["callback_data"] for row in rows for one in row if one["text"] == label))


class TestCourtesies:
    @pytest.mark.parametrize("typed", ["hi", "Hello!", "ciao", "Guten Morgen", "bonjour", "¡Hola!"])
    async def test_a_greeting_is_answered_with_the_start(self, talk: Talk, typed: str) -> None:
        assert "Nutgraf briefs the news." in said(await talk.ask(typed))

    @pytest.mark.parametrize("typed", ["thanks!", "Thank you.", "grazie mille", "danke", "d'accord", "gracias", "🙂"])
    async def test_thanks_are_answered_with_a_word(self, talk: Talk, typed: str) -> None:
        assert said(await talk.ask(typed)) == "You are welcome."


class TestLinks:
    @pytest.mark.parametrize(
        "typed", ["https://a.example/news/bridge", "https://a.example/news/bridge/?utm_source=chat#top"]
    )
    async def test_the_address_of_a_known_story_shows_it(self, talk: Talk, typed: str) -> None:
        assert "Bridge at Norby falls" in said(await talk.ask(typed))

    @pytest.mark.parametrize("typed", ["https://a.example/other", "https://[::1", "https://a.example:99999/"])
    async def test_another_address_does_not(self, talk: Talk, typed: str) -> None:
        assert "I cannot open links" in said(await talk.ask(typed))

    async def test_a_story_that_another_chat_has_sent_is_not_shown(self, talk: Talk) -> None:
        secret = article("A secret", "It is known to one chat.", url="https://a.example/secret")
        await talk.add(secret, Scope("test:other"))
        assert "I cannot open links" in said(await talk.ask("https://a.example/secret"))


async def test_help_shows_operators_their_commands_alone(talk: Talk) -> None:
    assert "/feeds" not in said(await talk.ask("/help"))
    operators = Access(Policy.OPEN, frozenset({talk.user}))
    context = replace(talk.bot.dispatcher.context, access=operators)
    view = await BY_NAME["help"].run(context, Request(talk.where, "/help", talk.user), "")
    assert "/feeds" in said(view)


async def test_a_list_of_one_story_does_not_offer_a_second(talk: Talk) -> None:
    assert "/who 2" in said(await talk.ask("/latest"))
    await talk.bot.stories.hide(1, hidden=True)
    assert "/who 2" not in said(await talk.ask("/latest"))


class TestPictures:
    async def test_on_telegram_a_story_has_a_button_for_its_picture(self, telegram: TelegramTalk) -> None:
        for command in ("/brief bridge", "/summary bridge"):
            [story] = await telegram.says(command)
            [picture] = await telegram.presses(_button(story, "Picture"), story)
            assert "photo" in picture.request
            assert story.edits == 0

    async def test_on_discord_a_press_in_a_channel_shows_it_to_one_person(self, discord: DiscordTalk) -> None:
        [story] = await discord.gives("brief", story="bridge")
        [picture] = await discord.presses(story.buttons["Picture"], story, user=8)
        assert not picture.seen_by_all
        assert [one for one in picture.components if one["type"] == 12]


class TestReports:
    async def test_on_telegram_a_report_leaves_the_story(self, telegram: TelegramTalk) -> None:
        [story] = await telegram.says("/brief bridge")
        [thanks] = await telegram.presses(_button(story, "Report a mistake"), story)
        assert "Thank you." in thanks.parsed.text
        assert story.edits == 0

    async def test_on_discord_a_report_leaves_the_story(self, discord: DiscordTalk) -> None:
        [story] = await discord.gives("brief", channel=DM, story="bridge")
        [thanks] = await discord.presses(story.buttons["Report a mistake"], story)
        assert "Thank you." in thanks.text
        assert story.edits == 0


class TestLanguageOfPosts:
    async def test_on_telegram_it_is_that_of_the_client_that_subscribed(self, telegram: TelegramTalk) -> None:
        await telegram.says("/subscribe 8:00 rome", client={"language_code": "de"})
        assert await telegram.bot.chats.language(Destination("telegram", str(ANN))) == "de"

    async def test_on_discord_too(self, discord: DiscordTalk) -> None:
        await discord.gives("subscribe", channel=DM, time="8:00", zone="rome", locale="it")
        assert await discord.bot.chats.language(Destination("discord", str(DM))) == "it"

    async def test_a_chosen_language_stays(self, telegram: TelegramTalk) -> None:
        await telegram.says("/settings language fr")
        await telegram.says("/subscribe 8:00 rome", client={"language_code": "de"})
        assert await telegram.bot.chats.language(Destination("telegram", str(ANN))) == "fr"

    async def test_a_channel_does_not_get_that_of_one_person(self, discord: DiscordTalk) -> None:
        await discord.gives("subscribe", time="8:00", zone="rome", locale="it")
        assert await discord.bot.chats.language(Destination("discord", str(CHANNEL))) is None


class TestPersonalData:
    async def test_in_a_group_on_telegram_they_come_in_private(self, telegram: TelegramTalk) -> None:
        sent = await telegram.says("/mydata", chat=GROUP)
        assert {one.chat for one in sent} == {ANN}
        assert any("document" in one.request for one in sent)

    async def test_they_never_come_where_everybody_sees_them(self, telegram: TelegramTalk) -> None:
        telegram.api.closed[ANN] = Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        assert await telegram.says("/mydata", chat=GROUP) == []
