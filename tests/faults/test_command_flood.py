"""Many people ask at once. The answers keep Telegram's limits and wait as long as Telegram asks."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot.access import Throttle
from bot.app import build
from bot.commands.context import Policies
from bot.delivery.courier import Timing
from bot.platforms.telegram.service import Settings, TelegramService
from tests.databases import new_database
from tests.fakes import OPEN
from tests.faults.far_side import LoopTime
from tests.telegram.server import TOKEN, BotApi, Limits, running_bot_api
from tests.telegram.talk import QUICK, chat_of, person

PEOPLE = 300
FACTOR = 3
#: The first chats, which are told to wait so many seconds.
REFUSED, WAIT = 3, 4
#: How long an answer can be on its way that left before the others were told to wait.
UNDER_WAY = timedelta(seconds=1)


class Grumpy(Limits):
    """Limits that also refuse the first answers to some chats, whatever their number.

    Attributes:
        careless: The chats that were answered although two others had just been told to wait, which means everybody.
    """

    def __init__(self, clock: LoopTime) -> None:
        super().__init__(clock)
        self.careless: list[int] = []
        self._everybody: tuple[datetime, datetime] | None = None

    def check(self, chat: int) -> None:
        """Counts a message, or refuses it."""
        now = self.clock()
        if self._everybody and self._everybody[0] + UNDER_WAY < now < self._everybody[1]:
            self.careless.append(chat)
        super().check(chat)
        if chat <= REFUSED and chat not in self.deadlines:
            if len(self.deadlines) == 1:
                self._everybody = now, now + timedelta(seconds=WAIT)
            self.refuse(chat, WAIT)


async def test_three_hundred_commands_at_once_are_answered_at_the_pace_that_is_allowed() -> None:
    async with LoopTime(FACTOR) as clock:
        limits = Limits(clock)
        api = await _asked_at_once(clock, limits)
    # Between leaving and arriving lie sockets: a message in a hundred may arrive too close to others.
    assert len(api.refused) <= 2
    assert not limits.early


async def test_no_answer_comes_before_the_moment_that_telegram_named() -> None:
    async with LoopTime(FACTOR) as clock:
        limits = Grumpy(clock)
        api = await _asked_at_once(clock, limits)
    assert len(api.refused) >= REFUSED
    assert not limits.early
    assert not limits.careless


async def _asked_at_once(clock: LoopTime, limits: Limits) -> BotApi:
    """The server after everybody has asked and was answered."""
    async with new_database() as database, running_bot_api(limits=limits) as api:
        bot = build(database, OPEN, Policies(), now=clock, throttle=Throttle(1000, timedelta(minutes=1)))
        # Those who are refused ask twice: the second answer must wait as well.
        for chat in (*range(1, PEOPLE + 1), *range(1, REFUSED + 1)):
            message = {"message_id": 1, "date": 1_700_000_000, "chat": chat_of(chat), "from": person(chat)}
            api.say(message=message | {"text": "/help"})
        service = TelegramService(
            Settings(TOKEN, api.url, patience=QUICK),
            dispatcher=bot.dispatcher,
            ledger=bot.ledger,
            inbox=bot.inbox,
            timing=Timing(clock, clock.sleep),
            language="en",
        )
        running = asyncio.create_task(service.run())
        async with asyncio.timeout(90):
            while len(api.messages) < PEOPLE + REFUSED:
                await asyncio.sleep(0.05)
        service.stop()
        await running
    assert {one.chat for one in api.messages} == set(range(1, PEOPLE + 1))
    assert len(api.messages) == PEOPLE + REFUSED
    return api
