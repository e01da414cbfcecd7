"""Pauses the subscriptions of chats that the settings do not admit any more, and resumes them when they do again."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from bot.access import NOT_ADMITTED, Access
from bot.subscriptions.edits import resumed
from bot.subscriptions.model import SubscriptionStore


class Admission:
    """Compares all subscriptions with the operator's rules."""

    def __init__(self, subscriptions: SubscriptionStore, access: Access) -> None:
        self._subscriptions = subscriptions
        self._access = access

    async def review(self, now: datetime) -> int:
        """Pauses and resumes what the rules say; returns how many subscriptions it paused."""
        paused = 0
        for one in await self._subscriptions.all():
            is_admitted = self._access.admits(one.destination, one.created_by)
            if not is_admitted and one.paused is None:
                await self._subscriptions.hold(one.id, NOT_ADMITTED)
                paused += 1
            elif is_admitted and one.paused == NOT_ADMITTED:
                await self._subscriptions.change(one.destination, one.id, partial(resumed, now=now))
        return paused
