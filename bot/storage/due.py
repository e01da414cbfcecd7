"""Which deliveries may go: asked for at every beat of a courier, so that the statement is built once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, or_, select

from bot.delivery.model import ACTIVE, State
from bot.storage.database.tables import delivery

#: What an index is asked for that finds those that have a moment.
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@cache
def due_deliveries(is_doubted: bool) -> Select[Any]:
    """Pending deliveries that nothing of their destination's goes before, by the moment from which they may go.

    Its values are ``for``, a platform, ``now``, ``most``, and ``busy``, destinations that are left out.

    Args:
        is_doubted: Whether those that may have arrived already, or those that surely have not.
    """
    earlier = delivery.alias()
    is_blocked = exists(
        select(earlier.c.id).where(
            earlier.c.destination == delivery.c.destination,
            earlier.c.state.in_(ACTIVE),
            or_(earlier.c.state == State.SENDING, earlier.c.id < delivery.c.id),
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
