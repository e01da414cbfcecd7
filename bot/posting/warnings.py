"""Alerts operators before something is missed: no post for days, or a disk that is almost full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.i18n import own, own_n
from bot.posting.alerts import Alerts
from bot.storage.vitals import VitalsStore
from bot.subscriptions.model import Subscription
from bot.subscriptions.slots import instant

#: A post needs some time after its slot.
_ON_ITS_WAY = timedelta(hours=1)
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits beyond which operators are alerted.

    Attributes:
        no_post: The time without a post that arrived, although one was due.
        free_disk: The free bytes on the disk of an SQLite file.
    """

    no_post: timedelta = timedelta(days=3)
    free_disk: int = 500 * _MEGABYTE


async def warn(
    vitals: VitalsStore, subscriptions: Sequence[Subscription], alerts: Alerts, limits: Limits, now: datetime
) -> None:
    """Tells operators what is beyond a limit: a silence once, a full disk once a day."""
    newest = await vitals.newest_post(sorted({one.destination.platform for one in subscriptions}))
    since = newest or min((one.starts for one in subscriptions), default=now)
    if now - since >= limits.no_post and any(_was_due(one, since, now) for one in subscriptions):
        said = own_n(
            "No post has arrived for {count} day, although one was due. See “nutgraf deliveries list”.",
            "No post has arrived for {count} days, although one was due. See “nutgraf deliveries list”.",
            (now - since).days,
        )
        await alerts.tell(f"no-post:{since:%Y-%m-%dT%H:%M}", said, now)
    free = vitals.free_bytes()
    if free is not None and free < limits.free_disk:
        said = own("The disk of the database has only {free} MB left. Free some space.", free=free // _MEGABYTE)
        await alerts.tell(f"disk:{now:%Y-%m-%d}", said, now)


def _was_due(subscription: Subscription, since: datetime, now: datetime) -> bool:
    """Whether the subscription had a slot after ``since``, long enough ago for its post to have arrived."""
    if subscription.paused is not None or subscription.cursor is None:
        return False
    return since < instant(subscription.cursor, subscription.settings.schedule.tz) <= now - _ON_ITS_WAY
