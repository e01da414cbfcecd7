"""Any client can forge what a button sends: whatever it is, the answer is in words and nothing fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random

import pytest
from structlog.testing import capture_logs

from bot.delivery.pacing import UNLIMITED
from bot.runtime.clock import clock
from bot.subscriptions.edits import Setting
from bot.views.buttons import ControlVerb, Verb
from tests.discord.talk import discord_talk
from tests.fakes import article
from tests.telegram.talk import telegram_talk

STORY = article("A bridge collapses", "The bridge at Norby fell into the river. Nobody was hurt.")
OTHER = article("A ferry is late", "The ferry to Norby waits for the tide. It leaves at noon.")
NUMBERS = ("", "0", "1", "-1", "x", "007", "9" * 19, "9" * 40, "1.5", "１", "story")
NAMES = ("", "x", "who", "other.7", "other.99999", "what.-1", *Setting)
VALUES = ("", "x", "8:00", "-1", "99:99", "Mars/Olympus", "; DROP TABLE", "%s", "9" * 19)
REST = (
    "",
    "|",
    "v1",
    "v1||||",
    "c1||||",
    "v2|brief|x||0",
    "c1|set|1|time|8:00|x",
    "<b>",
    "\u202e",
    "x" * 64,
    "write|x|time",
)
SAYING = {"sendMessage", "editMessageText"}
SAMPLE = 60


def _forged(version: str) -> list[str]:
    """Every verb once, and a seeded sample of all combinations with fields that no button has."""
    every = list(_combinations(version))
    chosen = Random(2).sample(every, SAMPLE)  # noqa: S311  # no secret
    first = {payload.split("|")[1]: payload for payload in reversed(every)}
    return list(dict.fromkeys([*REST, *first.values(), *chosen, f"c1|panel|{'9' * 25}||", f"c1|resend|{'9' * 19}||"]))


def _combinations(version: str) -> Iterator[str]:
    for verb, about, name, page in product(Verb, (version, *NUMBERS), NAMES, NUMBERS):
        yield f"v1|{verb}|{about}|{name}|{page}"[:64]
    # What forgets a person's data, and what subscribes, does what it says: it is tested elsewhere.
    controls = sorted(set(ControlVerb) - {ControlVerb.FORGET})
    for control, number, name, value in product(controls, NUMBERS, NAMES, VALUES):
        yield f"c1|{control}|{number}|{name}|{value}"[:64]


def _failures(logs: Sequence[Mapping[str, object]]) -> list[object]:
    return [line for line in logs if line["log_level"] in {"error", "critical"} or line["event"] == "answer_failed"]


@pytest.mark.parametrize("is_private", [True, False])
async def test_on_telegram(is_private: bool) -> None:
    chat = 7 if is_private else -1001
    async with telegram_talk(OTHER, settings={"limits": UNLIMITED}) as talk:
        talk.api.members[chat, 7] = "administrator"
        await talk.says("/subscribe 8:00", chat=chat)
        [message, *_] = await talk.says("/latest", chat=chat)
        version = (await talk.bot.dispatcher.context.library.add(STORY, clock())).version.id
        with capture_logs() as logs:
            for payload in filter(None, _forged(version)):
                before = len(talk.api.requests)
                said = await talk.presses(payload, message)
                assert {method for method, _ in talk.api.requests[before:]} & SAYING, payload
                assert not any("went wrong" in one.parsed.text for one in said), payload
        assert not _failures(logs)


async def test_on_discord() -> None:
    async with discord_talk([OTHER]) as talk:
        [message, *_] = await talk.gives("latest")
        version = (await talk.bot.dispatcher.context.library.add(STORY, clock())).version.id
        windows = [f"write|{number}|{name}" for number in NUMBERS for name in ("", "x", "time")] + ["write", "write|"]
        with capture_logs() as logs:
            for payload in _forged(version):
                said = await talk.presses(payload, message)
                assert not any("went wrong" in str(one) for one in said), payload
            for window in windows:
                said = await talk.writes(window, "8:00", message)
                assert said, window
                assert not any("went wrong" in str(one) for one in said), window
        assert not _failures(logs)
