"""Stores the steps of the tick: hundreds of subscriptions with each statement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Insert,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    type_coerce,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.types import TypeEngine

from bot.delivery.occasions import Advanced, Occasion, OccasionState
from bot.storage.database.columns import Moment
from bot.storage.database.engine import Connection
from bot.storage.database.statements import given_rows, is_of, is_one_of, moment_text, unindexed, upsert
from bot.storage.database.tables import occasion, subscription

#: The columns that decide the outcome for a due subscription. Subscriptions that are equal in them have the same.
_DECIDING = ("settings", "paused", "cursor", "since", "next_due", "starts")


class Step(NamedTuple):
    """The outcome for due subscriptions with equal settings and times.

    Attributes:
        numbers: The numbers of the subscriptions. The occasion and ``advanced`` have none.
    """

    numbers: Sequence[int]
    occasion: Occasion | None
    advanced: Advanced


@cache
def due(dialect: str) -> Select[Any]:
    """Builds the query for due subscriptions: a row for all that have equal settings and times.

    Its parameters are ``now`` and ``most``. The time at which a chat subscribed is left out if it was before
    ``long_ago`` and before the slot: then it decides nothing.
    """
    has_long_begun = and_(
        subscription.c.starts < subscription.c.next_due, subscription.c.starts < bindparam("long_ago")
    )
    starts = type_coerce(case((has_long_begun, null()), else_=subscription.c.starts), Moment()).label("starts")
    found = (
        select(subscription.c.id, *(subscription.c[name] for name in _DECIDING[:-1]), starts)
        .where(subscription.c.next_due <= bindparam("now"))
        .order_by(subscription.c.next_due)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .subquery("due")
    )
    deciding, first = [found.c[name] for name in _DECIDING], func.min(found.c.id)
    if dialect == "sqlite":
        numbers = func.json_group_array(found.c.id).label("numbers")
        return select(numbers, *deciding).group_by(*deciding).order_by(first)
    # If the server crashes, the last chunks can be lost as a whole, and are then advanced again. What is composed of
    # them is committed later, which flushes them first.
    unflushed = select(func.set_config("synchronous_commit", "off", True)).scalar_subquery().label("unflushed")
    numbers = func.array_agg(found.c.id).label("numbers")
    return select(numbers, *deciding, unflushed).group_by(*deciding).order_by(first)


def numbers_of(row: Any) -> Sequence[int]:
    """The numbers of the subscriptions of a row of `due`."""
    numbers: Sequence[int] = json.loads(row.numbers) if isinstance(row.numbers, str) else row.numbers
    return numbers


async def store_steps(connection: Connection, steps: Sequence[Step]) -> None:
    """Stores the occasions of due subscriptions, and the subscriptions with their next times.

    Of several slots of a subscription that were never composed, only the latest is posted, with the stories of all.
    """
    if not steps:
        return
    if connection.dialect.name != "sqlite":
        await connection.execute(_at_once(), {"rows": _rows("postgresql", steps)})
        return
    given = _given("sqlite")
    ended = (await connection.execute(_ending("sqlite", given), {"rows": _rows("sqlite", steps)})).all()
    rows = _rows("sqlite", _joined(steps, [(row.subscription, row.since) for row in ended]))
    await connection.execute(_inserting("sqlite", given, given.c.since), {"rows": rows})
    await connection.execute(_moving("sqlite", given), {"rows": rows})


def _joined(steps: Sequence[Step], ended: Sequence[tuple[int, datetime]]) -> Sequence[Step]:
    """Returns the steps with the stories of earlier slots."""
    since: dict[int, datetime] = {}
    for number, moment in ended:
        since[number] = min(moment, since.get(number, moment))
    if not since:
        return steps
    return [
        Step([number], replace(found, since=min(found.since, since.get(number, found.since))), advanced)
        if found
        else Step([number], None, advanced)
        for numbers, found, advanced in steps
        for number in numbers
    ]


def _rows(dialect: str, steps: Sequence[Step]) -> str:
    """Returns the rows of `_given` as JSON."""
    rows: list[dict[str, object]] = []
    text = cache(partial(moment_text, dialect))  # most steps share their times
    for numbers, found, advanced in steps:
        row = {
            "key": found.key if found else None,
            "due": text(found.due) if found else None,
            "since": text(found.since) if found else None,
            "new_cursor": advanced.cursor.isoformat() if advanced.cursor else None,
            "new_due": text(advanced.next_due),
            "new_since": text(advanced.since),
        }
        if dialect == "sqlite":
            rows += [row | {"subscription": number} for number in numbers]
        else:
            rows.append(row | {"numbers": numbers})
    return json.dumps(rows)


@cache
def _given(dialect: str) -> FromClause:
    """The subscriptions, each with its occasion and its next times."""
    moments = dict.fromkeys(("due", "since", "new_due", "new_since"), Moment())
    columns: dict[str, TypeEngine[Any]] = {"key": Text(), "new_cursor": Text(), **moments}
    if dialect == "sqlite":
        return given_rows(dialect, {"subscription": BigInteger(), **columns})
    rows = given_rows(dialect, {"numbers": ARRAY(BigInteger()), **columns})
    return select(func.unnest(rows.c.numbers).label("subscription"), *(rows.c[name] for name in columns)).cte("given")


@cache
def _at_once() -> Update:
    """Builds the statement that does on PostgreSQL what the three below do on SQLite. It reads the rows only once."""
    given = _given("postgresql")
    ended = _ending("postgresql", given).cte("ended")
    earlier = select(func.min(ended.c.since)).where(ended.c.subscription == given.c.subscription).scalar_subquery()
    added = _inserting("postgresql", given, func.least(given.c.since, earlier)).cte("added")
    return _moving("postgresql", given).add_cte(added)


@cache
def _ending(dialect: str, given: FromClause) -> ReturningUpdate[int, datetime]:
    """Builds the statement that ends the slots that were never composed."""
    with_slot = select(given.c.subscription).where(given.c.key.is_not(None))
    return (
        update(occasion)
        .where(is_one_of(dialect, occasion.c.subscription, with_slot), occasion.c.key.startswith("slot:"))
        .where(unindexed(occasion.c.state) == OccasionState.PENDING)
        .values(state=OccasionState.CANCELLED)
        .returning(occasion.c.subscription, occasion.c.since)
    )


@cache
def _inserting(dialect: str, given: FromClause, since: ColumnElement[datetime]) -> Insert:
    columns = [given.c.subscription, given.c.key, given.c.due, since, literal(OccasionState.PENDING.value)]
    rows = select(*columns).where(given.c.key.is_not(None))
    adding = upsert(dialect, occasion).from_select(["subscription", "key", "due", "since", "state"], rows)
    return adding.on_conflict_do_nothing()


@cache
def _moving(dialect: str, given: FromClause) -> Update:
    return (
        update(subscription)
        .where(is_of(dialect, subscription.c.id, given.c.subscription))
        .values(cursor=given.c.new_cursor, next_due=given.c.new_due, since=given.c.new_since)
    )
