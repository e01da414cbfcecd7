"""Occasions: reasons to post, before anything is written about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.chats import Destination
from bot.delivery.model import Delivery
from bot.subscriptions.model import Subscription


class OccasionState(StrEnum):
    """What became of an occasion."""

    PENDING = "pending"
    COMPOSED = "composed"
    EMPTY = "empty"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Occasion:
    """A reason to post.

    Attributes:
        key: ``slot:2025-03-14T08:00``, ``report:7:v2`` or ``quiet:2025-03-14T07:00``; once for each subscription.
        due: When.
        since: The stories that came in after this are told.
        version: The one story that it is about, for one that arrived.
    """

    id: int
    subscription: int
    key: str
    due: datetime
    since: datetime
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A new version of somebody's report, and the deliveries that told an earlier one."""

    id: int
    version: str
    report: int
    number: int


@dataclass(frozen=True, slots=True)
class Telling:
    """That a part tells a version of a report."""

    report: int
    number: int
    part: int


class OccasionStore(Protocol):
    """What the tick and the composer read and write; every method is one transaction."""

    async def advance(
        self, now: datetime, most: int, step: Callable[[Subscription], tuple[Occasion | None, Subscription]]
    ) -> int:
        """Turns due subscriptions into occasions and moves them on, in one transaction; returns how many were due."""

    async def arrived(self, most: int) -> list[Arrived]:
        """New versions that nobody has looked at yet, the oldest first."""

    async def wanting_arrivals(self) -> list[Subscription]:
        """Subscriptions that post stories as they arrive."""

    async def handled(
        self, arrivals: Sequence[int], occasions: Iterable[Occasion], edits: Sequence[Delivery], now: datetime
    ) -> None:
        """Writes what follows from new versions, and that they were looked at, in one transaction."""

    async def tellings(self, report_id: int, before: int) -> list[Delivery]:
        """The posts that told an earlier version of a report and stand in their chats."""

    async def pending(self, platforms: Sequence[str], now: datetime, most: int, ahead: int) -> list[Occasion]:
        """Occasions that are due, on each platform as long as fewer than ``ahead`` posts wait there."""

    async def postpone(self, occasion_id: int, due: datetime) -> None:
        """Lets an occasion wait until then."""

    async def told(self, where: Destination, reports: Iterable[int]) -> dict[int, int]:
        """The latest version, by its number, that a destination was told of each of these reports."""

    async def told_stories(self, where: Destination, stories: Iterable[int]) -> set[int]:
        """Those of these stories of which the destination was told a report."""

    async def finish(
        self,
        done: Occasion,
        state: OccasionState,
        parts: Sequence[Delivery],
        tellings: Sequence[Telling],
        now: datetime,
    ) -> bool:
        """Writes the parts of a post, what they tell, and what became of its occasion, in one transaction.

        Returns:
            Whether it was written: not if somebody else composed it, or its chat left or paused meanwhile.
        """

    async def enqueue(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Puts deliveries into the ledger; one that is there already stays as it is."""

    async def prune(self, before: datetime) -> None:
        """Deletes occasions that were done with before then; no slot of theirs can come again."""
