"""Finds the stories that a subscription wants and its chat has not been told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.access import Access
from bot.answers.digests import Reason
from bot.chats import Destination
from bot.delivery.occasions import Occasion, OccasionStore
from bot.posting.compositions import wishes
from bot.posting.window import News, NewsWindow, with_outlets
from bot.subscriptions.model import Subscription
from bot.subscriptions.tastes import TasteStore, taste_for
from briefings.digest import news
from briefings.library import Library
from briefings.scope import Viewer

WINDOW = timedelta(days=1)
#: A story that did not fit into a digest may still appear this much later.
_LEFT_OVER = timedelta(days=1)


def reason_of(occasion: Occasion) -> Reason:
    """Returns why there is something to post."""
    return Reason(occasion.key.partition(":")[0])


class NewsFinder:
    """Reads the library for subscriptions."""

    def __init__(self, store: OccasionStore, library: Library, access: Access, tastes: TasteStore) -> None:
        self._store = store
        self._tastes = tastes
        self._library = library
        self._access = access

    def window(self, now: datetime) -> NewsWindow:
        """Returns the stories that arrived up to ``now``, for one run."""
        return NewsWindow(self._library, self._store, now)

    def reader(self, subscription: Subscription) -> Viewer:
        """Returns the permissions of a subscription's chat."""
        return self._access.reader(subscription.destination)

    async def of(self, occasion: Occasion, subscription: Subscription, window: NewsWindow) -> News:
        """Returns the news for an occasion."""
        if occasion.version is None:
            every = reason_of(occasion) is Reason.QUIET
            return await self.since(_since(occasion, subscription), subscription, window, every=every)
        where, viewer = subscription.destination, self.reader(subscription)
        report = await self._library.report_of(occasion.version)
        if report is None or report.is_hidden or not viewer.sees(report.scope):
            return News(())
        told = await self._store.told(where, [report.story])
        found = news([report], told.numbers, told.stories, wishes(subscription.settings))
        return News(await with_outlets(self._library, found, viewer))

    async def since(
        self, since: datetime, subscription: Subscription, window: NewsWindow, *, every: bool = False
    ) -> News:
        """Returns the news that arrived after a moment.

        Args:
            every: Whether all stories are needed, not only the best.
        """
        wanted = wishes(subscription.settings)
        where = subscription.destination
        return await self._tasted(where, await window.untold(where, self.reader(subscription), since, wanted, every))

    async def recent(self, subscription: Subscription, now: datetime) -> News:
        """Returns the stories of the last day, also those that the chat was told."""
        viewer, wanted = self.reader(subscription), wishes(subscription.settings)
        found = await self.window(now).best(viewer, now - WINDOW, wanted)
        return await self._tasted(subscription.destination, found)

    async def _tasted(self, where: Destination, found: News) -> News:
        """Returns the news with how much the chat likes what each story has."""
        tastes = await self._tastes.tastes(where)
        if not tastes:
            return found
        items = [
            replace(item, taste=taste_for(item.version.article, item.report.scope.tags, tastes)) for item in found.items
        ]
        return replace(found, items=items)


def _since(occasion: Occasion, subscription: Subscription) -> datetime:
    """Stories that arrived after this time are included. A digest looks back one day more, for stories that did not
    fit.
    """
    if reason_of(occasion) is not Reason.SLOT:
        return occasion.since
    return min(occasion.since, max(subscription.starts, occasion.since - _LEFT_OVER))
