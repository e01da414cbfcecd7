"""Turns the outcome of a request into changes of the ledger. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.delivery.model import (
    CLOCK_SLACK,
    MOST_RESENT,
    REPEATABLE,
    Dead,
    Delivery,
    Dropped,
    Migrated,
    Outcome,
    Paused,
    Retry,
    Sent,
    Settled,
    State,
    Stopped,
    Uncertain,
)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Rules for repeating messages that never arrived and messages in doubt.

    Attributes:
        first: The wait after the first failure. It doubles with each failure, up to ``longest``.
        attempts: After this many attempts the message is dead.
        resend_within: For how long the platform recognises a repeated message (Discord's nonce). None if it does not.
    """

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=5)
    attempts: int = 12
    resend_within: timedelta | None = None

    def back_off(self, attempts: int, jitter: float) -> timedelta:
        """The wait after so many attempts. ``jitter`` in [0, 1) spreads the second half of it."""
        doublings: int = 2 ** min(attempts - 1, 30)
        return min(self.longest, self.first * doublings) * (0.5 + jitter / 2)


def settle(  # noqa: PLR0917  # pure, and each of them decides
    delivery: Delivery,
    outcome: Outcome,
    now: datetime,
    jitter: float,
    policy: RetryPolicy,
    doubted: datetime | None = None,
) -> Settled:
    """The changes that the ledger stores. ``delivery.attempts`` includes the attempt that just ended.

    Args:
        doubted: The start of an earlier request that may have arrived. If set, a permanent failure makes the post
            uncertain and not dead.
    """
    settled = _settled(delivery, outcome, now, jitter, policy)
    if doubted is None or isinstance(outcome, Sent | Uncertain):
        return settled
    lost = settled.state in {State.DEAD, State.CANCELLED}
    return replace(settled, doubted=doubted, state=State.UNCERTAIN if lost else settled.state)


def _settled(  # noqa: PLR0911  # a table of outcomes
    delivery: Delivery, outcome: Outcome, now: datetime, jitter: float, policy: RetryPolicy
) -> Settled:
    match outcome:
        case Sent(remote_id):
            return Settled(delivery, State.SENT, now, remote_id=remote_id)
        case Retry(reason, after):
            if delivery.attempts >= policy.attempts and after is None:
                return Settled(
                    delivery, State.DEAD, now, error=f"given up after {delivery.attempts} attempts: {reason}"
                )
            wait = policy.back_off(delivery.attempts, jitter) if after is None else after
            return Settled(
                delivery,
                State.PENDING,
                now,
                now + wait,
                error=reason,
                shifts_chat=after is not None and not outcome.same_kind,
                shifts_kind=after is not None and outcome.same_kind,
                never_arrived=True,
            )
        case Migrated(chat):
            return Settled(
                delivery, State.PENDING, now, now, error=f"the chat is {chat} now", chat=chat, never_arrived=True
            )
        case Paused(reason):
            return Settled(delivery, State.CANCELLED, now, error=reason, paused=reason)
        case Dropped(reason):
            return Settled(delivery, State.CANCELLED, now, error=reason)
        case Dead(reason):
            return Settled(delivery, State.DEAD, now, error=reason)
        case Uncertain(reason):
            return _in_doubt(delivery, reason, now, policy.back_off(delivery.attempts, jitter), policy)
        case Stopped(reason):
            return Settled(delivery, State.PENDING, now, now, error=reason, never_arrived=True)


def _in_doubt(delivery: Delivery, reason: str, now: datetime, wait: timedelta, policy: RetryPolicy) -> Settled:
    """Repeats the message if the platform recognises repeats or the chat prefers duplicates. Otherwise it stays
    uncertain.
    """
    if delivery.op in REPEATABLE:
        return _settled(delivery, Retry(reason), now, 0, policy)
    if may_repeat(delivery, now, policy):
        return Settled(delivery, State.PENDING, now, now + wait, error=reason)
    # Repeats that the platform recognises are counted in the attempts, not in the resends.
    if delivery.resends and delivery.attempts < (MOST_RESENT if policy.resend_within is None else policy.attempts):
        return Settled(delivery, State.PENDING, now, now + wait, error=reason, never_arrived=True)
    return Settled(delivery, State.UNCERTAIN, now, error=reason)


def may_repeat(delivery: Delivery, now: datetime, policy: RetryPolicy) -> bool:
    """Whether the platform would recognise a repeated message as the same one."""
    within, first = policy.resend_within, delivery.sending_at
    return within is not None and first is not None and -CLOCK_SLACK <= now - first < within
