"""A subscription: what a destination wants posted, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.chats import Destination
from briefings.model import SectionKind

EVERY_DAY = frozenset(range(7))


class Mode(StrEnum):
    """When stories are posted."""

    DIGEST = "digest"
    ARRIVAL = "arrival"
    BOTH = "both"


class Uncertain(StrEnum):
    """What becomes of a post of which nobody can tell whether it arrived."""

    HOLD = "hold"
    RESEND = "resend"


class QuietDays(StrEnum):
    """Whether a digest without news is posted: it says so, or it is skipped."""

    SAY = "say"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours ``[start, end)`` of each local day in which nothing is posted; they may cross midnight."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError(f"not a stretch of a day: {self.start}")

    def covers(self, moment: time) -> bool:
        """Whether a local time is in them."""
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True)
class Schedule:
    """Local times on weekdays in a time zone.

    Attributes:
        times: At least one, sorted; none of them in the quiet hours.
        days: 0 is Monday.
        zone: An IANA name.
    """

    times: tuple[time, ...] = (time(8),)
    days: frozenset[int] = EVERY_DAY
    zone: str = "UTC"
    quiet: Quiet | None = None

    def __post_init__(self) -> None:
        if not self.times or not self.days or list(self.times) != sorted(set(self.times)):
            raise ValueError("a schedule needs sorted times and a day")
        if self.quiet and any(self.quiet.covers(one) for one in self.times):
            raise ValueError("a time in the quiet hours")

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone's rules."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True)
class Settings:
    """All that a chat chooses about a subscription.

    Attributes:
        tags: Only stories with one of these; none: all stories.
        include: Only stories that have one of these words; none: all.
        exclude: No stories that have one of these words.
        stories: At most so many in a digest.
        sections: Which sections a story in it shows, a line each.
        language: None: that of the chat.
        corrections: Whether a post is edited when what it told is corrected.
        quiet_days: Whether a digest without news is posted.
    """

    schedule: Schedule = field(default_factory=Schedule)
    tags: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    stories: int = 5
    sections: tuple[SectionKind, ...] = (SectionKind.WHO, SectionKind.CONSEQUENCES)
    language: str | None = None
    silent: bool = False
    mode: Mode = Mode.DIGEST
    uncertain: Uncertain = Uncertain.HOLD
    corrections: bool = False
    quiet_days: QuietDays = QuietDays.SKIP


@dataclass(frozen=True)
class Subscription:
    """What one destination wants.

    Attributes:
        id: Its number; 0 before it is kept.
        created_by: Who subscribed, as ``platform:user``.
        starts: Slots before this moment are none of its: it was made, resumed, or given other times then.
        cursor: The local date and time, without a zone, of the last slot that is done with, if any is: the next one is
            the first after it. So a changed zone neither repeats nor skips a day.
        next_due: When that next slot is; None while paused or without digests.
        paused: Why nothing is posted, or None; empty where somebody said so.
        since: Up to when stories were looked at for it: the next digest begins there.
    """

    id: int
    destination: Destination
    created_by: str
    settings: Settings
    starts: datetime
    cursor: datetime | None = None
    next_due: datetime | None = None
    paused: str | None = None
    since: datetime | None = None


class SubscriptionStore(Protocol):
    """Where subscriptions are kept."""

    async def add(self, subscription: Subscription, most: int) -> Subscription | None:
        """Keeps a new one and gives it its number; None if its destination has ``most`` of them already."""

    async def of(self, where: Destination) -> list[Subscription]:
        """Those of a destination, the oldest first."""

    async def get(self, number: int) -> Subscription | None:
        """The subscription of that number."""

    async def unreadable(self) -> list[tuple[int, str]]:
        """The numbers and destinations of those that cannot be read."""

    async def all(self) -> list[Subscription]:
        """All of them, by destination."""

    async def change(
        self, where: Destination, number: int, edit: Callable[[Subscription], Subscription]
    ) -> Subscription | None:
        """Reads one of a destination's, edits it and keeps it, with nobody between; None if it is not there (any more).

        What ``edit`` raises leaves it as it was.
        """

    async def hold(self, number: int, reason: str) -> None:
        """Pauses one, and ends what is on its way for it."""

    async def bar(self, chat: Destination, reason: str) -> None:
        """Pauses those of a chat and of its threads, since nothing can be posted there."""

    async def let_in(self, chat: Destination, edit: Callable[[Subscription], Subscription]) -> None:
        """Edits those of a chat and its threads that were paused for such a reason."""

    async def move(self, chat: Destination, to: str) -> None:
        """Gives all that is a chat's to its new id."""

    async def remove(self, where: Destination, subscriptions: Sequence[int]) -> None:
        """Deletes some of a destination's."""
