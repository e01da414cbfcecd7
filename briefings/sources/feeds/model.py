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
        key: What makes two items the same one: the address, else the id, else the title.
        fingerprint: Changes when the item is edited. Ids and dates do not count: some feeds change them each time.
    """

    url: str | None
    id: str
    title: str
    text: str = field(repr=False)
    published: datetime | None = None

    # Both are made where the feed is read: a feed may be long.
    key: str = field(init=False)
    fingerprint: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        name = self.url or (f"id:{self.id}" if self.id else f"title:{self.title}")
        object.__setattr__(self, "key", _digest(name))
        object.__setattr__(self, "fingerprint", _digest(f"{self.title}\n{' '.join(self.text.split())}"))


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
