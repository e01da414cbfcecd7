"""The values of delivery: a row of the ledger, its states, and what may come of a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.chats import Destination


class State(StrEnum):
    """Where a delivery is.  Those from ``SENT`` on are final, but for what a person decides."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Op(StrEnum):
    """What is asked of the platform."""

    POST = "post"
    EDIT = "edit"
    DELETE = "delete"


#: What comes to the same however often it is done.
REPEATABLE = (Op.EDIT, Op.DELETE)

#: A post in doubt is sent again so often at the most, where its chat would rather have it twice.
MOST_RESENT = 3

#: A delivery in one of these may still reach its chat by itself.
ACTIVE = (State.PENDING, State.SENDING)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the ledger: one message, or one edit or deletion of a message, for one destination.

    Attributes:
        dedup: ``subscription:occasion:part``, once in the ledger for ever.
        subscription: Whose post it is, and ``occasion`` which of its posts; 0 for an alert to an operator.
        target: The message that an edit changes or a deletion deletes, by the platform's id.
        part: From 1, of ``parts``.
        payload: What the platform's renderer made; None when its content was blanked. For a deletion, what the message
            says instead where the platform does not delete it.
        composition: What the payload tells, as JSON (`bot.posting.composer`), so that an edit can rebuild it.
        attempts: How often it was begun to be sent.
        sending_at: When the first request that may have arrived was begun.
        error: What went wrong last, in the platform's words.
        resends: Whether its chat would rather have it twice than not at all.
        is_repeat: Whether it may have arrived by an earlier request; a sender is told.
    """

    id: int
    dedup: str
    subscription: int
    destination: Destination
    payload: str | None
    not_before: datetime
    expires_at: datetime
    op: Op = Op.POST
    target: str | None = None
    part: int = 1
    parts: int = 1
    composition: str | None = None
    state: State = State.PENDING
    attempts: int = 0
    remote_id: str | None = None
    sending_at: datetime | None = None
    error: str | None = None
    created: datetime | None = None
    occasion: int = 0
    resends: bool = False
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform has it, under this id."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class Retry:
    """It never arrived.

    Attributes:
        after: How long the platform wants the chat to be left alone, if it says so.
        everywhere: Whether it said so for all chats.
    """

    reason: str
    after: timedelta | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Migrated:
    """The chat has another id now."""

    chat: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The bot may not post there, or the chat is gone: its subscriptions pause and are kept."""

    reason: str


@dataclass(frozen=True, slots=True)
class Dead:
    """The platform will never take this message."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Nobody can tell whether it arrived."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The platform takes nothing from us any more: the token is wrong or revoked."""

    reason: str


Outcome = Sent | Retry | Migrated | Paused | Dead | Uncertain | Stopped


class Sender(Protocol):
    """A platform, as the courier sees it."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Makes one request and tells what came of it; raises nothing but what cancels it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the ledger is to write of a delivery that came back.

    Attributes:
        not_before: For a pending one, when it may go again.
        chat: The chat's new id, for one that has moved.
        shifts_chat: Whether the chat's other posts wait until then too.
        never_arrived: Whether this request surely has not arrived, or the message may arrive twice.
        doubted: Since when it may have arrived, by an earlier request.
        paused: Why the chat's subscriptions pause, if they do.
        at: When.
    """

    delivery: Delivery
    state: State
    at: datetime
    not_before: datetime | None = None
    remote_id: str | None = None
    error: str | None = None
    chat: str | None = None
    shifts_chat: bool = False
    never_arrived: bool = False
    doubted: datetime | None = None
    paused: str | None = None


#: A stored moment that is ahead of the clock by more was written before the clock was put back.
CLOCK_SLACK = timedelta(seconds=5)


class LedgerRefused(Exception):
    """The database will never take what was to be written; it is no matter of waiting."""


class Ledger(Protocol):
    """Where deliveries are kept; every method is one transaction."""

    async def due(self, platform: str, now: datetime, most: int, busy: frozenset[Destination]) -> list[Delivery]:
        """Returns the pending deliveries that may be sent: the first of each destination, without those in ``busy``."""

    async def begin(
        self, deliveries: list[Delivery], now: datetime, epoch: int, resend_within: timedelta | None
    ) -> list[Delivery]:
        """Marks them as being sent, durably, and returns those that still were pending.

        One that may have arrived already, longer ago than ``resend_within``, becomes uncertain instead.
        """

    async def settle(self, settled: list[Settled], epoch: int) -> None:
        """Writes what came of them, all or nothing.

        Raises:
            LedgerRefused: One of them breaks a rule of the database.
        """

    async def release(self, deliveries: list[Delivery], epoch: int) -> None:
        """Makes pending again what was begun and never left; these are the deliveries as `due` gave them."""

    async def in_doubt(self, platform: str, most: int) -> list[Delivery]:
        """Returns the newest uncertain posts whose content is still stored."""

    async def found(self, one: Delivery, remote_id: str, now: datetime) -> bool:
        """Stores that an uncertain post was found on the platform. Returns whether it was still uncertain."""

    async def put_back(self, platform: str, now: datetime, by: timedelta) -> None:
        """Adjusts pending deliveries after the clock was set back, so that they do not wait longer."""

    async def recover(self, platform: str, now: datetime, resend_within: timedelta | None) -> int:
        """Begins a new epoch: what a dead process left in sending is uncertain.

        Args:
            resend_within: Where the platform knows a message that is repeated: for how long.
        """
