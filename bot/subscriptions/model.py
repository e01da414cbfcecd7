"""A subscription with its settings and schedule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.chats import Destination
from briefings.model import SectionKind

EVERY_DAY = frozenset(range(7))


class Mode(StrEnum):
    """Whether stories are posted in a digest, as they arrive, or both."""

    DIGEST = "digest"
    ARRIVAL = "arrival"
    BOTH = "both"


class Uncertain(StrEnum):
    """The policy for a post that may or may not have arrived."""

    HOLD = "hold"
    RESEND = "resend"


class QuietDays(StrEnum):
    """Whether a digest without news is posted: it says so, or it is skipped."""

    SAY = "say"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours ``[start, end)`` of each local day without posts. They can cross midnight."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError(f"not a stretch of a day: {self.start}")

    def covers(self, moment: time) -> bool:
        """Returns whether a local time is in the quiet hours."""
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True)
class Schedule:
    """The local times and weekdays of posts in a time zone.

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
        """The time zone with its rules."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a server. Its members are pinged by each post.

    Attributes:
        id: The platform's id.
        name: Its name when it was chosen.
    """

    id: str
    name: str = ""


@dataclass(frozen=True)
class Settings:
    """The settings of a subscription.

    Attributes:
        tags: Only stories with one of these; none: all stories.
        include: Only stories that have one of these words; none: all.
        exclude: No stories that have one of these words.
        stories: At most so many in a digest.
        sections: Which sections a story in it shows, a line each.
        language: None: that of the chat.
        corrections: Whether a post is edited when what it told is corrected.
        quiet_days: Whether a digest without news is posted.
        role: The role that each post pings, where the platform has roles.
        thread: Whether each post gets a thread, where the platform has threads below messages.
        publish: Whether each post is published to the servers that follow the channel.
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
    role: Role | None = None
    thread: bool = False
    publish: bool = False


#: The end of a user's pause that somebody has to end, while the bot cannot post.
ENDLESS = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Subscription:
    """The subscription of a destination.

    Attributes:
        id: Its number, or 0 before it is stored.
        created_by: The user who subscribed, as ``platform:user``.
        starts: Earlier slots do not count: the subscription was created, resumed or rescheduled then.
        cursor: The local date and time of the last slot that was handled, without a time zone. The next slot is the
            first one after it, so that a change of the zone neither repeats nor skips a day.
        next_due: The time of the next slot, or None while paused or without digests.
        paused: The reason of the pause, empty if a user paused it, or None if it is active.
        since: The start of the next digest: earlier stories have been considered already.
        is_channel: Whether only administrators write in the chat, so that nobody can give a command there.
        paused_until: The time at which a user's pause ends by itself, or None if somebody has to end it. While the
            bot cannot post, this is kept for the pause that goes on when it can again: `ENDLESS` if it has no end, None
            if there is none.
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
    is_channel: bool = False
    paused_until: datetime | None = None


class SubscriptionStore(Protocol):
    """Stores subscriptions."""

    async def add(self, subscription: Subscription, most: int) -> Subscription | None:
        """Stores a new subscription and returns it with its number, or None if the destination already has ``most``."""

    async def of(self, where: Destination) -> list[Subscription]:
        """Returns the subscriptions of a destination, the oldest first."""

    async def get(self, number: int) -> Subscription | None:
        """Returns the subscription with that number, or None."""

    async def unreadable(self) -> list[tuple[int, str]]:
        """The numbers and destinations of those that cannot be read."""

    async def all(self) -> list[Subscription]:
        """Returns all subscriptions, sorted by destination."""

    async def managed(self, user: str, chats: frozenset[str]) -> list[Subscription]:
        """Returns the subscriptions that a user has added, and those of chats and their threads."""

    async def halted(self) -> list[Subscription]:
        """Returns the subscriptions that are paused, but not by a user."""

    async def rested(self, now: datetime) -> list[Subscription]:
        """Returns the subscriptions whose pause is over, in the order of its ends."""

    async def change(
        self, where: Destination, number: int, edit: Callable[[Subscription], Subscription]
    ) -> Subscription | None:
        """Edits a subscription in one transaction and returns it, or None if it does not exist.

        If ``edit`` raises, nothing is changed.
        """

    async def hold(self, number: int, reason: str) -> None:
        """Pauses a subscription and cancels its pending posts. The end of a user's pause is kept."""

    async def bar(self, chat: Destination, reason: str) -> None:
        """Pauses the subscriptions of a chat and its threads, because the bot cannot post there.

        Those that a user has paused are kept so that the pause can go on later.
        """

    async def let_in(self, chat: Destination, edit: Callable[[Subscription], Subscription]) -> None:
        """Edits the subscriptions of a chat and its threads that `bar` has paused."""

    async def move(self, chat: Destination, to: str) -> None:
        """Moves everything of a chat to its new id."""

    async def remove(self, where: Destination, subscriptions: Sequence[int]) -> None:
        """Deletes subscriptions of a destination."""
