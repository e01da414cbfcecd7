"""The ledger: claims deliveries, stores their outcomes, and recovers after a crash."""

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
from bot.storage.database.statements import unindexed, upsert
from bot.storage.database.tables import delivery, epoch
from bot.storage.decisions import decide
from bot.storage.delivery_queries import DeliveryQueries, readable_deliveries
from bot.storage.enqueuing import enqueue_steps
from bot.storage.outcomes import lose, move, pause, remember

_log = structlog.stdlib.get_logger("nutgraf.storage")

#: The states of posts that never reached their chat. Their told rows are deleted, so that the next post repeats them.
_LOST = (State.DEAD, State.EXPIRED, State.CANCELLED)
#: Why a delivery is given up whose row holds something that this version does not know.
_BROKEN = "this version of the bot cannot read it"
_EXPIRED_AT_ONCE = 500
_BLANKED_AT_ONCE = 1_000


@retries_conflicts
class Deliveries(DeliveryQueries):
    """A `bot.delivery.model.Ledger`. Deliveries that the gate refuses are not claimed."""

    def __init__(self, database: Database, gate: Gate) -> None:
        super().__init__(database)
        self._gate = gate

    async def due(self, platform: str, now: datetime, most: int, busy: frozenset[Destination]) -> list[Delivery]:
        """Returns the pending deliveries that may be sent: the first of each destination, without those in ``busy``."""
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
        """Marks deliveries durably as being sent, and returns those that were still pending and may be sent.

        A delivery with a story that its chat may not see is rebuilt without it, and can be claimed the next time.
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
        """Returns the marked deliveries, and those that must be rebuilt first."""
        async with self._database.write() as connection:
            if await _epoch(connection, deliveries[0].destination.platform) != number:
                return [], []
            found = await clearance(connection, self._gate, deliveries)
            await refuse(connection, found.refused)
            await lose(connection, [one.id for one in found.broken], State.DEAD, _BROKEN)
            cleared = [one.id for one in deliveries if one.id not in found.held]
            chosen = and_(delivery.c.id.in_(cleared), unindexed(delivery.c.state) == State.PENDING)
            # A doubtful delivery that the platform no longer recognises as a repetition must not be sent again.
            known_since = now - resend_within if resend_within is not None else now
            # A time in the future means that the clock was set back: the age is unknown.
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
                    # The age counts from the first request, because the platform remembers that one.
                    sending_at=func.coalesce(delivery.c.sending_at, now),
                    attempts=delivery.c.attempts + 1,
                    epoch=number,
                )
                .returning(*delivery.c)
            )
            return readable_deliveries(await connection.execute(statement)), found.stale

    async def _rebuild(self, stale: Delivery) -> None:
        """Rebuilds a delivery without the stories that its chat may not see. If that fails, the delivery is dead."""
        try:
            rebuilt = await self._gate.rebuilt(stale)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001  # one post must not stop all others
            _log.exception("rebuilding_failed", delivery=stale.id)
            async with self._database.write() as connection:
                await lose(connection, [stale.id], State.DEAD, "it could not be created again")
            return
        async with self._database.write() as connection:
            await rewrite(connection, stale, rebuilt)

    def may_send(self) -> bool:
        """Whether this process still holds the part of the courier that asks."""
        return self._database.is_in_office

    async def settle(self, settled: list[Settled], number: int) -> None:
        """Stores the outcomes. A courier whose epoch has ended changes nothing."""
        try:
            async with self._database.write() as connection:
                for one in settled:
                    await _settle(connection, one, number)
        except IntegrityError as error:
            raise LedgerRefused(settled) from error

    async def release(self, deliveries: list[Delivery], number: int) -> None:
        """Returns deliveries that were not sent to their previous pending state."""
        async with self._database.write() as connection:
            for one in deliveries:
                before = {"state": State.PENDING, "sending_at": one.sending_at, "attempts": one.attempts}
                await connection.execute(update(delivery).where(_is_ours([one.id], number)).values(before))

    async def put_back(self, platform: str, now: datetime, by: timedelta) -> None:
        """Adjusts pending deliveries after the clock was set back, so that they do not wait longer."""
        late = and_(delivery.c.platform == platform, delivery.c.state == State.PENDING, delivery.c.not_before > now)
        async with self._database.write() as connection:
            rows = (await connection.execute(select(delivery.c.id, delivery.c.not_before).where(late))).all()
            for number, moment in rows:
                changed = update(delivery).where(delivery.c.id == number)
                await connection.execute(changed.values(not_before=max(now, moment - by)))

    async def recover(self, platform: str, now: datetime, resend_within: timedelta | None) -> int:
        """Begins a new epoch. Deliveries that a dead process was sending are sent again or become uncertain."""
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
        """Stores that an uncertain post was found on the platform. Returns whether it was still uncertain."""
        is_it = and_(delivery.c.id == one.id, delivery.c.state == State.UNCERTAIN)
        async with self._database.write() as connection:
            written = update(delivery).where(is_it).values(state=State.SENT, remote_id=remote_id)
            if (await connection.execute(written)).rowcount != 1:
                return False
            sent = Settled(one, State.SENT, now, remote_id=remote_id)
            await remember(connection, sent)
            await enqueue_steps(connection, sent)
        return True

    async def expire(self, now: datetime) -> int:
        """Expires deliveries that are too late. The next post repeats their stories."""
        is_over = and_(delivery.c.state == State.PENDING, delivery.c.expires_at <= now)
        async with self._database.read() as connection:
            old = select(delivery.c.id).where(is_over).limit(_EXPIRED_AT_ONCE)
            ids = (await connection.execute(old)).scalars().all()
        if not ids:
            return 0
        async with self._database.write() as connection:
            still = and_(delivery.c.id.in_(ids), is_over)
            # A delivery that may have arrived is uncertain, not expired.
            doubted = update(delivery).where(still, delivery.c.sending_at.is_not(None))
            await connection.execute(doubted.values(state=State.UNCERTAIN))
            ids = (await connection.execute(select(delivery.c.id).where(still))).scalars().all()
            await lose(connection, ids, State.EXPIRED, "its time was over before it could be sent")
        return len(ids)

    async def blank(self, before: datetime) -> None:
        """Deletes the content of deliveries that were settled before then. The rows stay, to prevent repetitions.

        Uses short transactions, so that other writers do not wait long.
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

    async def decide(self, seen: Delivery, state: State, now: datetime, expires_at: datetime) -> bool:
        """Resolves a delivery as a person has decided: sent, to be sent again, or lost.

        Args:
            seen: The delivery as the person saw it. Nothing is done if it was sent again since then.

        Returns:
            Whether the delivery was uncertain, dead or expired, so that it could be resolved. A post is not sent again
            to a chat that has unsubscribed, or whose later posts have told one of its stories.
        """
        async with self._database.write() as connection:
            return await decide(connection, seen, state, now, expires_at)


