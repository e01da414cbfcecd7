"""The ledger's store: which delivery may go, is going, went, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.chats import Destination
from bot.delivery.gate import Gate
from bot.delivery.model import ACTIVE, CLOCK_SLACK, MOST_RESENT, REPEATABLE, Delivery, LedgerRefused, Op, Settled, State
from bot.storage.clearance import clearance, refuse, rewrite
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.errors import StorageError
from bot.storage.database.statements import upsert
from bot.storage.database.tables import delivery, epoch
from bot.storage.delivery_queries import DeliveryQueries, readable_deliveries
from bot.storage.outcomes import lose, move, pause, remember, tell_again

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: The told rows of a post that never reached its chat go with it, so that its stories come with the next one.
_LOST = (State.DEAD, State.EXPIRED, State.CANCELLED)
#: Why a delivery is given up whose row holds something that this version does not know.
_BROKEN = "this version of the bot cannot read it"
_EXPIRED_AT_ONCE = 500
_BLANKED_AT_ONCE = 1_000


@retries_conflicts
class Deliveries(DeliveryQueries):
    """A `bot.delivery.model.Ledger`; nothing is claimed that the gate holds back."""

    def __init__(self, database: Database, gate: Gate) -> None:
        super().__init__(database)
        self._gate = gate

    async def due(self, platform: str, now: datetime, most: int, busy: frozenset[Destination]) -> list[Delivery]:
        """Pending deliveries that may go, the first of each destination, but for those in ``busy``."""
        rows = await self.due_rows(platform, now, most, busy)
        found = readable_deliveries(rows)
        if broken := {row.id for row in rows} - {one.id for one in found}:
            await self._set_aside(sorted(broken))
        return found

    async def _set_aside(self, broken: list[int]) -> None:
        """Gives up deliveries that cannot be read, so that nothing waits behind them."""
        async with self._database.write() as connection:
            await lose(connection, broken, State.DEAD, _BROKEN)
            # What they ask for may be unknown here; a dead post of that reason is what operators can read.
            await connection.execute(update(delivery).where(delivery.c.id.in_(broken)).values(op=Op.POST))

    async def begin(
        self, deliveries: list[Delivery], now: datetime, number: int, resend_within: timedelta | None
    ) -> list[Delivery]:
        """Marks them as being sent, durably, and returns those that still were pending and may leave as they are.

        What shows a story that its chat may not see is rebuilt without it, and can be claimed the next time.
        """
        if not deliveries:
            return []
        begun, stale = await self._begin(deliveries, now, number, resend_within)
        for one in stale:
            await self._rebuild(one)
        return begun

    async def _begin(
        self, deliveries: list[Delivery], now: datetime, number: int, resend_within: timedelta | None
    ) -> tuple[list[Delivery], list[Delivery]]:
        """Those that were marked, and those that have to be rebuilt first."""
        async with self._database.write() as connection:
            if await _epoch(connection, deliveries[0].destination.platform) != number:
                return [], []
            found = await clearance(connection, self._gate, deliveries)
            await refuse(connection, found.refused)
            await lose(connection, [one.id for one in found.broken], State.DEAD, _BROKEN)
            cleared = [one.id for one in deliveries if one.id not in found.held]
            chosen = and_(delivery.c.id.in_(cleared), delivery.c.state == State.PENDING)
            # What may have arrived, and is too old for the platform to know it again, must not go once more.
            known_since = now - resend_within if resend_within is not None else now
            # A moment in the future is one of before the clock was put back: how long ago that was is unknown.
            is_old = or_(delivery.c.sending_at <= known_since, delivery.c.sending_at > now + CLOCK_SLACK)
            too_old = and_(chosen, is_old)
            held = and_(too_old, delivery.c.resends.is_(False))
            await connection.execute(update(delivery).where(held).values(state=State.UNCERTAIN))
            await connection.execute(update(delivery).where(too_old).values(sending_at=None))
            statement = (
                update(delivery)
                .where(chosen)
                .values(
                    state=State.SENDING,
                    # A message that may have arrived is as old as its first request: that is what a platform remembers.
                    sending_at=func.coalesce(delivery.c.sending_at, now),
                    attempts=delivery.c.attempts + 1,
                    epoch=number,
                )
                .returning(*delivery.c)
            )
            return readable_deliveries(await connection.execute(statement)), found.stale

    async def _rebuild(self, stale: Delivery) -> None:
        """Writes a delivery anew without what its chat may not see; one that cannot be rebuilt is dead."""
        try:
            rebuilt = await self._gate.rebuilt(stale)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001  # one post must not hold up all others
            _log.exception("rebuilding_failed", delivery=stale.id)
            async with self._database.write() as connection:
                await lose(connection, [stale.id], State.DEAD, "it could not be created again")
            return
        async with self._database.write() as connection:
            await rewrite(connection, stale, rebuilt)

    async def settle(self, settled: list[Settled], number: int) -> None:
        """Writes what came of them; a courier that lost its place writes nothing."""
        try:
            async with self._database.write() as connection:
                for one in settled:
                    await _settle(connection, one, number)
        except IntegrityError as error:
            raise LedgerRefused(settled) from error

    async def release(self, deliveries: list[Delivery], number: int) -> None:
        """Makes pending again what was begun and never left, as it was before."""
        async with self._database.write() as connection:
            for one in deliveries:
                before = {"state": State.PENDING, "sending_at": one.sending_at, "attempts": one.attempts}
                await connection.execute(update(delivery).where(_is_ours([one.id], number)).values(before))

    async def put_back(self, platform: str, now: datetime, by: timedelta) -> None:
        """Follows a clock that was put back: pending deliveries wait no longer for that."""
        late = and_(delivery.c.platform == platform, delivery.c.state == State.PENDING, delivery.c.not_before > now)
        async with self._database.write() as connection:
            rows = (await connection.execute(select(delivery.c.id, delivery.c.not_before).where(late))).all()
            for number, moment in rows:
                changed = update(delivery).where(delivery.c.id == number)
                await connection.execute(changed.values(not_before=max(now, moment - by)))

    async def recover(self, platform: str, now: datetime, resend_within: timedelta | None) -> int:
        """Begins a new epoch: what a dead process left in sending is uncertain, or sent again where that is safe."""
        async with self._database.write() as connection:
            number = await _epoch(connection, platform) + 1
            adding = upsert(connection.dialect.name, epoch).values(platform=platform, number=number)
            await connection.execute(adding.on_conflict_do_update(index_elements=["platform"], set_={"number": number}))
            left = and_(delivery.c.platform == platform, delivery.c.state == State.SENDING)
            if resend_within is not None:
                fresh = and_(delivery.c.sending_at > now - resend_within, delivery.c.sending_at <= now + CLOCK_SLACK)
                await connection.execute(
                    update(delivery).where(left, fresh).values(state=State.PENDING, not_before=now)
                )
            may_come_twice = or_(delivery.c.op.in_(REPEATABLE), delivery.c.resends.is_(True))
            resent = update(delivery).where(left, may_come_twice, delivery.c.attempts < MOST_RESENT)
            await connection.execute(resent.values(state=State.PENDING, not_before=now, sending_at=None))
            reason = "the bot was stopped before the platform answered"
            await connection.execute(update(delivery).where(left).values(state=State.UNCERTAIN, error=reason))
            return number

    async def found(self, one: Delivery, remote_id: str, now: datetime) -> bool:
        """A post that was in doubt is on the platform; whether it still was in doubt."""
        is_it = and_(delivery.c.id == one.id, delivery.c.state == State.UNCERTAIN)
        async with self._database.write() as connection:
            written = update(delivery).where(is_it).values(state=State.SENT, remote_id=remote_id, error=None)
            if (await connection.execute(written)).rowcount != 1:
                return False
            await remember(connection, Settled(one, State.SENT, now, remote_id=remote_id))
        return True

    async def expire(self, now: datetime) -> int:
        """Ends what nobody wants any more; its stories come with the next post."""
        is_over = and_(delivery.c.state == State.PENDING, delivery.c.expires_at <= now)
        async with self._database.read() as connection:
            old = select(delivery.c.id).where(is_over).limit(_EXPIRED_AT_ONCE)
            ids = (await connection.execute(old)).scalars().all()
        if not ids:
            return 0
        async with self._database.write() as connection:
            still = and_(delivery.c.id.in_(ids), is_over)
            # Of what may have arrived nobody can say that it did not.
            doubted = update(delivery).where(still, delivery.c.sending_at.is_not(None))
            await connection.execute(doubted.values(state=State.UNCERTAIN))
            ids = (await connection.execute(select(delivery.c.id).where(still))).scalars().all()
            await lose(connection, ids, State.EXPIRED, "its time was over before it could be sent")
        return len(ids)

    async def blank(self, before: datetime) -> None:
        """Deletes the content of what was settled before then; the rows stay, so that nothing is posted twice.

        In short transactions: nobody waits for all of it.
        """
        is_old = and_(delivery.c.created < before, delivery.c.state.not_in(ACTIVE), delivery.c.payload.is_not(None))
        last = 0
        while True:
            chunk = select(delivery.c.id).where(delivery.c.id > last, is_old).order_by(delivery.c.id)
            async with self._database.read(long_running=True) as connection:
                ids = (await connection.execute(chunk.limit(_BLANKED_AT_ONCE))).scalars().all()
            if not ids:
                return
            async with self._database.write(long_running=True) as connection:
                blanked = update(delivery).where(delivery.c.id.in_(ids), is_old)
                await connection.execute(blanked.values(payload=None, composition=None))
            last = ids[-1]

    async def decide(self, number: int, state: State, now: datetime, expires_at: datetime) -> bool:
        """A person's word on a delivery that is uncertain or dead: it was sent, or is to be sent again, or is not.

        Returns:
            Whether it could be decided: only what is uncertain, dead or expired can.
        """
        decidable = (State.UNCERTAIN, State.DEAD, State.EXPIRED)
        again: dict[str, Any] = (
            {"not_before": now, "expires_at": expires_at, "attempts": 0, "sending_at": None}
            if state is State.PENDING
            else {}
        )
        async with self._database.write() as connection:
            is_it = and_(delivery.c.id == number, delivery.c.state.in_(decidable), delivery.c.payload.is_not(None))
            if (await connection.execute(select(delivery.c.id).where(is_it).with_for_update())).one_or_none() is None:
                return False
            if state in _LOST:
                await lose(connection, [number], state, "decided by a person")
            else:
                await connection.execute(update(delivery).where(is_it).values(state=state, **again))
                await tell_again(connection, number)
            return True


async def _settle(connection: Connection, one: Settled, number: int) -> None:
    is_ours = _is_ours([one.delivery.id], number)
    if one.state in _LOST:
        if (await connection.execute(select(delivery.c.id).where(is_ours))).one_or_none():
            await lose(connection, [one.delivery.id], one.state, one.error)
    else:
        values: dict[str, Any] = {"state": one.state, "error": one.error}
        if one.never_arrived:
            values["sending_at"] = one.doubted
        if one.remote_id is not None:
            values["remote_id"] = one.remote_id
        if one.not_before is not None:
            values["not_before"] = one.not_before
        written = await connection.execute(update(delivery).where(is_ours).values(values))
        # Of a chat that was forgotten meanwhile nothing is remembered.
        if written.rowcount and one.state is State.SENT and one.remote_id is not None:
            await remember(connection, one)
    where = one.delivery.destination
    if one.shifts_chat and one.not_before is not None:
        others = and_(delivery.c.destination == str(where), delivery.c.state == State.PENDING)
        later = delivery.c.not_before < one.not_before
        await connection.execute(update(delivery).where(others, later).values(not_before=one.not_before))
    if one.chat is not None:
        await move(connection, where, one.chat)
    if one.paused is not None:
        await pause(connection, where, one.paused)


async def _epoch(connection: Connection, platform: str) -> int:
    found = await connection.scalar(select(epoch.c.number).where(epoch.c.platform == platform))
    return int(found or 0)


def _is_ours(ids: Sequence[int], number: int) -> ColumnElement[bool]:
    """Those of these deliveries that the courier of that epoch is sending."""
    return and_(delivery.c.id.in_(ids), delivery.c.state == State.SENDING, delivery.c.epoch == number)
