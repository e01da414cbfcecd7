"""Tells operators once of what needs a person: posts in doubt or dead, one message a cause and minute, and delays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.access import Access
from bot.answers.digests import alert_view
from bot.chats import Destination
from bot.delivery.model import Delivery, State
from bot.i18n import Message, Translator, own
from bot.posting.compositions import PostRenderer

_LIFE = timedelta(days=1)
#: A post that waits longer than this means that something is wrong.
_LONG = timedelta(hours=1)
_LOOK_BACK = timedelta(days=2)
_MINUTE = timedelta(minutes=1)


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
        for minute, posts in _groups(found):
            if now >= minute + _MINUTE:  # until then there may be more
                await self.tell(_key(posts[0]), _trouble(posts), now)
                self._seen.update(map(_key, posts))
        waiting = await self._troubles.longest_waiting(now - _LONG)
        if waiting is not None:
            said = own(
                "A post for {where} has not left for an hour; is the platform down?", where=str(waiting.destination)
            )
            await self.tell(f"waiting:{waiting.id}", said, now)

    async def stopped(self, platform: str, reason: str, now: datetime) -> None:
        """Tells that a platform takes nothing any more: on the others, once a day."""
        said = own(
            "{platform} takes nothing from this bot any more ({reason}). See “nutgraf check”, then start it again.",
            platform=platform,
            reason=reason,
        )
        await self.tell(f"stopped:{platform}:{now:%Y-%m-%d}", said, now)

    async def tell(self, key: str, said: Message, now: datetime) -> None:
        """Tells every operator something, once for ever."""
        if key in self._seen:
            return
        view = alert_view(said)
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
    return f"post:{post.id}:{post.attempts}:{_moment(post)}"


def _moment(post: Delivery) -> datetime | None:
    return post.sending_at or post.created


def _groups(posts: Sequence[Delivery]) -> list[tuple[datetime, list[Delivery]]]:
    """Posts that failed in the same way in the same minute, with that minute; the first post is the oldest.

    After a restart the oldest post of a group is the first again, so that its key is found in the ledger.
    """
    groups: defaultdict[tuple[datetime, State, str | None], list[Delivery]] = defaultdict(list)
    for post in posts:
        minute = (_moment(post) or post.not_before).replace(second=0, microsecond=0)
        groups[minute, post.state, post.error].append(post)
    return [(minute, group) for (minute, _, _), group in groups.items()]


def _trouble(posts: Sequence[Delivery]) -> Message:
    """What to know of posts that failed in the same way."""
    first, count, reason = posts[0], len(posts), posts[0].error or "?"
    if first.state is not State.UNCERTAIN:
        if count > 1:
            return own(
                "{count} posts were not sent: {reason}. “nutgraf deliveries list --state dead” lists them.",
                count=count,
                reason=reason,
            )
        return own("Post {id} for {where} was not sent: {reason}", id=first.id, where=_where(first), reason=reason)
    if count > 1:
        return own(
            "Nobody can tell whether {count} posts arrived ({reason}). “nutgraf deliveries list --state uncertain”"
            " lists them. Decide about all with “nutgraf deliveries resolve --all” or “nutgraf deliveries"
            " retry --all”.",
            count=count,
            reason=reason,
        )
    return own(
        "Nobody can tell whether post {id} for {where} arrived ({reason}). Decide with"
        " “nutgraf deliveries resolve {id}” or “nutgraf deliveries retry {id}”.",
        id=first.id,
        where=_where(first),
        reason=reason,
    )


def _where(post: Delivery) -> str:
    return str(post.destination)
