"""Polls feeds: reads those that are due and stores their new items and their health."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from bot.feeds.intervals import backoff, next_interval, usual_gap
from bot.feeds.model import Feed, FeedStore, Reading
from bot.queues.model import Job, JobQueue, Task
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
#: The first poll of a feed takes only so many items, the newest. The others are marked as known.
FIRST_ITEMS = 5
#: New items that were published longer ago than this are not news.
_TOO_OLD = timedelta(days=14)
#: Shorter texts can be those of several items: "Read more".
_LEAST_TEXT = 80


class Poller:
    """Reads feeds when they are due."""

    def __init__(
        self, feeds: FeedStore, client: Client, workers: Workers, clock: Callable[[], datetime], queue: JobQueue
    ) -> None:
        self._feeds = feeds
        self._queue = queue
        self._client = client
        self._workers = workers
        self._clock = clock

    async def request(self) -> None:
        """Puts a job into the queue for each feed that is due."""
        due = await self._feeds.due(self._clock(), _MOST_DUE)
        await self._queue.put(Job(Task.POLL, feed.id, host_lock(feed.source.address)) for feed in due)

    async def take(self, number: int) -> None:
        """Reads a feed, if it is due."""
        feed = await self._feeds.get(number)
        if feed is not None and feed.is_read and feed.next_poll is not None and feed.next_poll <= self._clock():
            await self.poll(feed)

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
        if fetched.moved_to and await self._merged(feed, fetched.moved_to):
            return
        document = None
        if not fetched.is_unchanged:
            document = await self._workers.run(read_feed, fetched.body, fetched.url, fetched.charset)
        now = self._clock()
        reading = await self._reading(feed, fetched, document, now)
        async with self._queue.unit_of_work():
            numbers = await self._feeds.record(feed, reading, now)
            await self._queue.put(page_job(numbers[item.key], item, feed) for item in reversed(reading.pending))
        metrics.FEED_READS.labels("unchanged" if document is None else "read").inc()
        if feed.failures:
            _log.info("feed_recovered", feed=feed.id, address=feed.source.address, failures=feed.failures)
        if reading.moved_to:
            _log.info("feed_moved", feed=feed.id, address=feed.source.address, to=reading.moved_to)

    async def _merged(self, feed: Feed, address: str) -> bool:
        """Whether another feed has the address to which a feed has moved. That one is then read in its place."""
        kept = await self._feeds.merge(feed.id, address, self._clock())
        if kept is not None:
            _log.info("feed_merged", feed=feed.id, address=feed.source.address, into=kept)
        return kept is not None

    async def _reading(self, feed: Feed, fetched: Fetched, document: Document | None, now: datetime) -> Reading:
        items = document.items if document else ()
        known = await self._feeds.fingerprints(feed.id, [item.key for item in items])
        changed = [item for item in items if known.get(item.key) != item.fingerprint]
        moved = await self._moved(feed, [item for item in changed if item.key not in known])
        wanted = [item for item in changed if item.key in known or not (_is_old(item, now) or item.key in moved)]
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

    async def _moved(self, feed: Feed, items: Sequence[FeedItem]) -> frozenset[str]:
        """The keys of the items whose addresses alone are new: their titles and texts were in the feed before.

        Some feeds change the addresses with each read, and some sites move to another host. An item with a date since
        the last read is new: it may be a column that has the same introduction each day.
        """
        told = [item for item in items if len(item.text) >= _LEAST_TEXT and not _is_since(feed.last_read, item)]
        known = await self._feeds.with_fingerprints(feed.id, [item.fingerprint for item in told]) if told else ()
        return frozenset(item.key for item in told if item.fingerprint in known)

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


def page_job(number: int, item: FeedItem, feed: Feed) -> Job:
    """The job that reads the page of an item."""
    return Job(Task.READ, number, host_lock(item.url or feed.source.address))


def host_lock(address: str) -> str:
    """The lock under which a host is asked for one thing at a time, by all processes."""
    try:
        host = urlsplit(address).hostname
    except ValueError:  # the request will say what is wrong with it
        host = address
    return f"host:{host}"


def _is_since(last_read: datetime | None, item: FeedItem) -> bool:
    return last_read is not None and item.published is not None and item.published > last_read


def _is_old(item: FeedItem, now: datetime) -> bool:
    return item.published is not None and now - item.published > _TOO_OLD
