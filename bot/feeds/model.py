"""A feed that is read regularly, its items, and the store of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from briefings.errors import SourceError
from briefings.fetching.headers import Validators
from briefings.model import Article

if TYPE_CHECKING:  # slow to import
    from briefings.sources.feeds import FeedItem

#: The bounds of the time between two reads, where the operator sets none.
LEAST, MOST = timedelta(minutes=10), timedelta(hours=6)


class Origin(StrEnum):
    """Where a feed was added."""

    CONFIG = "config"
    COMMAND = "command"
    CHAT = "chat"


class ItemState(StrEnum):
    """The states of an item."""

    PENDING = "pending"  # its page is to be read, or its article to be analysed
    DONE = "done"
    SKIPPED = "skipped"  # older than the bot wants it
    FAILED = "failed"  # it gave no article


@dataclass(frozen=True, slots=True)
class FeedSource:
    """The operator's settings of a feed.

    Attributes:
        tags: The tags of its stories. A stored feed has those of the feeds of its site merged into it, too.
        shown: How many characters of a story are shown in full; None: all. The rest is at its address.
        least: The shortest time between two reads, and ``most`` the longest.
    """

    address: str
    tags: frozenset[str] = frozenset()
    shown: int | None = None
    least: timedelta = LEAST
    most: timedelta = MOST
    origin: Origin = Origin.COMMAND


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is stored.

    Attributes:
        interval: The time between two reads, which adapts to how often the feed changes.
        failures: How often in a row it could not be read.
        error: Why it could not be read the last time.
        last_read: When it was read without an error.
        newest: When the last new item was found.
        usual_gap: The usual time between two of its items.
        ended: Whether it is gone for good and not read any more.
        merged_into: The number of the feed at the address to which it has moved. That feed is read in its place.
    """

    id: int
    source: FeedSource
    title: str = ""
    validators: Validators = field(default_factory=Validators)
    interval: timedelta = LEAST
    next_poll: datetime | None = None
    failures: int = 0
    error: SourceError | None = None
    last_read: datetime | None = None
    newest: datetime | None = None
    usual_gap: timedelta | None = None
    ended: bool = False
    merged_into: int | None = None

    @property
    def is_read(self) -> bool:
        """Whether it is read regularly."""
        return not self.ended and self.merged_into is None

    @property
    def name(self) -> str:
        """The name of the feed, for operators: an address can hold a password or a key."""
        return self.title or self.source.address

    @property
    def public_name(self) -> str:
        """The name of the feed, for everybody."""
        return self.title or f"Feed {self.id}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a successful read of a feed changes.

    Attributes:
        moved_to: The new address, if the old one redirects to it permanently.
        pending: Items whose pages are to be read; ``skipped`` are known from now on and never read.
        present: The keys of all items that the feed has now.
    """

    title: str
    validators: Validators
    interval: timedelta
    next_poll: datetime
    moved_to: str | None = None
    usual_gap: timedelta | None = None
    pending: Sequence[FeedItem] = ()
    skipped: Sequence[FeedItem] = ()
    present: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PendingItem:
    """An item that is to become a story.

    Attributes:
        attempts: How often its page could not be read, or its article not be analysed.
        is_read: Whether its article was read and is to be analysed.
    """

    id: int
    feed: Feed
    item: FeedItem
    attempts: int
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class FeedCounts:
    """The number of items of a feed that became stories in the last week, and of those that did not."""

    stories: int = 0
    failed: int = 0


class FeedStore(Protocol):
    """Stores feeds and their items."""

    async def add(self, source: FeedSource, now: datetime, title: str = "") -> Feed | None:
        """Adds a feed, due at once; None if there is one at that address. Its first read may change the title."""

    async def declare(self, sources: Iterable[FeedSource], now: datetime) -> None:
        """Makes the feeds of the configuration those of ``sources``."""

    async def all(self) -> list[Feed]:
        """All feeds, by address."""

    async def get(self, feed: int) -> Feed | None:
        """The feed of that number."""

    async def remove(self, feed: int) -> None:
        """Removes a feed; its stories stay."""

    async def due(self, now: datetime, most: int) -> list[Feed]:
        """The feeds that are to be read, those that wait longest first."""

    async def fingerprints(self, feed: int, keys: Iterable[str]) -> Mapping[str, str]:
        """The fingerprints of the items of these keys that are known."""

    async def with_fingerprints(self, feed: int, fingerprints: Iterable[str]) -> frozenset[str]:
        """Those of the fingerprints that items of the feed have."""

    async def tag(self, feed: int, tags: frozenset[str]) -> None:
        """Adds tags to those of a feed."""

    async def record(self, feed: Feed, reading: Reading, now: datetime) -> Mapping[str, int]:
        """Stores a read and its items, in one transaction. Returns the numbers of its pending items, by their keys."""

    async def merge(self, feed: int, address: str, now: datetime) -> int | None:
        """Lets the feed at ``address`` be read in place of a feed that has moved there.

        It is due at once. Returns its number, or None if no other feed has that address.
        """

    async def record_failure(self, feed: Feed, error: SourceError, next_poll: datetime, *, ended: bool = False) -> None:
        """Stores that a feed could not be read."""

    async def pending(self, now: datetime, most: int) -> list[PendingItem]:
        """Items that are to be read or analysed now, the oldest first."""

    async def item(self, number: int, now: datetime) -> PendingItem | None:
        """The item of that number, or None if there is nothing to do for it now."""

    async def keep_article(self, item: int, article: Article) -> None:
        """Keeps the article of an item until it is analysed."""

    async def article(self, item: int) -> Article | None:
        """The article of an item that is to be analysed."""

    async def twin(self, item: FeedItem) -> str | None:
        """The version that the same item of another feed became."""

    async def finish(self, item: int, version: str) -> None:
        """The item became that version."""

    async def postpone(self, item: int, until: datetime) -> None:
        """The item's page could not be read, or its article not be analysed; it is tried again."""

    async def give_up(self, item: int) -> None:
        """The item gives no article."""

    async def counts(self, since: datetime, feeds: Iterable[int] | None = None) -> Mapping[int, FeedCounts]:
        """Returns the results of the items since then of some feeds, or of all."""

    async def prune(self, before: datetime) -> None:
        """Forgets the items that no feed has had since then."""
