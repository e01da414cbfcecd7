"""The values of delivery: a row of the ledger, its states and the outcomes of a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.chats import Destination


class State(StrEnum):
    """The state of a delivery. The states from ``SENT`` on are final, unless a person decides otherwise."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Op(StrEnum):
    """The operation that the platform is asked to do."""

    POST = "post"
    EDIT = "edit"
    DELETE = "delete"
    #: Open a thread below a message that was posted.
    THREAD = "thread"
    #: Publish a message that was posted to the servers that follow its channel.
    PUBLISH = "publish"


#: Operations that follow a post. Other posts to the same destination do not wait for them.
STEPS = (Op.THREAD, Op.PUBLISH)
#: Operations that can be repeated without harm.
REPEATABLE = (Op.EDIT, Op.DELETE, *STEPS)

#: How often a post in doubt is sent again, if its chat prefers a duplicate to a gap.
MOST_RESENT = 3

#: States in which a delivery may still reach its chat without a person's help.
ACTIVE = (State.PENDING, State.SENDING)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the ledger: a message, or what is done with one that was posted, for one destination.

    Attributes:
        dedup: ``subscription:occasion:part``. Unique in the ledger for ever.
        subscription: The id of the subscription. 0 for an alert to an operator.
        occasion: The key of the occasion, unique within its subscription.
        target: The platform's id of the message that is edited, deleted, published or gets a thread.
        part: The number of this part, from 1 to ``parts``.
        payload: The rendered message. None after its content was deleted. For a deletion: the text that replaces the
            message if the platform cannot delete it.
        composition: The content of the payload as JSON (`bot.posting.compositions`), from which an edit can rebuild it.
        attempts: How often sending was started.
        sending_at: The start of the first request that may have arrived.
        error: The error of the last failed attempt, in the platform's words. A post that was sent keeps it.
        resends: Whether the chat prefers a duplicate to a gap.
        is_repeat: Whether an earlier request may have arrived.
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

    @property
    def attempt(self) -> str:
        """Identifies the last attempt. Buttons carry it, so that an old one decides nothing about a newer attempt."""
        began = self.sending_at.astimezone(UTC) if self.sending_at else None
        return f"{self.state}-{began:%Y%m%d%H%M%S%f}" if began else self.state.value


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform accepted the message and gave it this id."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class Retry:
    """The request never arrived. It may be sent again.

    Attributes:
        after: How long the platform asked for a pause, if it did.
        everywhere: Whether the pause is for all chats.
        same_kind: Whether the pause is only for requests of the same kind in this chat.
    """

    reason: str
    after: timedelta | None = None
    everywhere: bool = False
    same_kind: bool = False


@dataclass(frozen=True, slots=True)
class Migrated:
    """The chat has a new id."""

    chat: str


#: The beginning of the key of a notice to who subscribed.
NOTICE = "notice:"
#: The beginning of the key of a post about a story that somebody follows.
FOLLOWED = "followed:"


@dataclass(frozen=True, slots=True)
class Paused:
    """The bot may not post there, or the chat is gone. Its subscriptions are paused and kept."""

    reason: str


@dataclass(frozen=True, slots=True)
class Dead:
    """The platform will never accept this message."""

    reason: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """The platform refuses what was to follow a post. The post itself is not concerned."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The message may or may not have arrived."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The platform rejects the bot: the token is wrong or was revoked."""

    reason: str


Outcome = Sent | Retry | Migrated | Paused | Dead | Dropped | Uncertain | Stopped


class Sender(Protocol):
    """Sends messages to a platform for the courier."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Makes one request and returns its outcome. Raises nothing except `asyncio.CancelledError`."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The changes that the ledger stores after a request.

    Attributes:
        not_before: The earliest time of the next attempt, if the delivery is pending again.
        chat: The new id of a chat that has moved.
        shifts_chat: Whether the chat's other posts wait until then too.
        shifts_kind: Whether the chat's other requests of the same kind do.
        never_arrived: Whether this request surely did not arrive.
        doubted: The start of an earlier request that may have arrived.
        paused: The reason to pause the chat's subscriptions, if there is one.
        at: The time of the outcome.
    """

    delivery: Delivery
    state: State
    at: datetime
    not_before: datetime | None = None
    remote_id: str | None = None
    error: str | None = None
    chat: str | None = None
    shifts_chat: bool = False
    shifts_kind: bool = False
    never_arrived: bool = False
    doubted: datetime | None = None
    paused: str | None = None


#: A stored time that lies further ahead was written before the clock was put back.
CLOCK_SLACK = timedelta(seconds=5)


class LedgerRefused(Exception):
    """The values break a rule of the database. Trying again does not help."""


class Ledger(Protocol):
    """Stores deliveries. Every method is one transaction."""

    async def due(self, platform: str, now: datetime, most: int, busy: frozenset[Destination]) -> list[Delivery]:
        """Returns pending deliveries that may be sent now: the first of each destination that is not in ``busy``."""

    async def begin(
        self, deliveries: list[Delivery], now: datetime, epoch: int, resend_within: timedelta | None
    ) -> list[Delivery]:
        """Marks deliveries as being sent, durably. Returns those that were still pending.

        A delivery that may have arrived longer ago than ``resend_within`` becomes uncertain instead.
        """

    def may_send(self) -> bool:
        """Whether marked deliveries may still leave. If not, another process may be sending by now."""

    async def settle(self, settled: list[Settled], epoch: int) -> None:
        """Stores outcomes, all or none.

        Raises:
            LedgerRefused: One of them breaks a rule of the database.
        """

    async def release(self, deliveries: list[Delivery], epoch: int) -> None:
        """Makes deliveries pending again that were marked but not sent. They are passed as `due` returned them."""

    async def in_doubt(self, platform: str, most: int) -> list[Delivery]:
        """Returns the newest uncertain posts whose content is still stored."""

    async def found(self, one: Delivery, remote_id: str, now: datetime) -> bool:
        """Stores that an uncertain post was found on the platform. Returns whether it was still uncertain."""

    async def put_back(self, platform: str, now: datetime, by: timedelta) -> None:
        """Adjusts pending deliveries after the clock was put back, so that they do not wait longer."""

    async def recover(self, platform: str, now: datetime, resend_within: timedelta | None) -> int:
        """Begins a new epoch and returns its number. Deliveries that a dead process left in ``sending`` become
        uncertain.

        Args:
            resend_within: For how long the platform recognises a repeated message. None if it does not.
        """
