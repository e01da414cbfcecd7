"""The inbox: updates from a platform, stored before the platform forgets them and kept until they are answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.chats import Destination


class AlreadyHandled(Exception):
    """The update was handled before; the changes of this second time must be rolled back."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update.

    Attributes:
        number: The platform's own number of it.
        body: The update itself, as JSON.
        reply: The reply as JSON, where the update was handled, or set aside, and the reply perhaps not sent.
        is_counted: Whether the attempt that begins now is counted already.
    """

    id: int
    number: int
    body: str
    reply: str | None = None
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class SetAside:
    """An update that is not tried again unless an operator asks for it."""

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
    """The messages that were sent as the reply to an update."""

    incoming: int
    said: tuple[Said, ...]


class Inbox(Protocol):
    """Keeps updates from their arrival until they are answered. Every method is one transaction."""

    async def store(
        self, platform: str, bodies: Sequence[tuple[int, str]], now: datetime, beginning: Collection[int] = ()
    ) -> list[Incoming]:
        """Stores updates, each with its number, and returns those that were not known yet.

        Args:
            beginning: The numbers of those whose first attempt begins at once: it is counted here.
        """

    async def unanswered(self, platform: str) -> list[Incoming]:
        """The updates that an earlier process left unanswered, the oldest first."""

    async def begin(self, incoming: int) -> int:
        """Counts an attempt to answer an update, and returns how many there were with this one."""

    async def set_aside(self, incoming: int, reason: str, reply: str | None) -> None:
        """Has an update not tried any more; ``reply`` is to be said to its person."""

    def unit_of_work(self) -> AbstractAsyncContextManager[None]:
        """Within it all stores write in one transaction, which ends with it."""

    async def handled(self, incoming: int, reply: str | None) -> None:
        """An update was handled, and ``reply`` is to be said; None: nothing is, and the update is finished.

        Raises:
            AlreadyHandled: It was handled before.
        """

    async def done(self, answered: Sequence[Answered]) -> None:
        """Replies were said. Their updates are finished, except those that were set aside: these keep their body."""

    async def prune(self, before: datetime) -> None:
        """Deletes finished updates that arrived before then."""
