"""Divides Discord's servers into shards, and the shards into groups that several processes can share.

Each shard is a connection of its own, which gets the events of its servers. Direct messages come over shard 0. See
https://docs.discord.com/developers/events/gateway#sharding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.delivery.pacing import Limits
from bot.platforms.discord.client import PLATFORM

#: Messages a second that all groups together may send as replies. Answers to commands and buttons do not count.
_REPLIES = 10


@dataclass(frozen=True, slots=True)
class Duty:
    """The share of one service in the platform's work.

    Attributes:
        part: Its name as a part of the work that only one process at a time may do.
        posts: Whether it sends posts.
        shards: The numbers of the shards that it connects. None means all of them.
        total: The number of all shards. None means as many as Discord recommends.
        groups: The number of groups of shards.
    """

    part: str = PLATFORM
    posts: bool = True
    shards: range | None = None
    total: int | None = None
    groups: int = 1

    @property
    def listens(self) -> bool:
        """Whether it connects any shard."""
        return self.shards is None or len(self.shards) > 0

    @property
    def is_shared(self) -> bool:
        """Whether other services have other shards."""
        return self.groups > 1

    def limits(self, limits: Limits) -> Limits:
        """Its share of the token's limits: posts leave room for the replies, which are sent elsewhere."""
        if not self.is_shared or limits.rate is None:
            return limits
        if self.posts:
            return replace(limits, rate=limits.rate - _REPLIES, answers=0)
        return replace(limits, rate=max(1, _REPLIES // self.groups), answers=0)


@dataclass(frozen=True, slots=True)
class Sharding:
    """The shards and their groups.

    Attributes:
        total: The number of shards. None means as many as Discord recommends; then there is one group.
        groups: The number of groups.
    """

    total: int | None = None
    groups: int = 1

    def duties(self) -> list[Duty]:
        """Returns what is done by one process each: everything, or the posts and each group of shards."""
        if self.groups == 1 or self.total is None:
            return [Duty(total=self.total)]
        bounds = [self.total * number // self.groups for number in range(self.groups + 1)]
        groups = [
            Duty(f"{PLATFORM}:{number}", False, range(*bounds[number : number + 2]), self.total, self.groups)
            for number in range(self.groups)
        ]
        return [Duty(PLATFORM, True, range(0), self.total, self.groups), *groups]
