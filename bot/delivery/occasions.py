"""Occasions: reasons to post, before anything is written about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from bot.chats import Destination
from bot.delivery.model import Delivery
from bot.subscriptions.model import Subscription


class OccasionState(StrEnum):
    """The state of an occasion."""

    PENDING = "pending"
    COMPOSED = "composed"
    EMPTY = "empty"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Occasion:
    """A reason to post.

    Attributes:
        key: ``slot:2025-03-14T08:00``, ``report:7:v2`` or ``quiet:2025-03-14T07:00``. Unique within its subscription.
        due: When the post is to be composed.
        since: Stories that arrived after this time are included.
        version: The story that arrived, for an occasion about one story.
    """

    id: int
    subscription: int
    key: str
    due: datetime
    since: datetime
    version: str | None = None


class Advanced(NamedTuple):
    """A subscription after the tick. The other fields of a `bot.subscriptions.model.Subscription` stay as they are."""

    id: int
    cursor: datetime | None
    since: datetime | None
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A new version of a report, and the deliveries that show an earlier version."""

    id: int
    version: str
    report: int
    number: int


@dataclass(frozen=True, slots=True)
class Telling:
    """A record that a part shows a version of a report."""

    report: int
    number: int
    part: int


@dataclass(frozen=True, slots=True)
class Finished:
    """An occasion that was composed, or that needs no post.

    Attributes:
        parts: The parts of its post.
        tellings: The stories in them.
    """

    occasion: Occasion
    state: OccasionState
    parts: Sequence[Delivery] = ()
    tellings: Sequence[Telling] = ()


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """What a chat was told of some stories.

    Attributes:
        numbers: The number of the latest version of each report that it was shown.
        stories: The stories of which it was shown a report.
    """

    numbers: Mapping[int, int]
    stories: frozenset[int]


@dataclass(frozen=True, slots=True)
class Held:
    """Stories that wait for the end of quiet hours or for a chosen day."""

    count: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """A share of all chats: share ``number`` of so many.

    All occasions of a chat are in one share. Whoever composes a share composes them one after the other, so that each
    post knows what the one before it has told.
    """

    number: int
    shares: int


ALL = Share(0, 1)


class HeldStore(Protocol):
    """Stores posts that wait for the end of quiet hours or for a chosen day."""

    async def waiting(self, subscription: int, now: datetime) -> Occasion | None:
        """Returns the first occasion of a subscription that waits, or None."""

    async def release(self, subscription: int, due: datetime) -> None:
        """Changes the time of all occasions of a subscription that wait."""


class OccasionStore(Protocol):
    """Stores occasions for the tick and the composer. Every method is one transaction.

    Attributes:
        lanes: How many calls of `advance` at the same time are faster than one after the other.
    """

    lanes: int

    async def advance(
        self, now: datetime, most: int, step: Callable[[Subscription], tuple[Occasion | None, Advanced]]
    ) -> int:
        """Turns due subscriptions into occasions, in one transaction. Returns how many were due.

        It leaves out those that another transaction is changing.

        Args:
            step: Returns the occasion and the changes. It is called once for all that have equal settings and times,
                so the subscription that it gets has neither number nor destination.
        """

    async def arrived(self, most: int) -> list[Arrived]:
        """Returns new versions that have not been handled, the oldest first."""

    async def wanting_arrivals(self) -> list[Subscription]:
        """Returns the subscriptions that post stories as they arrive."""

    async def handled(
        self, arrivals: Sequence[int], occasions: Iterable[Occasion], edits: Sequence[Delivery], now: datetime
    ) -> None:
        """Stores the occasions and edits for new versions, and marks the versions as handled, in one transaction."""

    async def tellings(self, report_id: int, before: int) -> list[Delivery]:
        """Returns the sent posts that show an earlier version of a report."""

    async def pending(
        self, platforms: Sequence[str], now: datetime, most: int, ahead: int, share: Share = ALL
    ) -> list[Occasion]:
        """Returns due occasions of the chats of a share, of platforms with fewer than ``ahead`` waiting posts."""

    async def due_shares(self, now: datetime, shares: int) -> list[int]:
        """Returns the numbers of the shares that have due occasions."""

    async def postpone(self, occasion_id: int, due: datetime) -> None:
        """Postpones an occasion."""

    async def told(self, where: Destination, stories: Iterable[int]) -> ToldBefore:
        """Returns what a destination was told of these stories."""

    async def finish(self, finished: Sequence[Finished], now: datetime) -> None:
        """Stores the parts of posts with their stories, and the states of the occasions, in one transaction.

        Occasions that another process has composed are left out, and so are posts whose chat has left or paused.
        """

    async def enqueue(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Adds deliveries to the ledger. Deliveries that exist already are not changed."""

    async def prune(self, before: datetime) -> None:
        """Deletes occasions that were finished before the given time."""
