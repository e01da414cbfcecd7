"""Checks deliveries against the access rules, in the transaction that claims them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, delete, select, update

from bot.delivery.gate import Gate, Standing, told_versions
from bot.delivery.model import Delivery, Op, State
from bot.storage.database.engine import Connection
from bot.storage.database.tables import delivery, report_tag, subscription, told, version
from bot.storage.database.tables import report as reports
from bot.storage.outcomes import cancel_waiting, lose, tell_again
from bot.storage.rows import UNREADABLE, report
from briefings.scope import Scope


@dataclass
class Clearance:
    """Deliveries that may not be sent as they are.

    Attributes:
        refused: Deliveries that may not be sent at all, with the reasons.
        stale: Deliveries that show a story that their chat may not see.
        broken: Deliveries whose composition cannot be read, so that their stories are unknown.
    """

    refused: list[tuple[Delivery, str]] = field(default_factory=list)
    stale: list[Delivery] = field(default_factory=list)
    broken: list[Delivery] = field(default_factory=list)

    @property
    def held(self) -> set[int]:
        """The numbers of all these deliveries."""
        return {one.id for one in (*self.stale, *self.broken)} | {one.id for one, _ in self.refused}


async def clearance(connection: Connection, gate: Gate, deliveries: Sequence[Delivery]) -> Clearance:
    """Checks each delivery, with the current state of the database."""
    found = Clearance()
    subscribers = await _subscribers(connection, deliveries)
    told_by: dict[int, list[str]] = {}
    for one in deliveries:
        try:
            told_by[one.id] = told_versions(one.composition)
        except UNREADABLE as error:
            report("composition", one.id, error)
            found.broken.append(one)
    stories = await _standings(connection, {name for names in told_by.values() for name in names})
    for one in (each for each in deliveries if each.id in told_by):
        reason = gate.refusal(one, subscribers.get(one.subscription, ""))
        if reason is not None:
            found.refused.append((one, reason))
        elif not all(gate.allows(one, stories.get(name)) for name in told_by[one.id]):
            found.stale.append(one)
    return found


async def refuse(connection: Connection, refused: Sequence[tuple[Delivery, str]]) -> None:
    """Cancels refused deliveries and pauses their subscriptions, with the reason."""
    for one, reason in refused:
        await lose(connection, [one.id], State.CANCELLED, reason)
        if one.subscription:
            await pause_subscription(connection, one.subscription, reason)


async def pause_subscription(connection: Connection, number: int, reason: str) -> None:
    """Pauses one subscription and cancels its pending deliveries."""
    is_it = and_(subscription.c.id == number, subscription.c.paused.is_(None))
    await connection.execute(update(subscription).where(is_it).values(paused=reason, next_due=None))
    await cancel_waiting(connection, [number], reason)


async def rewrite(connection: Connection, before: Delivery, rebuilt: Delivery | None) -> None:
    """Replaces the content of a pending delivery, or cancels it if nothing is left."""
    if rebuilt is None:
        await lose(connection, [before.id], State.CANCELLED, "its stories were withdrawn")
        return
    content = {"payload": rebuilt.payload, "composition": rebuilt.composition}
    is_it = and_(delivery.c.id == before.id, delivery.c.state == State.PENDING)
    changed = await connection.execute(update(delivery).where(is_it).values(content).returning(delivery.c.id))
    if changed.scalar_one_or_none() is None:
        return
    if before.op is Op.EDIT:
        await retell(connection, rebuilt)
    else:
        is_its = and_(told.c.occasion == before.occasion, told.c.part == before.part)
        await connection.execute(delete(told).where(is_its))
        await tell_again(connection, before.id)


async def retell(connection: Connection, edit: Delivery) -> None:
    """Updates the composition of a post after an edit, so that the next correction starts from it."""
    is_post = and_(delivery.c.destination == str(edit.destination), delivery.c.occasion == edit.occasion)
    is_it = and_(is_post, delivery.c.remote_id == edit.target, delivery.c.op == Op.POST)
    changed = update(delivery).where(is_it).values(composition=edit.composition).returning(delivery.c.id)
    for number in (await connection.execute(changed)).scalars().all():
        await tell_again(connection, number)  # so that no further update is posted for it


async def _subscribers(connection: Connection, deliveries: Sequence[Delivery]) -> dict[int, str]:
    numbers = {one.subscription for one in deliveries if one.subscription}
    rows = select(subscription.c.id, subscription.c.created_by).where(subscription.c.id.in_(numbers))
    return {row.id: row.created_by for row in await connection.execute(rows)} if numbers else {}


async def _standings(connection: Connection, versions: set[str]) -> Mapping[str, Standing]:
    if not versions:
        return {}
    rows = await connection.execute(
        select(version.c.id, reports.c.owner, reports.c.hidden, report_tag.c.tag)
        .join(reports, reports.c.id == version.c.report)
        .join(report_tag, report_tag.c.report == reports.c.id, isouter=True)
        .where(version.c.id.in_(versions))
    )
    found: dict[str, Standing] = {}
    for row in rows:
        known = found.get(row.id)
        tags = (known.scope.tags if known else frozenset()) | ({row.tag} if row.tag else frozenset())
        found[row.id] = Standing(Scope(row.owner, tags), row.hidden)
    return found
