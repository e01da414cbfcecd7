"""Reads deliveries: those that are due, and those that operators and commands ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from bot.chats import Destination
from bot.delivery.model import STEPS, Delivery, Op, State
from bot.delivery.troubles import MINUTE, Trouble, trouble_of
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.statements import begins_with
from bot.storage.database.tables import delivery
from bot.storage.due import due_deliveries
from bot.storage.rows import readable

_MOST_TROUBLES = 500


@retries_conflicts
class DeliveryQueries:
    """The ledger's queries. None of them changes anything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due_rows(self, platform: str, now: datetime, most: int, busy: frozenset[Destination]) -> list[Any]:
        """The rows of pending deliveries that may go, the first of each destination, but for those in ``busy``."""
        first: dict[str, Any] = {}
        values = {"for": platform, "now": now, "most": most, "busy": [str(where) for where in busy]}
        async with self._database.read() as connection:
            # Doubtful ones first: platforms recognise a repeated message only for a short time.
            for statement in (due_deliveries(is_doubted=True), due_deliveries(is_doubted=False)):
                for row in await connection.execute(statement, values):
                    first.setdefault(row.destination, row)
        return list(first.values())

    async def in_doubt(self, platform: str, most: int) -> list[Delivery]:
        """Returns the newest uncertain posts whose content is still stored."""
        ours = and_(delivery.c.state == State.UNCERTAIN, begins_with(delivery.c.destination, f"{platform}:"))
        statement = select(delivery).where(ours, delivery.c.op == Op.POST, delivery.c.payload.is_not(None))
        async with self._database.read() as connection:
            newest = statement.order_by(delivery.c.id.desc()).limit(most)
            return readable_deliveries(await connection.execute(newest))

    async def get(self, number: int) -> Delivery | None:
        """Returns the delivery with that number, or None."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(delivery).where(delivery.c.id == number))).all()
        return next(iter(readable_deliveries(rows)), None)

    async def latest(self, most: int, where: Destination | None = None, state: State | None = None) -> list[Delivery]:
        """Returns the newest deliveries, optionally only of one destination or in one state.

        Of a destination, what followed a post is left out where it went well.
        """
        statement = select(delivery).order_by(delivery.c.id.desc()).limit(most)
        if where is not None:
            is_told = or_(delivery.c.op.not_in(STEPS), delivery.c.state == State.CANCELLED)
            statement = statement.where(delivery.c.destination == str(where), is_told)
        if state is not None:
            statement = statement.where(delivery.c.state == state)
        async with self._database.read() as connection:
            return readable_deliveries(await connection.execute(statement))

    async def counts(self) -> dict[State, int]:
        """Returns the number of deliveries in each state."""
        statement = select(delivery.c.state, func.count()).group_by(delivery.c.state)
        async with self._database.read() as connection:
            known = set(State)
            return {State(state): number for state, number in await connection.execute(statement) if state in known}

    async def troubles(self, since: datetime) -> list[Delivery]:
        """Returns the uncertain and dead posts created since then, the oldest first. Alerts are not included."""
        statement = (
            select(delivery)
            .where(delivery.c.state.in_((State.UNCERTAIN, State.DEAD)), delivery.c.created >= since)
            .where(delivery.c.subscription > 0)
            .order_by(delivery.c.id.desc())
            .limit(_MOST_TROUBLES)
        )
        async with self._database.read() as connection:
            return readable_deliveries((await connection.execute(statement)).all()[::-1])

    async def failed(self, trouble: Trouble) -> list[Delivery]:
        """The posts that failed in one way and that nobody has decided about, the oldest first."""
        moment, begins = func.coalesce(delivery.c.sending_at, delivery.c.created), trouble.begins
        statement = (
            select(delivery)
            .where(delivery.c.state == trouble.state, delivery.c.subscription > 0)
            .where(moment >= begins, moment < begins + MINUTE)
            .order_by(delivery.c.id)
        )
        async with self._database.read(long_running=True) as connection:
            posts = readable_deliveries(await connection.execute(statement))
        return [one for one in posts if trouble_of(one) == trouble]

    async def longest_waiting(self, before: datetime) -> Delivery | None:
        """Returns the oldest post created before then that is still waiting."""
        statement = (
            select(delivery)
            .where(delivery.c.state == State.PENDING, delivery.c.subscription > 0, delivery.c.created < before)
            .where(delivery.c.op.not_in(STEPS))
            .order_by(delivery.c.id)
            .limit(1)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return next(iter(readable_deliveries(rows)), None)


def readable_deliveries(rows: Iterable[Any]) -> list[Delivery]:
    """The deliveries of those rows that can be read."""
    return readable(rows, read_delivery, "delivery")


def read_delivery(row: Any) -> Delivery:
    """Returns the delivery in a row."""
    return Delivery(
        row.id,
        row.dedup,
        row.subscription,
        Destination.parse(row.destination),
        row.payload,
        row.not_before,
        row.expires_at,
        Op(row.op),
        row.target,
        row.part,
        row.parts,
        row.composition,
        State(row.state),
        row.attempts,
        row.remote_id,
        row.sending_at,
        row.error,
        row.created,
        row.occasion,
        row.resends,
    )
