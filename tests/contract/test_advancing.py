"""The tick advances due subscriptions with equal settings and times together. The result is that of each alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from itertools import product

from sqlalchemy import insert, select

from bot.chats import Destination
from bot.posting.tick import step
from bot.storage.database.engine import Database
from bot.storage.database.tables import occasion, subscription
from bot.storage.occasions import Occasions
from bot.storage.subscriptions import Subscriptions, subscription_row
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Mode, Schedule, Settings, Subscription
from bot.subscriptions.timetable import Timetable
from tests.fakes import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SETTINGS = (
    Settings(Schedule((time(8),), zone="Europe/Rome")),
    Settings(Schedule((time(8), time(11, 57)))),
    Settings(Schedule((time(9),), frozenset({0}))),
    Settings(Schedule((time(9),)), mode=Mode.BOTH),
)
#: When chats subscribed: long ago, between two slots, and some minutes ago.
STARTS = (NOON - 40 * DAY, NOON - 39 * DAY, NOON - DAY - 2 * HOUR, NOON - 4 * HOUR, NOON - timedelta(minutes=4))
CURSORS = (None, datetime(2025, 3, 13, 8))


async def test_the_result_is_that_of_each_alone(database: Database) -> None:
    rows: list[dict[str, object]] = []
    for settings, starts, cursor, since in product(SETTINGS, STARTS, CURSORS, (None, NOON - 3 * DAY)):
        where = Destination("test", str(len(rows) // 2))
        one = scheduled(Subscription(0, where, "", settings, starts, cursor, since=since))
        rows += [subscription_row(replace(one, next_due=min(one.next_due or NOON, NOON)))] * 2
    async with database.write() as connection:
        await connection.execute(insert(subscription), rows)
    subscriptions, advance = Subscriptions(database), partial(step, timetable=Timetable(NOON))
    expected = {one.id: (one, *advance(one)) for one in await subscriptions.all()}

    store, counts = Occasions(database), []
    while count := await store.advance(NOON, 30, advance):
        counts.append(count)
    assert sum(counts) == len(rows)
    for one in await subscriptions.all():
        before, _, after = expected[one.id]
        changed = replace(before, cursor=after.cursor, since=after.since, next_due=after.next_due)
        assert one == changed
    async with database.read() as connection:
        found = {row.subscription: row for row in await connection.execute(select(occasion))}
    wanted = {number: made for number, (_, made, _) in expected.items() if made}
    assert {number: (row.key, row.due, row.since) for number, row in found.items()} == {
        number: (made.key, made.due, made.since) for number, made in wanted.items()
    }
    assert 0 < len(wanted) < len(rows)
