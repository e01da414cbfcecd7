"""What platforms told us and we have not answered yet: stored before the platform forgets it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.chats import Destination


class AlreadyHandled(Exception):
    """Something was done already: what was to be done once more must not be kept."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that happened on a platform.

    Attributes:
        number: The platform's own number of it.
        body: As the platform said it, as JSON.
        reply: What is to be said, as JSON, where it was handled already and perhaps not said.
    """

    id: int
    number: int
    body: str
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """An update that is not tried any more, until an operator says so."""

    id: int
    platform: str
    received: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was sent, and the versions that it tells of."""

    where: Destination
    message: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """That the reply to something was said, and by which messages."""

    incoming: int
    said: tuple[Said, ...]


class Inbox(Protocol):
    """Where updates are kept from their arrival until they are answered; every method is one transaction."""

    async def store(self, platform: str, bodies: Sequence[tuple[int, str]], now: datetime) -> list[Incoming]:
        """Keeps updates, by their numbers, and returns those that were not known yet."""

    async def unanswered(self, platform: str) -> list[Incoming]:
        """Those that were not done with when the process ended, the oldest first."""

    async def begin_again(self, incoming: int) -> int:
        """Counts an attempt to answer what an earlier process left unanswered; how many there were before."""

    async def set_aside(self, incoming: int, reason: str) -> None:
        """Tries it no more."""

    def unit_of_work(self) -> AbstractAsyncContextManager[None]:
        """Within it all stores write in one transaction, which ends with it."""

    async def handled(self, incoming: int, reply: str | None) -> None:
        """What it asked for was done, and ``reply`` is to be said; None: nothing is, and it is done with.

        Raises:
            AlreadyHandled: It was done before.
        """

    async def done(self, answered: Sequence[Answered]) -> None:
        """Replies were said, and replies to their messages are about what they tell."""

    async def prune(self, before: datetime) -> None:
        """Forgets what arrived before then and was done with."""
