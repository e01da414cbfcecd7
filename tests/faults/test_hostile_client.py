"""Hostile people send the worst inputs of all kinds. Everybody else gets answers, and digests are posted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.chats import Destination
from bot.delivery.pacing import UNLIMITED
from bot.jobs import keep_house, post_due
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import EVERY_DAY, Schedule, Settings, Subscription
from bot.workers.pool import WorkerPool, running_workers
from tests.hostile import commands, forged, malformed, pastes
from tests.soak import sample, some
from tests.telegram.server import Message
from tests.telegram.talk import ANN, GROUP, TelegramTalk, chat_of, reply_to, telegram_talk
from tests.telegram.test_giving_up import APOLOGY

HOSTILE = (31, 32)
#: Whose updates cannot be read.
ODD = 33
GOOD = ("/help", "/latest", "/search Kremlin", "/sections", "/brief 1", "/related 1")
LEAST_INPUTS, LEAST_GOOD = sample(20, 100), sample(2, 10)
FORGED = sample(10, 40)
#: What would have ended the service, or an answer.
FAILURES = {"telegram_failed", "update_failed", "work_failed", "answer_failed", "job_failed", "database_awaited"}


@pytest.mark.soak
async def test_hostile_people_keep_nobody_from_answers_and_digests() -> None:
    with capture_logs() as logs:
        async with running_workers() as workers, _talk(workers) as talk:
            for update in malformed(chat_of(ODD)):
                talk.api.say(**update)
            attack = asyncio.gather(*(_attack(talk, chat) for chat in HOSTILE))
            found, answers, _ = await asyncio.gather(attack, _ask(talk, attack), _post(talk, attack))
            await _settled(talk)
            assert len(talk.api.texts(GROUP)) == 1
            assert APOLOGY in talk.api.texts(ODD)
    assert sum(sent for sent, _ in found) >= LEAST_INPUTS
    assert not [text for _, unanswered in found for text in unanswered]
    assert len(answers) >= LEAST_GOOD
    assert all(answers)
    assert not [line for line in logs if line["event"] in FAILURES]


@asynccontextmanager
async def _talk(workers: WorkerPool) -> AsyncIterator[TelegramTalk]:
    """A bot that reads foreign texts in workers, as the program does, and owes a group a digest."""
    async with telegram_talk(settings={"limits": UNLIMITED}, workers=workers) as talk:
        await workers.start()
        await _subscribe(talk)
        yield talk


async def _settled(talk: TelegramTalk) -> None:
    """Returns when no update waits any more."""
    async with asyncio.timeout(60):
        while await talk.bot.inbox.claim("telegram", with_own=True):
            await asyncio.sleep(0.05)


async def _attack(talk: TelegramTalk, chat: int) -> tuple[int, list[str]]:
    """One person's share of all inputs: how many, and what was not answered in words."""
    share = slice(HOSTILE.index(chat), None, len(HOSTILE))
    [message, *_] = await talk.says("/latest", chat=chat, user=chat)
    said: list[tuple[str, dict[str, Any]]] = [(text, {}) for text in some([*pastes(), *commands()], 5)[share]]
    said += [(text, reply_to(message, quote)) for text in ("/brief", "why?") for quote in (None, "", " ")]
    unanswered = [
        text[:60] for text, more in said if not _is_answered(await talk.says(text, chat=chat, user=chat, **more), chat)
    ]
    payloads = list(filter(None, forged("1")))[share][:FORGED]
    for payload in payloads:
        await talk.presses(payload, message, user=chat)
    return len(said) + len(payloads), unanswered


async def _ask(talk: TelegramTalk, attack: asyncio.Future[Any]) -> list[bool]:
    """Sends commands as long as the attack lasts; for each, whether its answer came in words."""
    answered: list[bool] = []
    while not attack.done():
        said = await talk.says(GOOD[len(answered) % len(GOOD)])
        answered.append(_is_answered(said, ANN))
        await asyncio.sleep(0.05)
    return answered


async def _post(talk: TelegramTalk, attack: asyncio.Future[Any]) -> None:
    """Runs what the scheduler runs, as long as the attack lasts, and until the digest is out."""
    while not (attack.done() and talk.api.texts(GROUP)):
        await post_due(talk.bot)
        await keep_house(talk.bot)
        await asyncio.sleep(0.2)


def _is_answered(said: Sequence[Message], chat: int) -> bool:
    """Whether a chat was answered, and not by an apology for a mistake of the bot's."""
    texts = [one.parsed.text for one in said if one.chat == chat]
    return bool(texts) and not any("went wrong" in text or text == APOLOGY for text in texts)


async def _subscribe(talk: TelegramTalk) -> None:
    """A group gets a digest that is due now."""
    now = talk.bot.clock()
    settings = Settings(Schedule((now.time().replace(second=0, microsecond=0),), EVERY_DAY, "UTC"))
    since = now - timedelta(minutes=1)
    wanted = Subscription(0, Destination("telegram", str(GROUP)), "", settings, since, since=now - timedelta(days=1))
    await talk.bot.subscriptions.add(scheduled(wanted), 1)
