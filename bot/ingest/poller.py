"""Polls feeds: reads those that are due and stores their new items and their health."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from bot.feeds.intervals import backoff, next_interval, usual_gap
from bot.feeds.model import Feed, FeedStore, Reading
from bot.runtime import metrics
from briefings.errors import (
    AddressGone,
    FeedTooComplex,
    LimitExceeded,
    ServerBusy,
    SourceError,
)
from briefings.fetching.client import ACCEPT_FEED, Client, Fetched
from briefings.sources.feeds import Feed as Document
from briefings.sources.feeds import FeedItem, read_feed
from briefings.workers import Workers

_log = structlog.stdlib.get_logger("nutgraf.feeds")

_MOST_DUE = 500
_AT_ONCE = 20
#: The first poll of a feed takes only so many items, the newest. The others are marked as known.
FIRST_ITEMS = 5
#: New items that were published longer ago than this are not news.
_TOO_OLD = timedelta(days=14)

Work = TypeVar("Work")


class Poller:
    """Reads feeds when they are due."""

    def __init__(self, feeds: FeedStore, client: Client, workers: Workers, clock: Callable[[], datetime]) -> None:
        self._feeds = feeds
        self._client = client
        self._workers = workers
        self._clock = clock

    async def run(self) -> None:
        """Reads all due feeds, several at a time."""
        await in_parallel(await self._feeds.due(self._clock(), _MOST_DUE), self.poll, _AT_ONCE)

    async def poll(self, feed: Feed) -> SourceError | None:
        """Reads a feed now. Returns the error, or None."""
        try:
            fetched = await self._client.fetch(feed.source.address, ACCEPT_FEED, feed.validators)
            await self._store(feed, fetched)
        except ServerBusy as error:
            return await self._failed(feed, error, timedelta(seconds=error.seconds))
        except SourceError as error:
            return await self._failed(feed, error)
        except LimitExceeded as error:
            if error.limit == "queue":  # the workers are busy, and the feed stays due
                return None
            return await self._failed(feed, FeedTooComplex(feed.source.address))
        return None

    async def _store(self, feed: Feed, fetched: Fetched) -> None:
        """Stores the result of a fetch."""
        document = None
        if not fetched.is_unchanged:
            document = await self._workers.run(read_feed, fetched.body, fetched.url, fetched.charset)
        now = self._clock()
        reading = await self._reading(feed, fetched, document, now)
        await self._feeds.record(feed, reading, now)
        metrics.FEED_READS.labels("unchanged" if document is None else "read").inc()
        if feed.failures:
            _log.info("feed_recovered", feed=feed.id, address=feed.source.address, failures=feed.failures)
        if reading.moved_to:
            _log.info("feed_moved", feed=feed.id, address=feed.source.address, to=reading.moved_to)

    async def _reading(self, feed: Feed, fetched: Fetched, document: Document | None, now: datetime) -> Reading:
        items = document.items if document else ()
        known = await self._feeds.fingerprints(feed.id, [item.key for item in items])
        changed = [item for item in items if known.get(item.key) != item.fingerprint]
        wanted = [item for item in changed if item.key in known or not _is_old(item, now)]
        if feed.last_read is None:
            wanted = wanted[:FIRST_ITEMS] or changed[:FIRST_ITEMS]
        kept = {item.key for item in wanted}
        interval = next_interval(feed, bool(wanted), [fetched.fresh_for, document.interval if document else None])
        return Reading(
            document.title if document else "",
            fetched.validators if document else feed.validators,
            interval,
            now + interval,
            fetched.moved_to,
            usual_gap([item.published for item in items]),
            wanted,
            [item for item in changed if item.key not in kept],
            frozenset(item.key for item in items),
        )

    async def _failed(self, feed: Feed, error: SourceError, asked: timedelta = timedelta()) -> SourceError:
        metrics.FEED_READS.labels("failed").inc()
        is_gone = isinstance(error, AddressGone)
        if feed.failures and not is_gone:
            _log.debug("feed_still_fails", feed=feed.id, error=repr(error), failures=feed.failures + 1)
        else:
            _log.warning("feed_failed", feed=feed.id, address=feed.source.address, error=repr(error), ended=is_gone)
        next_poll = self._clock() + backoff(feed, asked)
        await self._feeds.record_failure(feed, error, next_poll, ended=is_gone)
        return error


async def in_parallel(items: Iterable[Work], work: Callable[[Work], Awaitable[object]], at_once: int) -> None:
    """Calls ``work`` for each item, ``at_once`` at a time.

    Raises:
        BaseExceptionGroup: Some calls failed. All items were tried.
    """
    free = asyncio.Semaphore(at_once)

    async def one(item: Work) -> None:
        async with free:
            await work(item)

    done = await asyncio.gather(*map(one, items), return_exceptions=True)
    failed = [error for error in done if isinstance(error, BaseException)]
    if failed:
        raise BaseExceptionGroup("some work failed", failed)


def _is_old(item: FeedItem, now: datetime) -> bool:
    return item.published is not None and now - item.published > _TOO_OLD
