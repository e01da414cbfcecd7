"""Side effects of a delivery outcome: told rows, subscriptions, reply memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, exists, func, insert, or_, select, update

from bot.chats import Destination
from bot.delivery.gate import told_versions
from bot.delivery.model import Op, Settled, State
from bot.delivery.occasions import OccasionState
from bot.storage.chats import Row, write_rows
from bot.storage.database.chat_tables import chat, conversation, posted
from bot.storage.database.columns import Moment
from bot.storage.database.engine import Connection
from bot.storage.database.statements import unindexed, upsert
from bot.storage.database.tables import (
    arrival,
    delivery,
    occasion,
    report,
    subscription,
    told,
    version,
)
from bot.storage.rows import UNREADABLE
from bot.storage.rows import report as report_unreadable
from bot.subscriptions.model import ENDLESS

#: The tables with a destination, and the other columns of their unique keys.
_OF_A_CHAT: tuple[tuple[Table, tuple[str, ...] | None], ...] = (
    (subscription, None),
    (delivery, None),
    (told, ("report", "number")),
    (chat, ()),
    (conversation, ()),
)


async def remember(connection: Connection, one: Settled) -> None:
    """Remembers the stories in a post, so that a reply to it finds them."""
    told_here = _items(one.delivery.id, one.delivery.composition)
    versions = _by_number(told_here)
    row = {
        "chat": one.delivery.destination.owner,
        "message": one.remote_id,
        "versions": json.dumps(versions),
        "seen": one.at,
    }
    if told_here:
        if one.delivery.op is Op.POST:
            await _show_last(connection, one, versions)
        await _correct_later(connection, one.delivery.op, told_here)
        adding = upsert(connection.dialect.name, posted).values(row)
        changed = {"versions": row["versions"], "seen": row["seen"]}
        await connection.execute(adding.on_conflict_do_update(index_elements=["chat", "message"], set_=changed))


def _items(number: int, composition: str | None) -> list[dict[str, Any]]:
    """What a delivery tells; nothing where its composition cannot be read."""
    try:
        told_versions(composition)
        return list(json.loads(composition or "{}").get("items", []))
    except UNREADABLE as error:
        report_unreadable("composition", number, error)
        return []


def _by_number(items: Sequence[dict[str, Any]]) -> list[str]:
    """Returns versions indexed by their numbers. The second part of a digest has no number 1."""
    found = {item["number"]: item["version"] for item in items}
    if not found:
        return []
    return [found.get(number, "") for number in range(1, max(found) + 1)]


async def _show_last(connection: Connection, one: Settled, versions: Sequence[str]) -> None:
    """Makes numbers in the chat refer to the stories of a post, and commands without a number to its only story."""
    where = str(one.delivery.destination)
    values: dict[str, object] = {"destination": where, "seen": one.at}
    if len(versions) == 1:
        values["story"] = versions[0]
    else:
        last = await connection.scalar(select(conversation.c.told).where(conversation.c.destination == where))
        before = json.loads(last or "[]")  # a second part goes on with the numbers of the first
        values["told"] = json.dumps([new or old for new, old in zip_longest(versions, before[: len(versions)])])
    await write_rows(connection, [Row(conversation, values, {"told": "[]"})])


async def lose(connection: Connection, ids: Sequence[int], state: State, error: str | None) -> None:
    """Ends deliveries that never reached their chat, and deletes their told rows."""
    if not ids:
        return
    lost = select(delivery.c.occasion, delivery.c.part).where(delivery.c.id.in_(ids), delivery.c.op == Op.POST)
    pairs = [tuple(row) for row in await connection.execute(lost)]
    await connection.execute(update(delivery).where(delivery.c.id.in_(ids)).values(state=state, error=error))
    if pairs:
        is_lost = and_(told.c.occasion == bindparam("lost_occasion"), told.c.part == bindparam("lost_part"))
        rows = [{"lost_occasion": occasion, "lost_part": part} for occasion, part in pairs]
        await connection.execute(delete(told).where(is_lost), rows)
        await look_again(connection, {occasion for occasion, _ in pairs})


async def look_again(connection: Connection, occasions: set[int]) -> None:
    """Makes the next digest begin where the lost one began."""
    begun = (
        select(occasion.c.subscription, func.min(occasion.c.since))
        .where(occasion.c.id.in_(occasions))
        .group_by(occasion.c.subscription)
    )
    for number, since in (await connection.execute(begun)).all():
        statement = update(subscription).where(subscription.c.id == number, subscription.c.since > since)
        await connection.execute(statement.values(since=since))


async def move(connection: Connection, where: Destination, chat: str) -> None:
    """Moves a chat with its threads to its new id. Rows that the new id already has are kept."""
    moved = Destination(where.platform, chat)
    # Messages have other ids in the new chat, so old posts can no longer be edited.
    its = or_(
        delivery.c.destination == where.owner, delivery.c.destination.startswith(f"{where.owner}:", autoescape=True)
    )
    await connection.execute(update(delivery).where(its).values(remote_id=None))
    for table, key in _OF_A_CHAT:
        column = table.c.destination
        rows = select(column).where(or_(column == where.owner, column.startswith(f"{where.owner}:", autoescape=True)))
        for (old,) in (await connection.execute(rows.distinct())).all():
            new = str(Destination(moved.platform, moved.chat, Destination.parse(old).thread))
            if key is not None:
                there = table.alias()
                same = [there.c[name] == table.c[name] for name in key]
                is_there = exists(select(there.c.destination).where(there.c.destination == new, *same))
                await connection.execute(delete(table).where(column == old, is_there))
            await connection.execute(update(table).where(column == old).values(destination=new))


async def pause(connection: Connection, where: Destination, reason: str) -> None:
    """Pauses a destination's subscriptions and cancels their pending deliveries."""
    await pause_those(connection, subscription.c.destination == str(where), reason)
    waiting = select(delivery.c.id).where(
        delivery.c.destination == str(where), delivery.c.state == State.PENDING, delivery.c.subscription > 0
    )
    await lose(connection, (await connection.execute(waiting)).scalars().all(), State.CANCELLED, reason)


