"""Stories that a person follows: each new report and version is sent to their private chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.chats import Destination

#: The most stories that a chat can follow at once.
MOST_FOLLOWED = 50


@dataclass(frozen=True, slots=True)
class Follower:
    """A chat that follows a story.

    Attributes:
        since: What arrived before is not told.
    """

    destination: Destination
    since: datetime


class FollowStore(Protocol):
    """Stores which chats follow which stories. A story is named by the id of one of its versions."""

    async def follow(self, where: Destination, version: str, now: datetime) -> bool:
        """Follows the story of a version. Returns False if the chat follows too many stories."""

    async def unfollow(self, where: Destination, version: str) -> None:
        """Follows the story of a version no more."""

    async def follows(self, where: Destination, version: str) -> bool:
        """Returns whether a chat follows the story of a version."""

    async def followed(self, where: Destination) -> list[str]:
        """Returns the newest version of each story that a chat follows, the last one followed first."""

    async def followers(self, stories: Sequence[int]) -> dict[int, list[Follower]]:
        """Returns the followers of each of these stories, by the number of the story."""
