"""Alerts operators once: of failed posts, one message per cause and minute, and of delays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.access import Access
from bot.answers.troubles import alert_view, trouble_view
from bot.chats import Destination
from bot.delivery.model import Delivery
from bot.delivery.troubles import MINUTE, by_trouble, failed_at
from bot.i18n import Message, Translator, own
from bot.posting.compositions import PostRenderer
from bot.views.model import View

_LIFE = timedelta(days=1)
#: A post that waits longer than this means that something is wrong.
_LONG = timedelta(hours=1)
_LOOK_BACK = timedelta(days=2)


class TroubleStore(Protocol):
    """Where troubles are seen."""

    async def troubles(self, since: datetime) -> list[Delivery]:
        """The posts that became uncertain or dead."""

    async def longest_waiting(self, before: datetime) -> Delivery | None:
        """The oldest post that was to leave before then and has not."""


class AlertQueue(Protocol):
    """Where alerts are put on their way."""

    async def enqueue(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Puts deliveries into the ledger; one that is there already stays as it is."""


class Alerts:
    """Puts alerts for the operators into the ledger, each of them once for ever."""

    def __init__(
        self,
        troubles: TroubleStore,
        queue: AlertQueue,
        *,
        access: Access,
        renderers: Mapping[str, PostRenderer],
        language: str,
        started: datetime,
    ) -> None:
        self._troubles = troubles
        self._queue = queue
        self._operators = [
            Destination.parse(name) for name in sorted(access.operators) if name.split(":")[0] in renderers
        ]
        self._renderers = renderers
        self._translator = Translator(language)
        self._seen: set[str] = set()
        self._since = started - _LOOK_BACK

    async def run(self, now: datetime) -> None:
        """Looks for troubles and tells them."""
        found = [post for post in await self._troubles.troubles(self._since) if _key(post) not in self._seen]
        for trouble, posts in by_trouble(found).items():
            if now >= trouble.begins + MINUTE:  # until then there may be more
                # After a restart the oldest post is the first again, so that its key is found in the ledger.
                await self._send(_key(posts[0]), trouble_view(trouble, posts), now)
                self._seen.update(map(_key, posts))
        waiting = await self._troubles.longest_waiting(now - _LONG)
        if waiting is not None:
            platform = waiting.destination.platform
            said = own("Posts on {platform} have been waiting for over an hour. Is it down?", platform=platform)
            await self.tell(f"waiting:{platform}:{waiting.created:%Y-%m-%dT%H}", said, now)

    async def stopped(self, platform: str, reason: str, now: datetime) -> None:
        """Tells that a platform takes nothing any more: on the others, once a day."""
        said = own(
            "The bot has stopped on {platform} ({reason}). Run “nutgraf check”, then restart the bot.",
            platform=platform,
            reason=reason,
        )
        await self.tell(f"stopped:{platform}:{now:%Y-%m-%d}", said, now)

    async def tell(self, key: str, said: Message, now: datetime) -> None:
        """Tells every operator something, once for ever."""
        await self._send(key, alert_view(said), now)

    async def _send(self, key: str, view: View, now: datetime) -> None:
        if key in self._seen:
            return
        alerts = [
            Delivery(
                0,
                f"alert:{key}:{operator}",
                0,
                operator,
                self._renderers[operator.platform].payload(view, self._translator, silent=False),
                now,
                now + _LIFE,
            )
            for operator in self._operators
        ]
        await self._queue.enqueue(alerts, now)
        self._seen.add(key)


def _key(post: Delivery) -> str:
    return f"post:{post.id}:{post.attempts}:{failed_at(post)}"
