"""What the bot remembers of a chat, so that "/who" is about something."""

from __future__ import annotations

from typing import Protocol


class ConversationStore(Protocol):
    """Which versions the last answers in each chat told of."""

    async def remember(self, chat: str, versions: tuple[str, ...]) -> None:
        """From now on these are what numbers count in; a single one is the chat's story as well."""

    async def told(self, chat: str) -> tuple[str, ...]:
        """What the last answer told of, in its order; nothing if there was none."""

    async def story(self, chat: str) -> str | None:
        """The story that was last shown by itself: a list, or a question back, chooses none."""
