"""Finds what a chat has not been told, among all the stories that came in since its last post."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.chats import Destination
from bot.delivery.occasions import ToldBefore
from briefings.digest import Item, Wishes, news, shortlist
from briefings.library import Library
from briefings.scope import Viewer
from briefings.story_store import WindowEntry

#: So many reports are read at a time, the best first, until enough of them are news.
_PAGE, _ENOUGH = 100, 50
_NOTHING = ToldBefore({}, frozenset())


class ToldStore(Protocol):
    """Reads what chats were told."""

    async def told(self, where: Destination, stories: Iterable[int]) -> ToldBefore:
        """Returns what a destination was told of these stories."""


@dataclass(frozen=True, slots=True)
class News:
    """The best of what a chat has not been told.

    Attributes:
        unread: How many more stories there may be, which were not looked at.
    """

    items: Sequence[Item]
    unread: int = 0


class NewsWindow:
    """Reads the stories that came in up to ``now``. It is used for one run of the composer: its results are kept."""

    def __init__(self, library: Library, store: ToldStore, now: datetime) -> None:
        self._library = library
        self._store = store
        self._now = now
        self._entries: dict[object, list[WindowEntry]] = {}
        self._news: dict[object, News] = {}

    async def untold(self, where: Destination, viewer: Viewer, since: datetime, wishes: Wishes, every: bool) -> News:
        """Returns what the chat wants and was not told.

        Args:
            every: Whether all stories are needed, not only the best.
        """
        entries = await self._since(viewer, since)
        told = await self._store.told(where, {entry.story for entry in entries})
        return await self._untold(viewer, since, told, wishes, every)

    async def best(self, viewer: Viewer, since: datetime, wishes: Wishes) -> News:
        """Returns the best that anybody would be told who has been told nothing."""
        return await self._untold(viewer, since, _NOTHING, wishes, every=False)

    async def _untold(self, viewer: Viewer, since: datetime, told: ToldBefore, wishes: Wishes, every: bool) -> News:
        """Returns the news of a chat that was told so much. Most chats have been told the same."""
        key = (viewer, since, tuple(sorted(told.numbers.items())), told.stories, wishes, every)
        if key not in self._news:
            self._news[key] = await self._read(await self._since(viewer, since), told, viewer, wishes, every=every)
        return self._news[key]

    async def _since(self, viewer: Viewer, since: datetime) -> list[WindowEntry]:
        key = (viewer, since)
        if key not in self._entries:
            self._entries[key] = await self._library.window(viewer, since, self._now)
        return self._entries[key]

    async def _read(
        self, entries: Sequence[WindowEntry], told: ToldBefore, viewer: Viewer, wishes: Wishes, *, every: bool
    ) -> News:
        ranked = shortlist(entries, told.numbers, told.stories, wishes, self._now)
        items: list[Item] = []
        start = 0
        while start < len(ranked) and (every or len(items) < _ENOUGH):
            reports = await self._library.reports(ranked[start : start + _PAGE])
            items += news(reports, told.numbers, told.stories, wishes)
            start += _PAGE
        return News(await with_outlets(self._library, items, viewer), max(0, len(ranked) - start))


async def with_outlets(library: Library, items: Sequence[Item], viewer: Viewer) -> list[Item]:
    """Returns the items with the other outlets that report each story."""
    outlets = await library.also_in(viewer, [item.version for item in items])
    return [replace(item, outlets=outlets.get(item.version.id, ())) for item in items]
