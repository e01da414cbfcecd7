"""Posts that are shown in an answer and not sent: samples, stories that wait, stories that came during a pause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.answers.digests import Place, Reason, heading, part_view, quiet_view
from bot.answers.pauses import Missed
from bot.delivery.occasions import Held, HeldStore
from bot.posting.compositions import wishes
from bot.posting.news import WINDOW, NewsFinder
from bot.posting.parts import PartRenderer, PostContent
from bot.posting.window import News
from bot.subscriptions.model import Subscription
from bot.subscriptions.slots import local_time
from bot.views.model import View
from briefings.digest import best

#: Stories from before are no news after a pause.
_LONGEST_PAUSE = timedelta(days=7)


class Previews:
    """Renders digests for answers. Nothing is stored."""

    def __init__(self, finder: NewsFinder, parts: PartRenderer, held: HeldStore, clock: Callable[[], datetime]) -> None:
        self._finder = finder
        self._parts = parts
        self._held = held
        self._clock = clock

    async def sample(self, subscription: Subscription) -> View:
        """Returns a digest of the last day."""
        now = self._clock()
        return await self._shown(await self._finder.recent(subscription, now), subscription, now)

    async def trial(self, subscription: Subscription, language: str) -> PostContent:
        """Returns the content of a digest of the last day as it would be posted. It pings nobody."""
        now, settings = self._clock(), subscription.settings
        found = await self._finder.recent(subscription, now)
        items = best(found.items, wishes(settings), now)
        return PostContent(
            Reason.SLOT,
            tuple(items),
            settings.sections,
            settings.silent,
            language,
            subscription.destination.platform,
            notes=(),
            viewer=self._finder.reader(subscription),
            left=len(found.items) - len(items) + found.unread,
            place=Place.CHANNEL if subscription.is_channel else Place.CHAT,
            day=local_time(now, settings.schedule.tz).date(),
        )

    async def preview(self, subscription: Subscription) -> View:
        """Returns the next digest as it would be now."""
        now = self._clock()
        since = subscription.since or now - WINDOW
        found = await self._finder.since(since, subscription, self._finder.window(now))
        return await self._shown(found, subscription, now)

    async def skipped(self, before: Subscription, after: Subscription) -> Missed | None:
        """Returns what a subscription missed during a pause. A digest that is still to come has the rest."""
        since = before.since or before.starts
        if after.since is None or after.since == before.since:
            return None
        found = await self._missed(after, since, after.since)
        count = len(found.items) + found.unread
        return Missed(after, since, after.since, count) if count else None

    async def missed(self, subscription: Subscription, since: datetime, until: datetime | None) -> View:
        """Returns a digest of the stories that arrived in some time, by default until now, and that were not told."""
        now = self._clock()
        return await self._shown(await self._missed(subscription, since, until or now), subscription, now)

    async def held(self, subscription: Subscription) -> Held | None:
        """Returns how many stories of a subscription wait, and until when, or None if none does."""
        now = self._clock()
        waiting = await self._held.waiting(subscription.id, now)
        if waiting is None:
            return None
        found = await self._finder.since(waiting.since, subscription, self._finder.window(now))
        count = len(found.items) + found.unread
        return Held(count, waiting.due) if count else None

    async def release(self, subscription: Subscription, due: datetime) -> None:
        """Has the stories that wait posted at another time."""
        await self._held.release(subscription.id, due)

    async def _missed(self, subscription: Subscription, since: datetime, until: datetime) -> News:
        window = self._finder.window(until)
        return await self._finder.since(max(since, until - _LONGEST_PAUSE), subscription, window)

    async def _shown(self, found: News, subscription: Subscription, now: datetime) -> View:
        items = best(found.items, wishes(subscription.settings), now)
        told = await self._parts.told(items, self._finder.reader(subscription))
        if not told:
            return quiet_view((), ())
        day = local_time(now, subscription.settings.schedule.tz).date()
        title, left = heading(Reason.SLOT, len(told), 1, 1, day), len(found.items) - len(items) + found.unread
        kinds = subscription.settings.sections
        return part_view(title, told, kinds, (), ending=True, left=left, place=Place.ANSWER, day=day)
