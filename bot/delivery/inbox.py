"""The inbox stores each update before the platform forgets it and keeps it until it is answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.chats import Destination


class AlreadyHandled(Exception):
    """The update was handled before, or another process handles it now. The transaction must be rolled back."""


class NotHandled(Exception):
    """An update cannot be handled, or not now. It is set aside; the message is the reason, for operators."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update from a platform.

    Attributes:
        number: The platform's number of the update.
        body: The update as JSON.
        reply: The reply as JSON, if the update was handled or set aside and the reply may not have been sent.
        is_counted: Whether the attempt that begins now is already counted.
        process: The number of the process that has just stored it. None if another one may have claimed it.
    """

    id: int
    number: int
    body: str
    reply: str | None = None
    is_counted: bool = False
    process: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SetAside:
    """An update that failed too often. It is only tried again if an operator asks for it."""

    id: int
    platform: str
    received: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was sent, and the versions that it shows."""

    where: Destination
    message: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The messages that were sent as the reply to an update.

    Attributes:
        request: The platform's id of the user's message, if a later edit of it changes the answer.
        asked: The digest of its text (`bot.chats.digest_of`).
        is_kept: Whether the answer to a later edit is a new message and does not replace these ones.
    """

    incoming: int
    said: tuple[Said, ...]
    request: str = ""
    asked: str = ""
    is_kept: bool = False


class Inbox(Protocol):
    """Keeps updates from arrival until they are answered. Every method is one transaction."""

    async def store(
        self, platform: str, bodies: Sequence[tuple[int, str]], now: datetime, beginning: Collection[int] = ()
    ) -> list[Incoming]:
        """Stores updates, each with its number, and returns the new ones.

        Args:
            beginning: The numbers of the updates whose first attempt begins now. The attempt is counted here.
        """

    async def claim(self, platform: str, *, with_own: bool) -> list[Incoming]:
        """Claims the updates that ended processes left unanswered. Returns them, oldest first.

        Args:
            with_own: Whether to return also those that this process has stored itself.
        """

    async def processes(self) -> int:
        """The number of processes that answer updates now, with this one."""

    async def is_ours(self, incoming: Incoming) -> bool:
        """Whether this process is to send the reply of an update. Waits while others may take it for dead."""

    async def begin(self, incoming: int) -> int:
        """Counts an attempt to answer an update. Returns the number of attempts, including this one.

        Raises:
            AlreadyHandled: Another process has claimed it.
        """

    async def set_aside(self, incoming: int, reason: str, reply: str | None) -> None:
        """Sets an update aside: it is not tried again. ``reply`` is sent to the person who wrote.

        Raises:
            AlreadyHandled: It was finished before, or another process has claimed it.
        """

    def unit_of_work(self) -> AbstractAsyncContextManager[None]:
        """Joins all writes inside it, of all stores, into one transaction."""

    async def handled(self, incoming: int, reply: str | None) -> None:
        """Stores that an update was handled and ``reply`` is to be sent. With None the update is finished.

        Raises:
            AlreadyHandled: It was handled before, or another process has claimed it.
        """

    async def done(self, answered: Sequence[Answered]) -> None:
        """Stores that replies were sent. Their updates are finished. Those that were set aside keep their body."""

    async def prune(self, before: datetime) -> None:
        """Deletes finished updates that arrived before the given time."""
