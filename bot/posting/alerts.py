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
#: Operators are alerted when a post waits longer than this.
_LONG = timedelta(hours=1)
_LOOK_BACK = timedelta(days=2)


class TroubleStore(Protocol):
    """Finds failed and delayed posts."""

    async def troubles(self, since: datetime) -> list[Delivery]:
        """The posts that became uncertain or dead since the given time."""

    async def longest_waiting(self, before: datetime) -> Delivery | None:
        """The oldest unsent post that was due before the given time."""


class AlertQueue(Protocol):
    """Queues alerts."""

    async def enqueue(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Adds deliveries to the ledger. Deliveries that exist already are not changed."""


class Alerts:
    """Puts alerts for the operators into the ledger, each only once."""

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
        self._access = access
        self._renderers = renderers
        self._translator = Translator(language)
        self._seen: set[str] = set()
        self._since = started - _LOOK_BACK

    async def run(self, now: datetime) -> None:
        """Looks for failed and delayed posts and alerts the operators."""
        found = [post for post in await self._troubles.troubles(self._since) if _key(post) not in self._seen]
        for trouble, posts in by_trouble(found).items():
            if now >= trouble.begins + MINUTE:  # before the minute ends, more posts may fail
                # After a restart the oldest post is the same, so its alert is already in the ledger.
                await self._send(_key(posts[0]), trouble_view(trouble, posts), now)
                self._seen.update(map(_key, posts))
        waiting = await self._troubles.longest_waiting(now - _LONG)
        if waiting is not None:
            platform = waiting.destination.platform
            said = own("Posts on {platform} have been waiting for over an hour. Is it down?", platform=platform)
            await self.tell(f"waiting:{platform}:{waiting.created:%Y-%m-%dT%H}", said, now)

    async def stopped(self, platform: str, reason: str, now: datetime) -> None:
        """Alerts operators on the other platforms, once a day, that a platform rejects the bot."""
        said = own(
            "The bot has stopped on {platform} ({reason}). Run “nutgraf check”, then restart the bot.",
            platform=platform,
            reason=reason,
        )
        await self.tell(f"stopped:{platform}:{now:%Y-%m-%d}", said, now)

    async def tell(self, key: str, said: Message, now: datetime) -> None:
        """Sends a message to every operator, only once for each key."""
        await self._send(key, alert_view(said), now)

    def _operators(self) -> list[Destination]:
        """Returns the chats of the operators on the platforms that receive posts."""
        names = sorted(self._access.operators)
        return [Destination.parse(name) for name in names if name.split(":")[0] in self._renderers]

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
            for operator in self._operators()
        ]
        await self._queue.enqueue(alerts, now)
        self._seen.add(key)


def _key(post: Delivery) -> str:
    return f"post:{post.id}:{post.attempts}:{failed_at(post)}"
