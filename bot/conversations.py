"""What the bot remembers of a chat, so that "/who" is about something."""

from __future__ import annotations

from typing import Protocol


class ConversationStore(Protocol):
    """Which versions the last answer in each chat told of."""

    async def remember(self, chat: str, versions: tuple[str, ...]) -> None:
        """From now on these, in this order, are what the chat was told last."""

    async def told(self, chat: str) -> tuple[str, ...]:
        """What the chat was told last; nothing if it was told nothing."""
