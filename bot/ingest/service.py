"""Operations on feeds and pages: find, add, check, and read one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.feeds.model import Feed, FeedCounts, FeedSource, FeedStore, Origin
from bot.ingest.channels import ChannelIntake
from bot.ingest.intake import Intake
from bot.ingest.pages import PageReader
from bot.ingest.poller import Poller
from bot.queues.model import JobQueue
from briefings.errors import SourceError
from briefings.fetching.client import Client
from briefings.fetching.discovery import FoundFeed, discover
from briefings.model import Article
from briefings.workers import Workers

_WEEK = timedelta(days=7)


class IngestService:
    """Feeds and pages for the command line, chats and the scheduler."""

    def __init__(
        self,
        feeds: FeedStore,
        client: Client,
        workers: Workers,
        *,
        intake: Intake,
        pages: PageReader,
        channels: ChannelIntake,
        queue: JobQueue,
        clock: Callable[[], datetime],
    ) -> None:
        self.feeds = feeds
        self.poller = Poller(feeds, client, workers, clock, queue)
        self.intake = intake
        self.channels = channels
        self._pages = pages
        self._client = client
        self._workers = workers
        self._clock = clock

    async def declare(self, sources: Iterable[FeedSource]) -> None:
        """Replaces the feeds that the settings declared earlier by ``sources``."""
        await self.feeds.declare(sources, self._clock())

    async def find(self, address: str) -> list[FoundFeed]:
        """The feed at an address or, if it is a page, the feeds of its site.

        Raises:
            SourceError: No feed is found, or the address cannot be fetched.
            LimitExceeded: Reading takes too long.
        """
        return await discover(self._client, self._workers, address)

    async def add(self, source: FeedSource, title: str = "") -> Feed | None:
        """Adds a feed. Returns None if it exists; then it gets the tags that are new, unless the settings name it.

        Args:
            title: What it is called until it is read.
        """
        added = await self.feeds.add(source, self._clock(), title)
        known = None if added else await self.named(source.address)
        if known is not None and known.source.origin is not Origin.CONFIG:
            await self.feeds.tag(known.id, source.tags)
        return added

    async def named(self, which: str) -> Feed | None:
        """The feed with this number, address or name. None if there is none, or if several have the name."""
        number = which.removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 10:
            return await self.feeds.get(int(number))
        known = await self.feeds.all()
        called = [feed for feed in known if feed.name.casefold() == which.casefold()]
        only = called[0] if len(called) == 1 else None
        return next((feed for feed in known if feed.source.address == which), only)

    async def check(self, feed: Feed) -> SourceError | None:
        """Reads a feed now, even if it is not due. Returns the error, or None."""
        return await self.poller.poll(feed)

    async def counts(self, feeds: Iterable[int] | None = None) -> dict[int, FeedCounts]:
        """The results of the items of the last week, of some feeds or of all."""
        return dict(await self.feeds.counts(self._clock() - _WEEK, feeds))

    async def read(self, address: str) -> Article:
        """The article at an address.

        Raises:
            SourceError: The page has no article or cannot be fetched.
            LimitExceeded: Reading takes too long.
        """
        return await self._pages.read(address)
