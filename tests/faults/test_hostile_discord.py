"""Hostile people on Discord send the worst inputs of all kinds. Everybody else gets answers, and digests are posted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.chats import Destination
from bot.jobs import keep_house, post_due
from bot.subscriptions.edits import Setting, scheduled
from bot.subscriptions.model import EVERY_DAY, Schedule, Settings, Subscription
from bot.workers.pool import running_workers
from tests.discord.server import CHANNEL, DM, FORUM, THREAD, Posted
from tests.discord.talk import DiscordTalk, discord_talk
from tests.hostile import commands, documents, forged, malformed_events, pastes
from tests.soak import sample, some

HOSTILE, GOOD = 31, 8  # people
ASKED: tuple[tuple[str, dict[str, str]], ...] = (
    ("help", {}),
    ("latest", {}),
    ("search", {"words": "Kremlin"}),
    ("sections", {}),
    ("brief", {}),
)
#: A machine that other programs keep busy may need more than Discord's three seconds. An answer must come all the same.
_PATIENT = {"answer_within": 60}
LEAST_INPUTS, LEAST_GOOD = sample(20, 100), sample(2, 10)
FORGED = sample(10, 40)
#: What would have ended the service, or an answer.
FAILURES = {"discord_failed", "event_failed", "work_failed", "answer_failed", "job_failed", "database_awaited"}
#: Texts for options, and for the fields of windows. Discord allows 6,000 characters in an option.
TYPED = ("", " ", "x" * 6_000, "\x00", "\u202e", "9" * 5_000, "%s {0} \\", "story:" + "f" * 500, "@everyone <@1>")


@pytest.mark.soak
async def test_hostile_people_keep_nobody_from_answers_and_digests() -> None:
    with capture_logs() as logs:
        async with running_workers() as workers, discord_talk(workers=workers, api_state=_PATIENT) as talk:
            await workers.start()
            await _subscribe(talk)
            attack = asyncio.create_task(_attack(talk))
            answered, _ = await asyncio.gather(_ask(talk, attack), _post(talk, attack))
            sent, silent = await attack
            digests = [one for one in talk.api.messages if one.channel == THREAD]
    assert len(digests) == 1
    assert sent >= LEAST_INPUTS
    assert not silent
    assert len(answered) >= LEAST_GOOD
    assert all(answered)
    assert not [line for line in logs if line["event"] in FAILURES]


async def _attack(talk: DiscordTalk) -> tuple[int, list[str]]:
    """Sends everything. Returns how many inputs there were, and those that were not answered in words."""
    events = [event for channel in (CHANNEL, DM) for event in malformed_events(channel)]
    for name, event in events:
        await talk.api.tell(name, event)
    texts = [text[:4_000] for text in some([*pastes(), *commands()], 5)]
    silent = [text[:60] for text in texts if not _is_answered(await talk.says(text, user=HOSTILE))]
    files = some(documents(), 4)
    for name, content in files:
        attached = talk.api.attached(name, content)
        if not _is_answered(await _until_said(talk, attachments=[attached], user=HOSTILE)):
            silent.append(f"{name} {content[:20]!r}")
    return len(events) + len(texts) + len(files) + await _forge(talk), silent


async def _until_said(talk: DiscordTalk, **more: Any) -> list[Posted]:
    """What is said to a file. Reading one takes up to five seconds."""
    before = len(talk.api.messages)
    said = await talk.says("", **more)
    async with asyncio.timeout(60):
        while not said:
            await asyncio.sleep(0.05)
            said = [one for one in talk.api.messages[before:] if one.channel == DM]
    return said


async def _forge(talk: DiscordTalk) -> int:
    """Buttons, choices, windows and half-typed options that no client has. Returns their number."""
    [message, *_] = await talk.gives("latest", user=HOSTILE)
    payloads = list(filter(None, forged("1")))[:FORGED]
    for payload in payloads:
        await talk.presses(payload, message, user=HOSTILE)
        await talk.chooses(payload, message, user=HOSTILE)
    for setting, typed in zip([*Setting, "x", ""] * 2, TYPED * 3, strict=False):
        await talk.writes(f"write|1|{setting}", typed, message, user=HOSTILE)
        await talk.is_offered("settings", "value", typed, setting=str(setting))
        await talk.is_offered("brief", "story", typed)
        await talk.is_offered("settings", "value", typed, FORUM, channel_named=typed, permissions="0")
    for typed in filter(str.strip, TYPED):
        await talk.gives("brief", user=HOSTILE, story=typed)
        await talk.gives("ask", user=HOSTILE, question=typed)
    return 2 * len(payloads) + 5 * len(TYPED)


async def _ask(talk: DiscordTalk, attack: asyncio.Task[Any]) -> list[bool]:
    """Gives commands as long as the attack lasts. For each, whether its answer came in words."""
    answered: list[bool] = []
    while not attack.done():
        name, options = ASKED[len(answered) % len(ASKED)]
        found = await talk.api.interact(2, {"id": "1", "name": name, "type": 1, "options": _given(options)}, user=GOOD)
        answered.append(bool(found.callbacks))
        await asyncio.sleep(0.05)
    return answered


def _given(options: dict[str, str]) -> list[dict[str, Any]]:
    return [{"name": name, "type": 3, "value": value} for name, value in options.items()]


async def _post(talk: DiscordTalk, attack: asyncio.Task[Any]) -> None:
    """Runs what the scheduler runs, until the attack is over and the digest is out."""
    while not (attack.done() and any(one.channel == THREAD for one in talk.api.messages)):
        await post_due(talk.bot)
        await keep_house(talk.bot)
        await asyncio.sleep(0.2)


def _is_answered(said: Sequence[Posted]) -> bool:
    """Whether somebody was answered, and not by an apology for a mistake of the bot's."""
    return bool(said) and not any("went wrong" in one.text for one in said)


async def _subscribe(talk: DiscordTalk) -> None:
    """A thread gets a digest that is due now."""
    now = talk.bot.clock()
    settings = Settings(Schedule((now.time().replace(second=0, microsecond=0),), EVERY_DAY, "UTC"))
    where, since = Destination("discord", str(CHANNEL), str(THREAD)), now - timedelta(minutes=1)
    wanted = Subscription(0, where, "", settings, since, since=now - timedelta(days=1))
    await talk.bot.subscriptions.add(scheduled(wanted), 1)
