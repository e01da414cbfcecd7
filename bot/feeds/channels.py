"""Channels whose posts become stories, their posts, and the store of such channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.chats import Destination


@dataclass(frozen=True, slots=True)
class ChannelPost:
    """A post in a channel.

    Attributes:
        title: The name of the channel.
        url: The public address of the post, if it has one.
        links: The addresses that the post links to, in order.
    """

    chat: Destination
    title: str
    text: str
    url: str | None = None
    links: tuple[str, ...] = ()


class SourceChatStore(Protocol):
    """Stores the chats whose posts become stories."""

    async def add(self, chat: Destination, tags: frozenset[str]) -> None:
        """Makes a chat a source, or changes its tags."""

    async def remove(self, chat: Destination) -> None:
        """Makes a chat a source no more. Its stories stay."""

    async def tags(self, chat: Destination) -> frozenset[str] | None:
        """Returns the tags of a chat's stories, or None if it is no source."""

    async def all(self) -> list[tuple[Destination, frozenset[str]]]:
        """Returns all sources with the tags of their stories."""
