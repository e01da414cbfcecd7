"""The query for due deliveries. Couriers run it all the time, so it is built only once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, or_, select

from bot.delivery.model import ACTIVE, STEPS, State
from bot.storage.database.tables import delivery

#: Lets an index find the rows with a time.
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@cache
def due_deliveries(is_doubted: bool) -> Select[Any]:
    """Builds the query for pending deliveries that are the first of their destination, in order of time.

    Its parameters are ``for`` (a platform), ``now``, ``most``, and ``busy`` (destinations to leave out).

    Args:
        is_doubted: Whether to select deliveries that may have arrived already, or those that have not been sent.
    """
    earlier = delivery.alias()
    is_blocked = exists(
        select(earlier.c.id).where(
            earlier.c.destination == delivery.c.destination,
            earlier.c.state.in_(ACTIVE),
            or_(earlier.c.state == State.SENDING, and_(earlier.c.id < delivery.c.id, earlier.c.op.not_in(STEPS))),
        )
    )
    return (
        select(delivery)
        .where(
            delivery.c.platform == bindparam("for"),
            delivery.c.state == State.PENDING,
            delivery.c.not_before <= bindparam("now"),
            delivery.c.expires_at > bindparam("now"),
            ~is_blocked,
            delivery.c.destination.not_in(bindparam("busy", expanding=True)),
            delivery.c.sending_at > _LONG_AGO if is_doubted else delivery.c.sending_at.is_(None),
        )
        .order_by(delivery.c.not_before, delivery.c.id)
        .limit(bindparam("most"))
    )
