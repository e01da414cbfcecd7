"""Posts that a manager sends at once, to see how they look in the chat."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.chats import ChatStore
from bot.delivery.model import Delivery
from bot.posting.alerts import AlertQueue
from bot.posting.parts import PartRenderer
from bot.posting.previews import Previews
from bot.subscriptions.model import Subscription

_LIFE = timedelta(minutes=10)


class Trials:
    """Writes sample digests into the ledger. Numbers ask about their stories, which do not count as told."""

    def __init__(
        self,
        previews: Previews,
        parts: PartRenderer,
        queue: AlertQueue,
        chats: ChatStore,
        *,
        platforms: Collection[str],
        clock: Callable[[], datetime],
        language: str,
    ) -> None:
        self._previews = previews
        self._parts = parts
        self._queue = queue
        self._chats = chats
        self._platforms = platforms
        self._clock = clock
        self._language = language

    async def send(self, one: Subscription) -> bool:
        """Sends a digest of the last day to the subscription's chat. Returns whether its platform can."""
        if one.destination.platform not in self._platforms:
            return False
        language = one.settings.language or await self._chats.language(one.destination) or self._language
        content = await self._previews.trial(one, language)
        parts = await self._parts.parts(content)
        while len(parts) > 1:  # one message is enough to see how it looks
            content = replace(content, items=content.items[:-1], left=content.left + 1)
            parts = await self._parts.parts(content)
        [part] = parts
        now, composition = self._clock(), content.composition(part, 1, 1, corrections=False).write()
        key = f"trial:{one.id}:{now:%Y-%m-%dT%H:%M:%S}"
        post = Delivery(0, key, one.id, one.destination, part.payload, now, now + _LIFE, composition=composition)
        await self._queue.enqueue([post], now)
        return True
