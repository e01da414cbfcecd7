"""A bot with a clock of its own, which posts to a platform that the test plays."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.access import Access, Policy
from bot.app import Bot, build
from bot.chats import Destination
from bot.commands.context import Policies, Request
from bot.delivery.model import Delivery, Outcome, Sent, State
from bot.delivery.retry import RetryPolicy, settle
from bot.i18n import Translator
from bot.jobs import post_due
from bot.platforms.console.render import ConsolePosts
from bot.storage.database.engine import Database
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import EVERY_DAY, Quiet, QuietDays, Schedule, Settings, Subscription
from bot.views.model import View
from briefings.model import Article
from briefings.scope import Scope
from tests.fakes import NOON, TRUSTED, Clock, article
from tests.shown import said

CHAT, OTHER = Destination("test", "1"), Destination("test", "2")
BRIDGE = article(
    "Bridge in Norby collapses",
    "The bridge fell.",
    "## Who is responsible?",
    "The mayor blames a ship.",
    url="https://a.example/1",
)
MORE = article(
    "Bridge in Norby collapses",
    "The bridge fell.",
    "## Who is responsible?",
    "The mayor blames a ship.",
    "Two people were hurt in the fall.",
    url="https://a.example/1",
)
CHEESE = article("A cheese wins", "A goat cheese won the prize of the dairies.", url="https://a.example/2")
HOUR = timedelta(hours=1)
PATIENT = RetryPolicy()


class OneStory(ConsolePosts):
    """A platform on which no message holds more than two stories."""

    def fits(self, view: View, translator: Translator) -> bool:
        del translator
        return len(view.about) <= 2


class Newsroom:
    """A bot with a clock, which posts to the platform ``test``."""

    def __init__(self, database: Database, access: Access = Access(Policy.OPEN)) -> None:  # noqa: B008  # frozen
        self.clock = Clock(NOON.replace(hour=6))
        self.bot: Bot = build(database, access, Policies(), now=self.clock, renderers={"test": OneStory()})
        self.epoch = 0

    async def subscribe(self, where: Destination = CHAT, *hours: int, **settings: object) -> Subscription:
        """Subscribes a chat in UTC, at eight unless told otherwise."""
        quiet = settings.pop("quiet", None)
        assert quiet is None or isinstance(quiet, Quiet)
        schedule = Schedule(tuple(time(hour) for hour in hours or (8,)), EVERY_DAY, "UTC", quiet)
        now = self.clock()
        wanted = replace(Settings(schedule, quiet_days=QuietDays.SAY), **settings)  # type: ignore[arg-type]  # by their names
        kept = await self.bot.subscriptions.add(scheduled(Subscription(0, where, "", wanted, now, since=now)), 9)
        assert kept is not None
        return kept

    async def add(self, found: Article, scope: Scope = Scope()) -> None:  # noqa: B008  # frozen
        self.clock.now += timedelta(seconds=1)
        await self.bot.dispatcher.context.library.add(found, self.clock(), scope)

    async def at(self, hour: int, day: int = 14, minute: int = 0) -> list[Delivery]:
        """Lets it become an hour, ticks, and returns what waits to be sent."""
        self.clock.now = datetime(2025, 3, day, hour, minute, tzinfo=NOON.tzinfo)
        await post_due(self.bot)
        return [one for one in reversed(await self.bot.ledger.latest(99)) if one.state is State.PENDING]

    async def send(
        self, outcome: Outcome | None = None, most: int = 99, policy: RetryPolicy = PATIENT
    ) -> list[Delivery]:  # frozen
        """Sends what may go, one message for each chat, and returns it."""
        if not self.epoch:
            self.epoch = await self.bot.ledger.recover("test", self.clock(), policy.resend_within)
        due = await self.bot.ledger.due("test", self.clock(), most, frozenset())
        begun = await self.bot.ledger.begin(due, self.clock(), self.epoch, policy.resend_within)
        settled = [settle(one, outcome or Sent(f"m{one.id}"), self.clock(), 0, policy) for one in begun]
        await self.bot.ledger.settle(settled, self.epoch)
        return begun

    async def ask(self, text: str) -> str:
        """Returns what the bot answers to somebody who may change the subscriptions of the chat."""
        view = await self.bot.dispatcher.answer(Request(CHAT, text, "test:7", **TRUSTED))
        assert view is not None
        return said(view)

    async def post(self, number: int) -> Delivery:
        """Returns a post as it is in the ledger now."""
        found = await self.bot.ledger.get(number)
        assert found is not None
        return found

    async def states(self) -> list[State]:
        return [one.state for one in reversed(await self.bot.ledger.latest(99))]


async def sent(bot: Bot, post: Delivery, now: datetime) -> Delivery:
    """Puts a post into the ledger of a running bot, and returns it when it has been sent or given up."""
    await bot.occasions.enqueue([post], now)
    for _ in range(300):
        [found] = await bot.ledger.latest(1)
        if found.state not in {State.PENDING, State.SENDING}:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(found)
