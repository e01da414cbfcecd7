"""Chats: their addresses, and what the bot remembers about them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Destination:
    """A place that the bot can post to.

    Attributes:
        platform: The platform's name, such as ``console``.
        chat: The platform's id of the chat.
        thread: The id of the topic or thread, or empty.
    """

    platform: str
    chat: str
    thread: str = ""

    def __str__(self) -> str:
        """Returns ``platform:chat`` or ``platform:chat:thread``, as it is stored and as operators write it."""
        return f"{self.owner}:{self.thread}" if self.thread else self.owner

    @property
    def owner(self) -> str:
        """The chat without its thread. Texts pasted in a chat are visible in all its threads."""
        return f"{self.platform}:{self.chat}"

    @property
    def place(self) -> str:
        """The chat as operators write it, without the person of `for_one`."""
        return self.owner.partition("@")[0]

    def for_one(self, person: str) -> Destination:
        """The place of private answers to one person in this chat."""
        return Destination(self.platform, f"{self.chat}@{person}")

    @classmethod
    def parse(cls, text: str) -> Destination:
        """Parses the result of `__str__`.

        Raises:
            ValueError: The text is not a destination.
        """
        platform, chat, *thread = text.split(":", 2)
        if not platform or not chat:
            raise ValueError(text)
        return cls(platform, chat, thread[0] if thread else "")


@dataclass(frozen=True, slots=True)
class Profile:
    """The name and the usual time zone of a chat.

    Attributes:
        title: Its name, as the platform said last.
        zone: The time zone of new subscriptions, if one was chosen.
    """

    title: str = ""
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a user's message.

    Attributes:
        messages: The platform's ids of the bot's messages that an edit replaces, in order. None of those that confirm a
            change.
        asked: The digest of the user's text.
    """

    messages: tuple[str, ...]
    asked: str


def digest_of(text: str) -> str:
    """Returns a digest of a user's text. The text itself is not kept."""
    return blake2b(text.encode(errors="replace"), digest_size=8).hexdigest()


class ChatStore(Protocol):
    """Conversation memory: it tells which story a command such as "/who" is about."""

    async def remember(self, where: Destination, versions: tuple[str, ...], is_list: bool) -> None:
        """Remembers the stories of the last answer: a numbered list, or the current story."""

    async def told(self, where: Destination) -> tuple[str, ...]:
        """The versions of the last answer, in order. Empty if there was none."""

    async def story(self, where: Destination) -> str | None:
        """The story that was last shown alone, not in a list."""

    async def posted(self, where: Destination, message: str, versions: tuple[str, ...]) -> None:
        """Remembers which versions a message of the bot shows, by the platform's id of the message."""

    async def answered(self, where: Destination, request: str, answer: Answer) -> None:
        """Remembers the answer to a user's message, for the case that the user edits it."""

    async def answer_to(self, where: Destination, request: str) -> Answer | None:
        """The answer to a user's message, if it is one of the chat's last answers and not older than an hour."""

    async def next_message(self, where: Destination) -> str:
        """The next message number, for platforms that do not number messages."""

    async def about(self, where: Destination, message: str) -> tuple[str, ...]:
        """The versions that a message shows, in order. Empty if they are not known."""

    async def language(self, where: Destination) -> str | None:
        """The language that the thread has chosen, or else its chat, or None."""

    async def speak(self, where: Destination, language: str | None) -> None:
        """Sets the language of the chat, or of the thread alone. None: that of the chat, or of the client."""

    async def profile(self, where: Destination) -> Profile:
        """The profile of a chat. Its threads have the same, but names of their own."""

    async def introduce(self, where: Destination, **changed: str | None) -> None:
        """Changes the ``title`` of a chat or thread, or the ``zone`` of the chat."""
