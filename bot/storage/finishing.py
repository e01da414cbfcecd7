"""Stores composed posts: many occasions with a few statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.delivery.occasions import Finished, OccasionState
from bot.storage.database.engine import Connection
from bot.storage.database.statements import upsert
from bot.storage.database.tables import occasion, subscription, told
from bot.storage.enqueuing import enqueue


async def store_finished(connection: Connection, finished: Sequence[Finished], now: datetime) -> None:
    """Stores the states of pending occasions, and the parts of their posts with the stories that they tell.

    An occasion that another process has composed meanwhile is left out. If the subscription has ended or is paused, its
    occasion is cancelled.
    """
    asked = {one.occasion.subscription for one in finished}
    is_wanted = select(subscription.c.id).where(subscription.c.id.in_(asked), subscription.c.paused.is_(None))
    locked = is_wanted.order_by(subscription.c.id).with_for_update()  # all writers use the same order
    wanted = set((await connection.execute(locked)).scalars())
    ends: dict[OccasionState, list[int]] = {}
    for one in finished:
        state = one.state if one.occasion.subscription in wanted else OccasionState.CANCELLED
        ends.setdefault(state, []).append(one.occasion.id)
    composed: set[int] = set()
    for state, numbers in ends.items():
        changed = await _end(connection, numbers, state)
        composed |= changed if state is OccasionState.COMPOSED else set()
    posts = [one for one in finished if one.occasion.id in composed]
    await enqueue(connection, [part for post in posts for part in post.parts], now)
    rows = [row for post in posts for row in _told_rows(post)]
    if rows:
        await connection.execute(upsert(connection.dialect.name, told).on_conflict_do_nothing(), rows)


async def _end(connection: Connection, numbers: Collection[int], state: OccasionState) -> set[int]:
    """Sets the state of pending occasions. Returns those that were pending."""
    is_pending = occasion.c.id.in_(numbers) & (occasion.c.state == OccasionState.PENDING)
    changed = update(occasion).where(is_pending).values(state=state).returning(occasion.c.id)
    return set((await connection.execute(changed)).scalars())


def _told_rows(post: Finished) -> list[dict[str, object]]:
    if not post.parts:
        return []
    where = str(post.parts[0].destination)
    return [
        {
            "destination": where,
            "report": one.report,
            "number": one.number,
            "occasion": post.occasion.id,
            "part": one.part,
        }
        for one in post.tellings
    ]
