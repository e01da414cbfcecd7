"""A feed and its items."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed.

    Attributes:
        url: Where its page is, without trackers; None if it has none.
        id: What the feed calls it; some feeds change it with each edit.
        title: Its words, without markup; empty if it has none.
        text: Its text as the feed has it: HTML or plain.
        published: When it was published, or updated where nothing else is said; some feeds change it.
    """

    url: str | None
    id: str
    title: str
    text: str = field(repr=False)
    published: datetime | None = None

    @property
    def key(self) -> str:
        """What makes two items the same one: the address, else the id, else the title."""
        return _digest(self.url or f"id:{self.id}" if self.url or self.id else f"title:{self.title}")

    @property
    def fingerprint(self) -> str:
        """Changes when the item is edited; ids and dates do not count, since some feeds change them each time."""
        return _digest(f"{self.title}\n{' '.join(self.text.split())}")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: what it calls itself, and its items, the newest first where it dates them.

    Attributes:
        site: The address of its site.
        interval: How long it asks to wait between two reads.
    """

    title: str
    items: tuple[FeedItem, ...]
    site: str | None = None
    interval: timedelta | None = None


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
