"""Why a post is late, from its times."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.chats import Destination
from bot.delivery.model import Delivery, State
from bot.runtime.stalls import Stalls
from bot.web.delay_reasons import delays
from tests.fakes import NOON

MINUTE = timedelta(minutes=1)
POST = Delivery(
    *(1, "1:slot:x:1", 1, Destination("test", "1"), "{}", NOON, NOON),
    state=State.SENT,
    attempts=1,
    created=NOON,
    sending_at=NOON + timedelta(seconds=2),
)
WAITING = replace(POST, state=State.PENDING, sending_at=None, attempts=0)
REFUSED = replace(POST, sending_at=NOON + 90 * MINUTE, attempts=3, error="Too Many Requests")


@pytest.mark.parametrize(
    ("post", "due", "started", "said"),
    [
        (POST, NOON, NOON - MINUTE, []),  # on time
        (POST, None, NOON + MINUTE, []),  # a message for operators
        (POST, NOON - 61 * MINUTE, NOON - MINUTE, ["Written 61 minutes late: the bot was not running"]),
        (POST, NOON - 5 * MINUTE, NOON - 99 * MINUTE, ["Written 5 minutes late: the bot was down, or the database"]),
        (REFUSED, NOON, NOON, ["Sent 90 minutes after it was written: the last of 3 attempts failed: Too Many"]),
        (WAITING, NOON, NOON, ["It has waited for 10 minutes: others were sent first"]),
        (replace(POST, state=State.DEAD, error="gone"), NOON, NOON, []),  # its state says so
    ],
)
def test_a_post_says_why_it_is_late(post: Delivery, due: object, started: object, said: list[str]) -> None:
    found = delays(post, due, started, Stalls(), NOON + 10 * MINUTE)  # type: ignore[arg-type]  # times
    assert len(found) == len(said)
    assert all(one.startswith(begin) for one, begin in zip(found, said, strict=True))


def test_a_post_that_a_stall_has_delayed_says_so() -> None:
    stalls = Stalls()
    stalls.add(NOON - 3 * MINUTE, MINUTE)  # before it was due
    assert stalls.between(NOON - 2 * MINUTE, NOON) == timedelta()
    stalls.add(NOON, 3 * MINUTE)
    [said] = delays(POST, NOON - 2 * MINUTE, NOON - 99 * MINUTE, stalls, NOON)
    assert said.startswith("Written 2 minutes late: the bot's process did not run for 120 seconds.")


async def test_a_stall_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.runtime.stalls._LOOK_SECONDS", 0.0)
    seconds = iter([0.0, 2.0, 3.0, 200.0, 201.0])
    stalls = Stalls()
    with capture_logs() as lines, suppress(StopIteration, RuntimeError):
        await stalls.watch(lambda: NOON, lambda: next(seconds))
    assert [(line["event"], line["seconds"]) for line in lines] == [("process_stalled", 197)]
    assert stalls.between(NOON - 99 * MINUTE, NOON) == timedelta(seconds=197)
