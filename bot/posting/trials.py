"""Posts that a manager sends at once, to see how they look in the chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.chats import ChatStore
from bot.delivery.model import Delivery
from bot.i18n import Translator
from bot.posting.alerts import AlertQueue
from bot.posting.compositions import PostRenderer
from bot.posting.previews import Previews
from bot.subscriptions.model import Subscription

_LIFE = timedelta(minutes=10)


class Trials:
    """Writes sample digests into the ledger. Their stories do not count as told."""

    def __init__(
        self,
        previews: Previews,
        queue: AlertQueue,
        chats: ChatStore,
        *,
        renderers: Mapping[str, PostRenderer],
        clock: Callable[[], datetime],
        language: str,
    ) -> None:
        self._previews = previews
        self._queue = queue
        self._chats = chats
        self._renderers = renderers
        self._clock = clock
        self._language = language

    async def send(self, one: Subscription) -> bool:
        """Sends a digest of the last day to the subscription's chat. Returns whether its platform can."""
        renderer = self._renderers.get(one.destination.platform)
        if renderer is None:
            return False
        language = one.settings.language or await self._chats.language(one.destination) or self._language
        now, translator = self._clock(), Translator(language)
        view = await self._previews.trial(one)
        stories = one.settings.stories
        while not renderer.fits(view, translator) and stories > 1:  # one message is enough to see how it looks
            stories -= 1
            view = await self._previews.trial(replace(one, settings=replace(one.settings, stories=stories)))
        payload = renderer.payload(view, translator, silent=one.settings.silent)
        key = f"trial:{one.id}:{now:%Y-%m-%dT%H:%M:%S}"
        await self._queue.enqueue([Delivery(0, key, one.id, one.destination, payload, now, now + _LIFE)], now)
        return True
