"""Chats: where they are, and what the bot remembers of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Destination:
    """A place that can be posted to.

    Attributes:
        platform: Its name in the configuration: ``console``.
        chat: What the platform calls the chat.
        thread: The topic or thread in it, or nothing.
    """

    platform: str
    chat: str
    thread: str = ""

    def __str__(self) -> str:
        """``platform:chat`` or ``platform:chat:thread``, as it is stored and as operators write it."""
        return f"{self.owner}:{self.thread}" if self.thread else self.owner

    @property
    def owner(self) -> str:
        """The chat with all its threads: what it was sent in private is seen in all of them."""
        return f"{self.platform}:{self.chat}"

    @property
    def place(self) -> str:
        """The chat as operators name it, also where one person is answered in private within it (`for_one`)."""
        return self.owner.partition("@")[0]

    def for_one(self, person: str) -> Destination:
        """Where somebody is answered in this chat so that nobody else sees it."""
        return Destination(self.platform, f"{self.chat}@{person}")

    @classmethod
    def parse(cls, text: str) -> Destination:
        """The destination that `__str__` writes.

        Raises:
            ValueError: It is none.
        """
        platform, chat, *thread = text.split(":", 2)
        if not platform or not chat:
            raise ValueError(text)
        return cls(platform, chat, thread[0] if thread else "")


class ChatStore(Protocol):
    """What is remembered of each chat, for a time, so that "/who" is about something."""

    async def remember(self, where: Destination, versions: tuple[str, ...], is_list: bool) -> None:
        """From now on a list is what numbers count in, and a single story is the chat's."""

    async def told(self, where: Destination) -> tuple[str, ...]:
        """What the last answer told of, in its order; nothing if there was none."""

    async def story(self, where: Destination) -> str | None:
        """The story that was last shown by itself: a list, or a question back, chooses none."""

    async def posted(self, where: Destination, message: str, versions: tuple[str, ...]) -> None:
        """Remembers which versions a message of the bot's told of, by what the platform calls the message."""

    async def next_message(self, where: Destination) -> str:
        """A number for the next message, on a platform that does not number its messages."""

    async def about(self, where: Destination, message: str) -> tuple[str, ...]:
        """What that message told of, in its order; nothing if that is not known (any more)."""

    async def language(self, where: Destination) -> str | None:
        """The language that the chat chose, if it did."""

    async def speak(self, where: Destination, language: str) -> None:
        """From now on the chat is answered in that language."""
