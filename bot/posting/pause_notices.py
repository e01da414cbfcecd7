"""Tells who subscribed, in private, that the bot cannot post there any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.access import Access
from bot.answers.obstacles import pause_notice_view
from bot.chats import ChatStore, Destination
from bot.delivery.model import NOTICE, Delivery
from bot.i18n import Translator
from bot.posting.alerts import AlertQueue
from bot.posting.compositions import PostRenderer
from bot.storage.database.errors import StorageError
from bot.subscriptions.model import Subscription, SubscriptionStore

_log = structlog.stdlib.get_logger("nutgraf.posting")

_LIFE, _EVERY = timedelta(days=2), timedelta(minutes=1)


class PauseNotices:
    """Writes one notice for each pause into the ledger."""

    def __init__(
        self,
        subscriptions: SubscriptionStore,
        queue: AlertQueue,
        chats: ChatStore,
        access: Access,
        *,
        renderers: Mapping[str, PostRenderer],
        language: str,
    ) -> None:
        self._subscriptions = subscriptions
        self._queue = queue
        self._chats = chats
        self._access = access
        self._renderers = renderers
        self._language = language
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
        if notice := await self._notice(one, key, now):
            await self._queue.enqueue([notice], now)

    async def _notice(self, one: Subscription, key: str, now: datetime) -> Delivery | None:
        """Returns the notice. None if there is nobody to tell in another chat."""
        if not one.created_by or one.created_by == one.destination.owner:
            return None
        person = Destination.parse(one.created_by)
        renderer = self._renderers.get(person.platform)
        if renderer is None or not self._access.admits(person, one.created_by):
            return None
        language = await self._chats.language(person) or self._language
        title = (await self._chats.profile(one.destination)).title or str(one.destination)
        view = pause_notice_view(title, one.paused or "", one.id)
        payload = renderer.payload(view, Translator(language), silent=False)
        return Delivery(0, key, 0, person, payload, now, now + _LIFE)


def _key(one: Subscription) -> str:
    """Returns the same key until the subscription is resumed."""
    return f"{NOTICE}{one.id}:{one.starts:%Y-%m-%dT%H:%M:%S}"
