"""Stores the steps of the tick: hundreds of subscriptions with each statement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Insert,
    Text,
    Update,
    bindparam,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.delivery.occasions import Advanced, Occasion, OccasionState
from bot.storage.database.columns import Moment
from bot.storage.database.engine import Connection
from bot.storage.database.statements import given_rows, is_of, is_one_of, moment_text, unindexed, upsert
from bot.storage.database.tables import occasion, subscription

Step = tuple[Occasion | None, Advanced]

#: The subscriptions that are due. Its parameters are ``now`` and ``most``.
DUE = (
    select(subscription)
    .where(subscription.c.next_due <= bindparam("now"))
    .order_by(subscription.c.next_due)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


async def store_steps(connection: Connection, steps: Sequence[Step]) -> None:
    """Stores the occasions of due subscriptions, and the subscriptions with their next times.

    Of several slots of a subscription that were never composed, only the latest is posted, with the stories of all.
    """
    if not steps:
        return
    dialect = connection.dialect.name
    rows = _rows(dialect, steps)
    if dialect != "sqlite":
        await connection.execute(_at_once(), {"rows": rows})
        return
    given = _given(dialect)
    ended = (await connection.execute(_ending(dialect, given), {"rows": rows})).all()
    if ended:
        rows = _rows(dialect, _joined(steps, [(row.subscription, row.since) for row in ended]))
    await connection.execute(_inserting(dialect, given, given.c.since), {"rows": rows})
    await connection.execute(_moving(dialect, given), {"rows": rows})


def _joined(steps: Sequence[Step], ended: Sequence[tuple[int, datetime]]) -> list[Step]:
    """Returns the steps with the stories of earlier slots."""
    since: dict[int, datetime] = {}
    for number, moment in ended:
        since[number] = min(moment, since.get(number, moment))
    return [
        (replace(found, since=min(found.since, since[one.id])), one) if found and one.id in since else (found, one)
        for found, one in steps
    ]


def _rows(dialect: str, steps: Sequence[Step]) -> str:
    """Returns the rows of `_given` as JSON."""
    text = _Texts(dialect)
    return json.dumps(
        [
            {
                "subscription": one.id,
                "key": found.key if found else None,
                "due": text.of(found.due) if found else None,
                "since": text.of(found.since) if found else None,
                "new_cursor": one.cursor.isoformat() if one.cursor else None,
                "new_due": text.of(one.next_due),
                "new_since": text.of(one.since),
            }
            for found, one in steps
        ]
    )


class _Texts:
    """Times as text. Most subscriptions of a chunk share theirs, and so these are computed once."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self._known: dict[int, str | None] = {}

    def of(self, moment: datetime | None) -> str | None:
        """Returns the text of a time that lives as long as this object: it is known by its place in memory."""
        if (place := id(moment)) not in self._known:
            self._known[place] = moment_text(self._dialect, moment)
        return self._known[place]


@cache
def _given(dialect: str) -> FromClause:
    moments = dict.fromkeys(("due", "since", "new_due", "new_since"), Moment())
    return given_rows(dialect, {"subscription": BigInteger(), "key": Text(), "new_cursor": Text(), **moments})


@cache
def _at_once() -> Update:
    """Builds the statement that does on PostgreSQL what the three below do on SQLite. It reads the rows only once."""
    given = select(_given("postgresql")).cte("given")
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
