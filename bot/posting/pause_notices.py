"""Tells who subscribed, in private, that the bot cannot post there any more."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.access import Access
from bot.answers.obstacles import pause_notice_view
from bot.chats import ChatStore, Destination
from bot.posting.notices import Notices
from bot.storage.database.errors import StorageError
from bot.subscriptions.model import ENDLESS, Subscription, SubscriptionStore

_log = structlog.stdlib.get_logger("nutgraf.posting")

_EVERY = timedelta(minutes=1)


class PauseNotices:
    """Writes one notice for each pause."""

    def __init__(self, subscriptions: SubscriptionStore, notices: Notices, chats: ChatStore, access: Access) -> None:
        self._subscriptions = subscriptions
        self._notices = notices
        self._chats = chats
        self._access = access
        self._known: set[str] = set()
        self._looked: datetime | None = None

    async def run(self, now: datetime) -> None:
        """Looks for subscriptions that were paused, but not by a user, once a minute."""
        if self._looked is not None and now - self._looked < _EVERY:
            return
        self._looked = now
        for one in await self._subscriptions.halted():
            if (key := _key(one)) not in self._known:
                self._known.add(key)
                try:
                    await self._tell(one, key, now)
                except StorageError:
                    self._known.discard(key)
                    raise
                except Exception:  # noqa: BLE001  # one subscription must not hold up all others
                    _log.exception("pause_notice_failed", subscription=one.id)

    async def _tell(self, one: Subscription, key: str, now: datetime) -> None:
        """Writes the notice, if there is somebody to tell in another chat, and posts resume by themselves."""
        if one.paused_until == ENDLESS or not one.created_by or one.created_by == one.destination.owner:
            return
        person = Destination.parse(one.created_by)
        if self._access.admits(person, one.created_by):
            title = (await self._chats.profile(one.destination)).title or str(one.destination)
            await self._notices.write(key, person, pause_notice_view(title, one.paused or "", one.id), now)


def _key(one: Subscription) -> str:
    """Returns the same key until the subscription is resumed."""
    return f"{one.id}:{one.starts:%Y-%m-%dT%H:%M:%S}"
