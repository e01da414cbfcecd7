"""Pauses subscriptions of chats that the settings no longer admit, and resumes them later."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import structlog

from bot.access import NOT_ADMITTED, Access
from bot.storage.database.errors import StorageError
from bot.subscriptions.model import Subscription, SubscriptionStore
from bot.subscriptions.pauses import freed

_log = structlog.stdlib.get_logger("nutgraf.admission")


class Admission:
    """Checks all subscriptions against the access rules."""

    def __init__(self, subscriptions: SubscriptionStore, access: Access) -> None:
        self._subscriptions = subscriptions
        self._access = access

    async def review(self, now: datetime) -> int:
        """Pauses and resumes subscriptions. Returns how many it paused."""
        paused = 0
        for one in await self._subscriptions.all():
            try:
                paused += await self._reviewed(one, now)
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001  # one subscription must not hold up all others
                _log.warning("subscription_skipped", subscription=one.id, error=repr(error))
        return paused

    async def _reviewed(self, one: Subscription, now: datetime) -> bool:
        """Pauses or resumes one subscription. Returns whether it was paused."""
        is_admitted = self._access.admits(one.destination, one.created_by)
        if not is_admitted and one.paused is None:
            await self._subscriptions.hold(one.id, NOT_ADMITTED)
            return True
        if is_admitted and one.paused == NOT_ADMITTED:
            await self._subscriptions.change(one.destination, one.id, partial(freed, now=now))
        return False
