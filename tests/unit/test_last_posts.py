"""The last posts in the answer to /status."""

from __future__ import annotations

from datetime import time, timedelta

from bot.answers.schedules import status_view
from bot.chats import Destination
from bot.delivery.model import Delivery, State
from bot.subscriptions.model import EVERY_DAY, Schedule, Settings, Subscription
from tests.fakes import NOON
from tests.shown import said

CHAT = Destination("test", "-1")


def subscription(number: int, zone: str) -> Subscription:
    return Subscription(number, CHAT, "test:7", Settings(Schedule((time(8),), EVERY_DAY, zone)), NOON)


def post(of: int, state: State) -> Delivery:
    return Delivery(of, f"{of}:1:1", of, CHAT, None, NOON, NOON + timedelta(hours=1), state=state, created=NOON)


def test_a_post_has_the_number_and_the_time_of_its_subscription() -> None:
    posts = [post(8, State.UNCERTAIN), post(5, State.SENT), post(3, State.SENT)]
    view = said(status_view([subscription(5, "UTC"), subscription(8, "Asia/Tokyo")], posts, NOON))
    assert "today at 21:00 (subscription 2): uncertain" in view
    assert "Resend the post of today at 21:00 (subscription 2)" in view
    assert "today at 12:00 (subscription 1): sent" in view
    assert "today at 12:00: sent" in view  # its subscription has ended


def test_the_only_subscription_needs_no_number() -> None:
    view = said(status_view([subscription(5, "UTC")], [post(5, State.SENT)], NOON))
    assert "today at 12:00: sent" in view
