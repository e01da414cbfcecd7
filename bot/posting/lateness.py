"""Late posts: which posts are late, and what they say about it. All functions are pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.answers.digests import Reason
from bot.answers.last_posts import past
from bot.answers.schedules import when
from bot.delivery.occasions import Occasion
from bot.i18n import Message, own
from bot.posting.news import reason_of
from bot.subscriptions.model import Mode, QuietDays, Subscription
from bot.subscriptions.slots import LATE, instant, local_time
from briefings.digest import Item


def is_late(occasion: Occasion, subscription: Subscription, now: datetime) -> bool:
    """Returns whether it is a digest whose slot has passed by more than some minutes."""
    return reason_of(occasion) is Reason.SLOT and now - _due(occasion, subscription) > LATE


def says_no_news(occasion: Occasion, subscription: Subscription, now: datetime) -> bool:
    """Returns whether a digest without stories is posted. A late one is not."""
    settings = subscription.settings
    is_wanted = settings.quiet_days is QuietDays.SAY and settings.mode is Mode.DIGEST
    return is_wanted and reason_of(occasion) is Reason.SLOT and not is_late(occasion, subscription, now)


def late_notes(
    occasion: Occasion, subscription: Subscription, items: Sequence[Item], now: datetime
) -> tuple[Message, ...]:
    """Returns a note that the post is late, if it is."""
    schedule = subscription.settings.schedule
    if is_late(occasion, subscription, now):
        due = _due(occasion, subscription)
        local = local_time(due, schedule.tz)
        is_today = local.date() == local_time(now, schedule.tz).date()
        moment = own("at {time}", time=local.time()) if is_today else when(due, schedule, due - timedelta(days=3))
        return (own("This post is late. It was due {moment}.", moment=moment),)
    oldest = min((item.version.received for item in items), default=now)
    if reason_of(occasion) is Reason.BURST and now - oldest > LATE:
        said = own("This post is late. The first story arrived {moment}.", moment=past(oldest, schedule, now))
        return (said,)
    return ()


def _due(occasion: Occasion, subscription: Subscription) -> datetime:
    """The time of a digest's slot. The occasion itself may have been postponed by quiet hours."""
    local = datetime.fromisoformat(occasion.key.partition(":")[2])
    return instant(local, subscription.settings.schedule.tz)
