"""A feed and its items."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed.

    Attributes:
        url: The address of its page, without trackers. None if it has none.
        id: The feed's id for it. Some feeds change it with each edit.
        title: The title without markup. Empty if it has none.
        text: The text as in the feed: HTML or plain.
        published: When it was published, or else updated. Some feeds change it.
        key: Identifies the item: the address, or else the id, or else the title.
        fingerprint: Changes when the item is edited. Ids and dates are ignored, because some feeds change them every
            time.
    """

    url: str | None
    id: str
    title: str
    text: str = field(repr=False)
    published: datetime | None = None

    # Both are computed while the feed is read, in a worker, because feeds can be long.
    key: str = field(init=False)
    fingerprint: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        name = self.url or (f"id:{self.id}" if self.id else f"title:{self.title}")
        object.__setattr__(self, "key", _digest(name))
        object.__setattr__(self, "fingerprint", _digest(f"{self.title}\n{' '.join(self.text.split())}"))


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its title and its items, newest first if they have dates.

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
