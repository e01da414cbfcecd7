"""Adds deliveries to the ledger."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.delivery.model import STEPS, Delivery, Op, Settled, State
from bot.storage.database.engine import Connection
from bot.storage.database.statements import upsert
from bot.storage.database.tables import delivery
from bot.storage.rows import UNREADABLE, report

#: A step that could not be done for so long is not worth doing any more.
_LIFE = timedelta(days=1)


async def enqueue(connection: Connection, deliveries: Sequence[Delivery], now: datetime) -> None:
    """Adds deliveries. Existing ones are not changed."""
    rows: list[dict[str, Any]] = [
        {
            "dedup": one.dedup,
            "platform": one.destination.platform,
            "subscription": one.subscription,
            "occasion": one.occasion,
            "destination": str(one.destination),
            "op": one.op,
            "target": one.target,
            "part": one.part,
            "parts": one.parts,
            "not_before": one.not_before,
            "expires_at": one.expires_at,
            "state": one.state,
            "error": one.error,
            "epoch": 0,
            "attempts": 0,
            "composition": one.composition,
            "payload": one.payload,
            "created": now,
            "resends": one.resends,
        }
        for one in deliveries
    ]
    if rows:
        await connection.execute(upsert(connection.dialect.name, delivery).on_conflict_do_nothing(), rows)


async def enqueue_steps(connection: Connection, sent: Settled) -> None:
    """Adds what its composition says is to follow a post that was sent: a thread below it, or its publishing."""
    post = sent.delivery
    if post.op is Op.POST and sent.state is State.SENT and sent.remote_id is not None:
        steps = [_step(one, post, sent.remote_id, sent.at) for one in _steps_of(post)]
        await enqueue(connection, steps, sent.at)


def _steps_of(post: Delivery) -> list[Op]:
    try:
        wanted = json.loads(post.composition or "{}").get("steps", [])
        return [Op(one) for one in wanted if one in STEPS]
    except UNREADABLE as error:
        report("composition", post.id, error)
        return []


def _step(op: Op, post: Delivery, message: str, now: datetime) -> Delivery:
    return Delivery(
        0,
        f"{op}:{post.id}",
        post.subscription,
        post.destination,
        post.payload,
        now,
        now + _LIFE,
        op,
        message,
        occasion=post.occasion,
    )
