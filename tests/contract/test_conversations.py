"""Edits of messages and followed stories, on both platforms with both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import pytest

from bot.app import Bot
from bot.jobs import post_due
from tests.discord.server import DM
from tests.discord.talk import DiscordTalk, discord_talk
from tests.fakes import article
from tests.telegram.talk import TelegramTalk, telegram_talk

FIRST = "The bridge at Norby fell into the river on Monday."
BRIDGE = article("Bridge at Norby falls", FIRST, url="https://a.example/bridge")
MORE = article("Bridge at Norby falls", FIRST, "Divers found the cause on Tuesday.", url="https://a.example/bridge")
CHEESE = article("A cheese wins", "A goat cheese won the prize of the dairies.", url="https://a.example/cheese")


class Reader(Protocol):
    """A person in a private chat."""

    bot: Bot

    async def says(self, text: str) -> tuple[int, str]:
        """Writes a message. Returns the number and the text of the bot's answer."""

    async def edits(self, text: str) -> tuple[int, str]:
        """Edits the last message. Returns the number and the text of the bot's answer."""

    async def presses(self, label: str) -> str:
        """Presses a button of the last answer. Returns the text of the bot's answer."""

    def texts(self) -> Sequence[str]:
        """The texts of all messages of the bot."""


class OnTelegram:
    """A person on Telegram."""

    def __init__(self, talk: TelegramTalk) -> None:
        self.talk, self.bot = talk, talk.bot

    async def says(self, text: str) -> tuple[int, str]:
        [said] = await self.talk.says(text)
        return said.number, said.parsed.text

    async def edits(self, text: str) -> tuple[int, str]:
        [said] = await self.talk.edits(text)
        return said.number, said.parsed.text

    async def presses(self, label: str) -> str:
        last = self.talk.api.messages[-1]
        keys = [key for row in last.request["reply_markup"]["inline_keyboard"] for key in row]
        [said] = await self.talk.presses(next(key["callback_data"] for key in keys if key["text"] == label), last)
        return said.parsed.text

    def texts(self) -> Sequence[str]:
        return self.talk.api.texts()


class OnDiscord:
    """A person on Discord."""

    def __init__(self, talk: DiscordTalk) -> None:
        self.talk, self.bot = talk, talk.bot

    async def says(self, text: str) -> tuple[int, str]:
        [said] = await self.talk.says(text)
        return said.number, said.text

    async def edits(self, text: str) -> tuple[int, str]:
        [said] = await self.talk.edits(text)
        return said.number, said.text

    async def presses(self, label: str) -> str:
        last = self.talk.api.messages[-1]
        [said] = await self.talk.presses(last.buttons[label], last)
        return said.text

    def texts(self) -> Sequence[str]:
        return self.talk.api.texts(DM)


@asynccontextmanager
async def _telegram(url: str) -> AsyncIterator[Reader]:
    async with telegram_talk(CHEESE, BRIDGE, url=url) as talk:
        yield OnTelegram(talk)
        assert talk.api.refused == []


@asynccontextmanager
async def _discord(url: str) -> AsyncIterator[Reader]:
    async with discord_talk((CHEESE, BRIDGE), url=url) as talk:
        yield OnDiscord(talk)
        assert (talk.api.refused, talk.api.pings) == ([], [])


@pytest.fixture(name="reader", params=[_telegram, _discord], ids=["telegram", "discord"])
async def _reader(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Reader]:
    meeting: Callable[[str], AbstractAsyncContextManager[Reader]] = request.param
    async with meeting(database_url) as reader:
        yield reader


async def test_an_edited_message_edits_its_answer(reader: Reader) -> None:
    number, _ = await reader.says("/brief cheese")
    for title in ("Bridge at Norby falls", "A cheese wins"):
        answer, text = await reader.edits(f"/brief {title}")
        assert title in text
        assert answer == number
    assert len(reader.texts()) == 1


async def test_news_of_a_followed_story_arrives_once_until_it_is_unfollowed(reader: Reader) -> None:
    await post_due(reader.bot)
    await reader.says("/brief bridge")
    assert "I will send you what is new about this story" in await reader.presses("Follow")
    await _arrives(reader, 1)
    post = reader.texts()[-1]
    assert "Divers found the cause on Tuesday." in post
    assert "Bridge at Norby falls" in (await reader.says("/following"))[1]
    await reader.says("/brief bridge")
    assert "You do not follow this story any more." in await reader.presses("Unfollow")
    assert "You follow no stories." in (await reader.says("/following"))[1]


async def _arrives(reader: Reader, posts: int) -> None:
    """A new version of the story comes in, and the posts about it reach the chat."""
    before = len(reader.texts())
    await reader.bot.dispatcher.context.library.add(MORE, reader.bot.clock())
    for _ in range(2):  # the second time nothing is left to post
        await post_due(reader.bot)
    async with asyncio.timeout(60):
        while len(reader.texts()) < before + posts:
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    assert len(reader.texts()) == before + posts