def _changes(one: Settled) -> dict[str, Any]:
    """The changed columns. A post that is sent keeps the error of its last failed attempt."""
    values: dict[str, Any] = {"state": one.state}
    if one.error is not None:
        values["error"] = one.error
    if one.never_arrived:
        values["sending_at"] = one.doubted
    if one.remote_id is not None:
        values["remote_id"] = one.remote_id
    if one.not_before is not None:
        values["not_before"] = one.not_before
    return values


async def _settle(connection: Connection, one: Settled, number: int) -> None:
    is_ours = _is_ours([one.delivery.id], number)
    if one.state in _LOST:
        if (await connection.execute(select(delivery.c.id).where(is_ours))).one_or_none():
            await lose(connection, [one.delivery.id], one.state, one.error)
    else:
        written = await connection.execute(update(delivery).where(is_ours).values(_changes(one)))
        # If the chat's data was deleted meanwhile, nothing is remembered.
        if written.rowcount and one.state is State.SENT and one.remote_id is not None:
            await remember(connection, one)
            await enqueue_steps(connection, one)
    where = one.delivery.destination
    if (one.shifts_chat or one.shifts_kind) and one.not_before is not None:
        others = and_(delivery.c.destination == str(where), delivery.c.state == State.PENDING)
        if one.shifts_kind:
            others = and_(others, delivery.c.op == one.delivery.op)
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
    """Selects those of the deliveries that the courier of that epoch is sending."""
    return and_(delivery.c.id.in_(ids), delivery.c.state == State.SENDING, delivery.c.epoch == number)
