"""Turns feed items into stories in two steps: reads the page of an item, then analyses its article.

If the page fails, the feed's own text is the article. Between the two steps the article is stored with the item, so
that another process can take the second step.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.feeds.model import FeedStore, PendingItem
from bot.ingest.pages import PageReader, may_pass
from bot.ingest.poller import page_job
from bot.queues.model import Job, JobQueue, Task
from bot.storage.database.errors import StorageError
from briefings.errors import LimitExceeded, SourceError
from briefings.library import Library
from briefings.model import Article
from briefings.scope import OPERATOR, Scope
from briefings.sources.feeds import item_article
from briefings.sources.links import is_same_site
from briefings.story_store import Report
from briefings.workers import Workers

_log = structlog.stdlib.get_logger("nutgraf.feeds")

_MOST_PENDING = 200
#: After so many attempts at a page, the feed's own text is taken instead.
_TRIES = 3
#: After so many attempts, about four days, an item without a text in the feed is given up.
_MOST_TRIES = 20
#: The wait after the first attempt. It doubles with each attempt, up to the longest.
_WAIT, _LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=6)
#: Somewhere it is tomorrow already.
_ZONES = timedelta(hours=14)


class TagStore(Protocol):
    """Stores the tags of reports."""

    async def report_of(self, version: str) -> Report | None:
        """The report to which a version belongs."""

    async def tag(self, report: int, tags: frozenset[str]) -> None:
        """Adds tags to a report."""


class Intake:
    """Reads the pages of new feed items and analyses their articles."""

    def __init__(
        self,
        feeds: FeedStore,
        pages: PageReader,
        library: Library,
        *,
        tags: TagStore,
        workers: Workers,
        queue: JobQueue,
        clock: Callable[[], datetime],
    ) -> None:
        self._feeds = feeds
        self._pages = pages
        self._library = library
        self._tags = tags
        self._workers = workers
        self._queue = queue
        self._clock = clock

    async def request(self) -> None:
        """Puts a job into the queue for each item that is to be read or analysed."""
        pending = await self._feeds.pending(self._clock(), _MOST_PENDING)
        await self._queue.put(
            _analysis(one) if one.is_read else page_job(one.id, one.item, one.feed) for one in pending
        )

    async def read(self, number: int) -> None:
        """Reads the page of an item and keeps its article, or schedules another attempt."""
        await self._guarded(number, self._read)

    async def analyse(self, number: int) -> None:
        """Makes a story of the article of an item, or schedules another attempt."""
        await self._guarded(number, self._analyse)

    async def _guarded(self, number: int, step: Callable[[PendingItem], Awaitable[None]]) -> None:
        """Takes a step of an item, if there still is one to take. A failure counts as an attempt."""
        pending = await self._feeds.item(number, self._clock())
        if pending is None:
            return
        try:
            await step(pending)
        except LimitExceeded as error:
            if error.limit != "queue":  # otherwise the workers are busy, and the item stays pending
                await self._try_again(pending, error)
        except SourceError as error:
            await self._failed(pending, error)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  # a mistake of ours, which the item would bring about at each try
            _log.exception("item_crashed", feed=pending.feed.id, address=pending.item.url)
            await self._try_again(pending, error)

    async def _read(self, pending: PendingItem) -> None:
        if pending.is_read or await self._is_known(pending):
            return
        article = await self._article(pending)
        if article is None:
            await self._feeds.postpone(pending.id, self._clock() + _wait(pending.attempts))
            return
        async with self._queue.unit_of_work():
            await self._feeds.keep_article(pending.id, article)
            await self._queue.put([_analysis(pending)])

    async def _analyse(self, pending: PendingItem) -> None:
        article = await self._feeds.article(pending.id)
        if article is None or await self._is_known(pending):
            return
        source = pending.feed.source
        now = self._clock()
        if article.published is not None and article.published > (now + _ZONES).date():
            article = replace(article, published=None)  # a mistake, or the day of an event
        added = await self._library.add(replace(article, shown=source.shown), now, Scope(tags=source.tags))
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
            if may_pass(error) and pending.attempts + 1 < _TRIES:
                return None
            if await self._is_better_known(item.url, pending):
                raise
            try:
                article = await self._from_feed(pending)
            except SourceError:
                if may_pass(error) and pending.attempts + 1 < _MOST_TRIES:
                    return None
                raise error from None  # the error of the page helps the operator more than that of the feed
            _log.info("page_replaced_by_feed", address=item.url, error=repr(error))
            return article

    async def _is_better_known(self, url: str, pending: PendingItem) -> bool:
        """Whether the library has a text from this address that the feed's own text must not replace.

        That is the text of the page itself. A feed of another site may be no source for this address at all.
        """
        known = await self._library.at(OPERATOR, url)
        if known is None:
            return False
        return not known.article.is_excerpt or not is_same_site(url, pending.feed.source.address)

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


def _analysis(pending: PendingItem) -> Job:
    """The job that analyses the article of an item."""
    return Job(Task.ANALYSE, pending.id, f"item:{pending.id}")


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
