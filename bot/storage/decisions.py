"""What a person decides about a post in doubt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select, update

from bot.delivery.model import Delivery, Op, State
from bot.storage.database.engine import Connection
from bot.storage.database.tables import delivery, subscription
from bot.storage.outcomes import lose, tell_again, was_told_since

_DECIDABLE = (State.UNCERTAIN, State.DEAD, State.EXPIRED)
#: Whether the subscription of a post still exists. Other messages, edits and deletions need none.
_IS_SUBSCRIBED = or_(
    delivery.c.op != Op.POST,
    delivery.c.subscription == 0,
    exists(select(subscription.c.id).where(subscription.c.id == delivery.c.subscription)),
)


async def decide(connection: Connection, seen: Delivery, state: State, now: datetime, expires_at: datetime) -> bool:
    """Resolves a delivery, as `bot.storage.ledger.Deliveries.decide` describes."""
    is_it = and_(
        delivery.c.id == seen.id,
        delivery.c.state == seen.state,
        delivery.c.state.in_(_DECIDABLE),
        delivery.c.sending_at.is_not_distinct_from(seen.sending_at),
        delivery.c.payload.is_not(None),
    )
    wanted = is_it if state is not State.PENDING else and_(is_it, _IS_SUBSCRIBED)
    if (await connection.execute(select(delivery.c.id).where(wanted).with_for_update())).one_or_none() is None:
        return False
    if state is State.DEAD:
        await lose(connection, [seen.id], state, "decided by a person")
        return True
    values: dict[str, Any] = {"state": state}
    if state is State.PENDING:
        if await was_told_since(connection, seen.id):
            return False
        values |= {"not_before": now, "expires_at": expires_at, "attempts": 0, "sending_at": None}
    await connection.execute(update(delivery).where(is_it).values(values))
    await tell_again(connection, seen.id)
    return True
