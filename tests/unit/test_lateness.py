"""Why a post is late, from its times."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chats import Destination
from bot.delivery.model import Delivery, State
from bot.web.lateness import delays
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
    found = delays(post, due, started, NOON + 10 * MINUTE)  # type: ignore[arg-type]  # times
    assert len(found) == len(said)
    assert all(one.startswith(begin) for one, begin in zip(found, said, strict=True))
