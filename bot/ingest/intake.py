"""Turns feed items into stories: reads the page of each item, or uses the feed's text if the page fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.feeds.model import FeedStore, PendingItem
from bot.ingest.pages import PageReader
from bot.ingest.poller import in_parallel
from bot.storage.database.errors import StorageError
from briefings.errors import (
    FetchTimeout,
    HostUnknown,
    LimitExceeded,
    ResponseInvalid,
    ServerBusy,
    ServerUnreachable,
    SourceError,
    StatusRefused,
)
from briefings.library import Library
from briefings.model import Article
from briefings.scope import Scope
from briefings.sources.feeds import item_article
from briefings.story_store import Report
from briefings.workers import Workers

_log = structlog.stdlib.get_logger("nutgraf.feeds")

_MOST_PENDING = 200
_AT_ONCE = 4
#: After so many attempts at a page, the feed's own text is taken instead.
_TRIES = 3
#: After so many attempts, about four days, an item without a text in the feed is given up.
_MOST_TRIES = 20
#: The wait after the first attempt. It doubles with each attempt, up to the longest.
_WAIT, _LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=6)
_PASSING = (ServerBusy, ServerUnreachable, FetchTimeout, HostUnknown, ResponseInvalid)
_SERVER_ERROR = 500


class TagStore(Protocol):
    """Stores the tags of reports."""

    async def report_of(self, version: str) -> Report | None:
        """The report to which a version belongs."""

    async def tag(self, report: int, tags: frozenset[str]) -> None:
        """Adds tags to a report."""


class Intake:
    """Reads the pages of new feed items."""

    def __init__(
        self,
        feeds: FeedStore,
        pages: PageReader,
        library: Library,
        *,
        tags: TagStore,
        workers: Workers,
        clock: Callable[[], datetime],
    ) -> None:
        self._feeds = feeds
        self._pages = pages
        self._library = library
        self._tags = tags
        self._workers = workers
        self._clock = clock

    async def run(self) -> None:
        """Reads all pending items, several at a time."""
        await in_parallel(await self._feeds.pending(self._clock(), _MOST_PENDING), self._guarded, _AT_ONCE)

    async def _guarded(self, pending: PendingItem) -> None:
        """Takes an item. A failure is logged and does not affect other items."""
        try:
            await self.take(pending)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  # a mistake of ours, which the item would bring about at each try
            _log.exception("item_crashed", feed=pending.feed.id, address=pending.item.url)
            await self._try_again(pending, error)

    async def take(self, pending: PendingItem) -> None:
        """Adds the item's story, or schedules another attempt."""
        if await self._is_known(pending):
            return
        try:
            article = await self._article(pending)
        except LimitExceeded as error:
            if error.limit != "queue":  # otherwise the workers are busy, and the item stays pending
                await self._try_again(pending, error)
            return
        except SourceError as error:
            await self._failed(pending, error)
            return
        if article is None:
            await self._feeds.postpone(pending.id, self._clock() + _wait(pending.attempts))
            return
        source = pending.feed.source
        article = replace(article, shown=source.shown)
        added = await self._library.add(article, self._clock(), Scope(tags=source.tags))
        await self._feeds.finish(pending.id, added.version.id)

    async def _is_known(self, pending: PendingItem) -> bool:
        """Whether another feed has brought the same item. If so, its story gets the tags of this feed too."""
        version = await self._feeds.twin(pending.item)
        report = await self._tags.report_of(version) if version else None
        if version is None or report is None:
            return False
        if new := pending.feed.source.tags - report.scope.tags:
            await self._tags.tag(report.id, new)
        await self._feeds.finish(pending.id, version)
        return True

    async def _article(self, pending: PendingItem) -> Article | None:
        """The article of an item. None if its page is to be tried again later.

        Raises:
            SourceError: Neither the page nor the feed has an article.
        """
        item = pending.item
        if item.url is None:
            return await self._from_feed(pending)
        try:
            return _completed(await self._pages.read(item.url), pending)
        except SourceError as error:
            if _may_pass(error) and pending.attempts + 1 < _TRIES:
                return None
            try:
                article = await self._from_feed(pending)
            except SourceError:
                if _may_pass(error) and pending.attempts + 1 < _MOST_TRIES:
                    return None
                raise error from None  # the error of the page helps the operator more than that of the feed
            _log.info("page_replaced_by_feed", address=item.url, error=repr(error))
            return article

    async def _from_feed(self, pending: PendingItem) -> Article:
        return await self._workers.run(item_article, pending.item, pending.feed.title or None)

    async def _try_again(self, pending: PendingItem, error: Exception) -> None:
        """Schedules another attempt, or gives up after a few failures."""
        if pending.attempts + 1 < _TRIES:
            await self._feeds.postpone(pending.id, self._clock() + _wait(pending.attempts))
        else:
            await self._failed(pending, error)

    async def _failed(self, pending: PendingItem, error: Exception) -> None:
        _log.warning("item_failed", feed=pending.feed.id, address=pending.item.url, error=repr(error))
        await self._feeds.give_up(pending.id)


def _wait(attempts: int) -> timedelta:
    """The time until the next attempt at a page, after so many before this one."""
    doubled: timedelta = _WAIT * 2 ** min(attempts, _MOST_TRIES)
    return min(doubled, _LONGEST_WAIT)


def _completed(article: Article, pending: PendingItem) -> Article:
    """The article of a page. If the page has no date, it gets the date of the feed item."""
    published = pending.item.published
    if article.published is None and published is not None:
        return replace(article, published=published.date())
    return article


def _may_pass(error: SourceError) -> bool:
    """Whether an error of a page may be temporary."""
    return isinstance(error, _PASSING) or (isinstance(error, StatusRefused) and error.status >= _SERVER_ERROR)
