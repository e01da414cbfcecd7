"""Ends pauses at their time, and says in the chat what came meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.answers.pauses import RESUMED, Missed, resumed_view
from bot.chats import ChatStore
from bot.delivery.model import NOTICE, Delivery
from bot.i18n import Translator
from bot.posting.alerts import AlertQueue
from bot.posting.compositions import PostRenderer
from bot.posting.previews import Previews
from bot.storage.database.errors import StorageError
from bot.subscriptions import edits
from bot.subscriptions.model import Subscription, SubscriptionStore
from bot.subscriptions.slots import quiet_until

_log = structlog.stdlib.get_logger("nutgraf.posting")

_LIFE, _EVERY, _A_MOMENT = timedelta(days=1), timedelta(seconds=1), timedelta(seconds=1)


class PauseEnds:
    """Resumes subscriptions whose pause is over."""

    def __init__(
        self,
        subscriptions: SubscriptionStore,
        queue: AlertQueue,
        chats: ChatStore,
        previews: Previews,
        *,
        renderers: Mapping[str, PostRenderer],
        language: str,
    ) -> None:
        self._subscriptions = subscriptions
        self._queue = queue
        self._chats = chats
        self._previews = previews
        self._renderers = renderers
        self._language = language
        self._looked: datetime | None = None

    async def run(self, now: datetime) -> None:
        """Looks for pauses that are over, once a second."""
        if self._looked is not None and now - self._looked < _EVERY:
            return
        self._looked = now
        for one in await self._subscriptions.rested(now):
            try:
                await self._resume(one, now)
            except StorageError:
                raise
            except Exception:  # noqa: BLE001  # one subscription must not hold up all others
                _log.exception("pause_end_failed", subscription=one.id)

    async def _resume(self, one: Subscription, now: datetime) -> None:
        """Resumes a subscription. The notice comes first: after a crash between both it is not written again."""
        again = _resumed(one, now)
        since = one.since or one.starts
        count = await self._previews.count_missed(again, since) if again.since != one.since else 0
        renderer = self._renderers.get(one.destination.platform)
        if count and renderer is not None:
            view = replace(resumed_view([again], now, [Missed(again, since, count)]), name=RESUMED)
            language = one.settings.language or await self._chats.language(one.destination) or self._language
            payload = renderer.payload(view, Translator(language), silent=one.settings.silent)
            key = f"{NOTICE}resumed:{one.id}:{one.paused_until:%Y-%m-%dT%H:%M}"
            at = quiet_until(one.settings.schedule, now) or now
            await self._queue.enqueue([Delivery(0, key, 0, one.destination, payload, at, at + _LIFE)], now)
        await self._subscriptions.change(one.destination, one.id, partial(_resumed, now=now))


def _resumed(one: Subscription, now: datetime) -> Subscription:
    """Returns the subscription resumed at the end of its pause, unless somebody has changed the pause meanwhile.

    A slot at that very moment is posted.
    """
    end = one.paused_until
    return edits.resumed(one, end - _A_MOMENT) if end is not None and end <= now and not one.paused else one
