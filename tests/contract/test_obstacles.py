"""Messages to people when the bot cannot post, on both platforms."""

from __future__ import annotations

import re

import pytest
from discord import Permissions
from telegram.error import BadRequest, Forbidden

from bot.answers.obstacles import obstacle_said
from bot.chats import Destination
from bot.delivery.model import Paused
from bot.i18n import LOCALES, Translator
from bot.platforms.telegram.outcomes import outcome_of
from bot.runtime.clock import clock
from bot.subscriptions.obstacles import Obstacle
from tests.discord.parser import seen
from tests.discord.server import ANN as DISCORD_ANN
from tests.discord.server import CHANNEL as DISCORD_CHANNEL
from tests.discord.server import FORUM, THREAD
from tests.discord.talk import discord_talk
from tests.telegram.server import BOT, Message
from tests.telegram.talk import ANN, CHANNEL, GROUP, telegram_talk


def buttons(message: Message) -> list[dict[str, str]]:
    return [one for row in message.request["reply_markup"]["inline_keyboard"] for one in row]


ME = int(str(BOT["id"]))
#: The platforms' own words, which say nothing to their users.
TECHNICAL = re.compile(r"Topic_closed|Missing (?:Permissions|Access)|Forbidden|Bad Request|_", re.IGNORECASE)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_is_said_with_its_remedy(obstacle: Obstacle, locale: str) -> None:
    said = Translator(locale).say(obstacle_said(obstacle))
    problem, _, remedy = said.partition(". ")
    assert problem
    assert remedy
    assert not TECHNICAL.search(said)


@pytest.mark.parametrize(
    ("error", "obstacle"),
    [
        (BadRequest("Topic_closed"), Obstacle.TOPIC_CLOSED),
        (BadRequest("Not enough rights to send text messages to the chat"), Obstacle.MESSAGES),
        (BadRequest("Message thread not found"), Obstacle.TOPIC_GONE),
        (Forbidden("Forbidden: bot was blocked by the user"), Obstacle.BLOCKED),
        (Forbidden("Forbidden: bot was kicked from the channel chat"), Obstacle.REMOVED),
        (BadRequest("Need administrator rights in the channel chat"), Obstacle.CHANNEL_POSTS),
    ],
)
def test_a_refusal_of_telegram_is_an_obstacle(error: BadRequest, obstacle: Obstacle) -> None:
    assert outcome_of(error) == Paused(obstacle)


class TestSubscribing:
    async def test_on_telegram_a_channel_says_at_once_that_the_right_is_missing(self) -> None:
        async with telegram_talk() as talk:
            [answer] = await talk.posts_in_channel("/subscribe 8:00")
            assert "Subscribed." in answer.parsed.text
            assert "allow it to post messages" in answer.parsed.text
            talk.api.members[CHANNEL, ME] = "administrator"
            [answer] = await talk.posts_in_channel("/subscribe 9:00")
            assert "cannot post" not in answer.parsed.text

    async def test_on_telegram_so_does_a_command_from_the_private_chat(self) -> None:
        async with telegram_talk() as talk:
            talk.api.members[GROUP, ANN] = "administrator"
            talk.api.members[GROUP, ME] = "left"
            [answer] = await talk.says(f"/subscribe {GROUP} 8:00")
            assert "the bot was removed from the chat. Add it again." in answer.parsed.text

    @pytest.mark.parametrize(
        ("channel", "missing", "words"),
        [
            (DISCORD_CHANNEL, "send_messages", "“Send Messages”"),
            (DISCORD_CHANNEL, "view_channel", "“View Channel”"),
            (THREAD, "send_messages_in_threads", "“Send Messages in Threads”"),
            (FORUM, "send_messages", "“Create Posts”"),
        ],
    )
    async def test_on_discord_the_missing_permission_is_named(self, channel: int, missing: str, words: str) -> None:
        rights = Permissions.all()
        rights.update(**{missing: False})
        async with discord_talk() as talk:
            [answer] = await talk.gives("subscribe", channel=channel, app_permissions=str(rights.value))
            assert "Subscribed." in answer.text
            assert words in seen(answer.text).text

    async def test_on_discord_nothing_is_said_where_nothing_is_missing(self) -> None:
        async with discord_talk() as talk:
            [answer] = await talk.gives("subscribe")
            assert "cannot post" not in answer.text


class TestNotices:
    async def test_on_telegram_who_subscribed_is_told_in_private_once(self) -> None:
        async with telegram_talk() as talk:
            talk.api.members[GROUP, ANN] = "administrator"
            await talk.says("/subscribe 8:00", chat=GROUP)
            await talk.membership(GROUP, "kicked")
            for _ in range(2):
                await talk.bot.posting.notices.run(clock())
            [notice] = await talk.bot.ledger.latest(5, Destination("telegram", str(ANN)))
            assert "Your subscription in News is paused" in (notice.payload or "")
            assert "the bot was removed from the chat" in (notice.payload or "")

    async def test_on_discord_too_with_the_channels_name(self) -> None:
        async with discord_talk() as talk:
            await talk.gives("subscribe")
            await talk.bot.subscriptions.bar(Destination("discord", str(DISCORD_CHANNEL)), Obstacle.SEND_MESSAGES)
            await talk.bot.posting.notices.run(clock())
            [notice] = await talk.bot.ledger.latest(5, Destination("discord", str(DISCORD_ANN)))
            assert "Your subscription in" in (notice.payload or "")

    async def test_who_paused_it_by_a_command_is_told_nothing(self) -> None:
        async with telegram_talk() as talk:
            talk.api.members[GROUP, ANN] = "administrator"
            await talk.says("/subscribe 8:00", chat=GROUP)
            await talk.says("/pause", chat=GROUP)
            await talk.membership(GROUP, "kicked")
            await talk.bot.posting.notices.run(clock())
            assert await talk.bot.ledger.latest(5, Destination("telegram", str(ANN))) == []


async def test_on_telegram_the_settings_of_a_channel_have_buttons_in_private() -> None:
    async with telegram_talk() as talk:
        talk.api.members[CHANNEL, ANN] = "administrator"
        await talk.says(f"/subscribe {CHANNEL} 8:00")
        [panel] = await talk.says(f"/settings {CHANNEL}")
        days = next(one for one in buttons(panel) if one["text"] == "Days")
        [choices] = await talk.presses(days["callback_data"], panel)
        weekdays = next(one for one in buttons(choices) if one["text"] == "Monday to Friday")
        [saved] = await talk.presses(weekdays["callback_data"], choices)
        assert saved.chat == ANN
        assert saved.parsed.text.startswith("In A chat:")
        [subscription] = await talk.bot.subscriptions.all()
        assert subscription.settings.schedule.days == frozenset(range(5))
        talk.api.members[CHANNEL, ANN] = "member"
        [refused] = await talk.presses(weekdays["callback_data"], saved)
        assert "Only an administrator" in refused.parsed.text