async def pause_those(connection: Connection, which: ColumnElement[bool], reason: str) -> None:
    """Pauses the subscriptions of a condition. The end of a user's pause is kept."""
    by_user = update(subscription).where(which, subscription.c.paused == "")
    until = func.coalesce(subscription.c.paused_until, bindparam("endless", ENDLESS, Moment))
    await connection.execute(by_user.values(paused=reason, paused_until=until))
    paused = update(subscription).where(which, subscription.c.paused.is_(None))
    await connection.execute(paused.values(paused=reason, next_due=None))


async def tell_again(connection: Connection, number: int) -> None:
    """Restores the told rows of a post that was given up and is now sent."""
    row = (await connection.execute(select(delivery).where(delivery.c.id == number))).one()
    items = _items(number, row.composition) if row.op == Op.POST else []
    for item in items:
        found = select(version.c.report, version.c.number).where(version.c.id == item["version"])
        for one in await connection.execute(found):
            values = {"destination": row.destination, "occasion": row.occasion, "part": row.part}
            adding = upsert(connection.dialect.name, told).values(report=one.report, number=one.number, **values)
            await connection.execute(adding.on_conflict_do_nothing())


async def was_told_since(connection: Connection, number: int) -> bool:
    """Whether this post was given up, and another one has told its chat one of its stories since."""
    post = (await connection.execute(select(delivery).where(delivery.c.id == number))).one()
    if post.state == State.UNCERTAIN:  # its stories count as told, so no other post repeats them
        return False
    shown = [item["version"] for item in _items(number, post.composition)]
    is_told = (
        select(told.c.report)
        .join(version, and_(version.c.report == told.c.report, version.c.number <= told.c.number))
        .where(told.c.destination == post.destination, told.c.occasion != post.occasion, version.c.id.in_(shown))
    )
    return (await connection.execute(is_told.limit(1))).first() is not None


async def cancel_waiting(connection: Connection, subscriptions: Sequence[int], reason: str) -> None:
    """Cancels the pending occasions and deliveries of subscriptions. One that is being sent is not tried again."""
    is_pending = unindexed(occasion.c.state) == OccasionState.PENDING
    composing = occasion.c.subscription.in_(subscriptions) & is_pending
    await connection.execute(update(occasion).where(composing).values(state=OccasionState.CANCELLED))
    leaving = and_(delivery.c.subscription.in_(subscriptions), delivery.c.state == State.SENDING)
    await connection.execute(update(delivery).where(leaving).values(expires_at=delivery.c.created))
    waiting = select(delivery.c.id).where(
        delivery.c.subscription.in_(subscriptions), delivery.c.state == State.PENDING, delivery.c.subscription > 0
    )
    await lose(connection, (await connection.execute(waiting)).scalars().all(), State.CANCELLED, reason)


async def _correct_later(connection: Connection, op: Op, items: Sequence[dict[str, Any]]) -> None:
    """Makes the tick check stories that were corrected while their post was being sent."""
    if op is not Op.POST:
        return
    was_told = [item["version"] for item in items]
    newer = (
        select(report.c.current)
        .join(version, version.c.report == report.c.id)
        .where(version.c.id.in_(was_told), report.c.current.not_in(was_told))
    )
    rows = [{"version": one} for one in (await connection.execute(newer)).scalars().all()]
    if rows:
        await connection.execute(insert(arrival), rows)
