"""Articles, versions, clocks and running bots for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from bot.access import Access, Policy, Throttle
from bot.app import Bot, build, open_database
from bot.chats import Destination
from bot.commands.context import Policies, Request
from bot.delivery.gate import Standing
from bot.delivery.model import Delivery
from bot.platforms.console.render import ConsolePosts
from bot.views.model import View
from briefings.analysis import brief
from briefings.examples import examples
from briefings.fetching.client import Client
from briefings.library import Library
from briefings.model import Article, Version, version_id
from briefings.scope import Scope
from briefings.sources import read_article
from briefings.sources.markdown import parse_markdown
from briefings.workers import InProcess
from tests.databases import new_database

CHAT = Destination("test", "chat")
OPEN = Access(Policy.OPEN)


async def yes() -> bool:
    return True


#: What a platform says of a private chat.
TRUSTED: dict[str, Any] = {"is_private": True, "may_manage": yes}
NOON = datetime(2025, 3, 14, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that only moves when a test sets it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def article(title: str, *paragraphs: str, url: str | None = None, day: date | None = None) -> Article:
    """An article of Markdown paragraphs. Those that begin with ``## `` are headings."""
    head = f"---\ntitle: {title!r}\n" + (f"url: {url}\n" if url else "") + (f"date: {day}\n" if day else "") + "---\n"
    return parse_markdown(head + "\n\n".join(paragraphs))


def version(found: Article, received: datetime = NOON) -> Version:
    """The version of an article."""
    return Version(version_id(found), brief(found), received)


@dataclass
class Talk:
    """A bot over a database, and one chat with it."""

    bot: Bot
    clock: Clock
    where: Destination = CHAT
    user: str = "test:7"

    @property
    def library(self) -> Library:
        return self.bot.dispatcher.context.library

    def elsewhere(self, chat: str, user: str = "test:8") -> Talk:
        """Another chat with the same bot."""
        return replace(self, where=Destination("test", chat), user=user)

    async def ask(self, text: str, *about: str, **more: Any) -> View:
        """The bot's answer to a text."""
        view = await self.bot.dispatcher.answer(Request(self.where, text, self.user, about=about, **(TRUSTED | more)))
        assert view is not None
        return view

    async def press(self, button: str, **more: Any) -> View:
        """The bot's answer to the data of a button."""
        view = await self.bot.dispatcher.press(Request(self.where, button, self.user, **(TRUSTED | more)))
        assert view is not None
        return view

    async def add(self, found: Article, scope: Scope = Scope()) -> Version:  # noqa: B008  # frozen
        """Adds an article at the clock's time."""
        return (await self.library.add(found, self.clock(), scope)).version


@asynccontextmanager
async def talk_over(
    *articles: Article,
    url: str | None = None,
    access: Access = OPEN,
    policies: Policies = Policies(),  # noqa: B008  # frozen
    throttle: Throttle | None = None,
    finds_claims: bool = False,
    client: Client | None = None,
) -> AsyncIterator[Talk]:
    """A bot with these articles. The first is the oldest."""
    clock = Clock()
    async with open_database(url) if url else new_database() as database:
        throttled = throttle or Throttle(1000, timedelta(minutes=1))
        renderers = {"test": ConsolePosts()}
        bot = build(
            database,
            access,
            policies,
            throttle=throttled,
            now=clock,
            renderers=renderers,
            analysts=InProcess() if finds_claims else None,
            client=client,
        )
        for age, found in enumerate(reversed(articles)):
            await bot.dispatcher.context.library.add(found, clock() - timedelta(minutes=age))
        yield Talk(bot, clock)


class OpenTalk(Protocol):
    """Opens talks that are closed when the test ends."""

    async def __call__(self, *articles: Article, **more: Any) -> Talk:
        """A talk; the arguments are those of `talk_over`."""


def bundled() -> list[Article]:
    """The example articles, in the order of their days."""
    return [read_article(raw, name) for raw, name in examples()]


class OpenGate:
    """A `bot.delivery.gate.Gate` that lets everything pass."""

    def refusal(self, delivery: Delivery, subscriber: str) -> str | None:
        del delivery, subscriber
        return None

    def allows(self, delivery: Delivery, story: Standing | None) -> bool:
        del delivery, story
        return True

    async def rebuilt(self, delivery: Delivery) -> Delivery | None:
        return delivery


async def until(is_true: Callable[..., object]) -> None:
    """Waits until something is so.

    Raises:
        TimeoutError: It is not so after a minute.
    """
    async with asyncio.timeout(60):
        while not is_true():
            await asyncio.sleep(0.01)
