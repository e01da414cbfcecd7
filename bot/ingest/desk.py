"""What operators do with feeds and pages: find, add, check, and read one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.feeds.model import Feed, FeedCounts, FeedSource, FeedStore
from bot.ingest.intake import Intake
from bot.ingest.pages import PageReader
from bot.ingest.poller import Poller
from briefings.errors import SourceError
from briefings.fetching.client import Client
from briefings.fetching.discovery import FoundFeed, discover
from briefings.model import Article
from briefings.workers import Workers

_WEEK = timedelta(days=7)


class IngestDesk:
    """Feeds and pages, for the command line, for chats and for the scheduler."""

    def __init__(
        self,
        feeds: FeedStore,
        client: Client,
        workers: Workers,
        *,
        intake: Intake,
        pages: PageReader,
        clock: Callable[[], datetime],
    ) -> None:
        self.feeds = feeds
        self.poller = Poller(feeds, client, workers, clock)
        self.intake = intake
        self._pages = pages
        self._client = client
        self._workers = workers
        self._clock = clock

    async def declare(self, sources: Iterable[FeedSource]) -> None:
        """Makes the feeds of the configuration those of ``sources``."""
        await self.feeds.declare(sources, self._clock())

    async def find(self, address: str) -> list[FoundFeed]:
        """The feeds at an address: itself, or those of the site there.

        Raises:
            SourceError: The address gives nothing.
            LimitExceeded: What is there takes too long to read.
        """
        return await discover(self._client, self._workers, address)

    async def add(self, source: FeedSource) -> Feed | None:
        """Adds a feed; None if it is there already."""
        return await self.feeds.add(source, self._clock())

    async def named(self, which: str) -> Feed | None:
        """The feed of that number or address."""
        number = which.removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 10:
            return await self.feeds.get(int(number))
        return next((feed for feed in await self.feeds.all() if feed.source.address == which), None)

    async def check(self, feed: Feed) -> SourceError | None:
        """Reads a feed now, whether it is due or not; returns what is wrong with it."""
        return await self.poller.poll(feed)

    async def counts(self) -> dict[int, FeedCounts]:
        """What came of the items of each feed in the last week."""
        return dict(await self.feeds.counts(self._clock() - _WEEK))

    async def read(self, address: str) -> Article:
        """The article at an address.

        Raises:
            SourceError: There is none, or it cannot be fetched.
            LimitExceeded: It takes too long to read.
        """
        return await self._pages.read(address)
