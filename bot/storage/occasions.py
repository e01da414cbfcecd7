"""Stores occasions: slots and new stories become occasions, and composed occasions become deliveries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BigInteger, Select, bindparam, delete, func, select, update

from bot.chats import Destination
from bot.delivery.model import ACTIVE, STEPS, Delivery, Op, State
from bot.delivery.occasions import ALL, Advanced, Arrived, Finished, Occasion, OccasionState, Share, ToldBefore
from bot.storage.advancing import Step, due, numbers_of, store_steps
from bot.storage.clearance import retell
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.statements import given_values, is_one_of, upsert
from bot.storage.database.tables import arrival, delivery, occasion, report, story, subscription, told, version
from bot.storage.delivery_queries import readable_deliveries
from bot.storage.enqueuing import enqueue
from bot.storage.finishing import store_finished
from bot.storage.held import HeldPosts
from bot.storage.shares import share_number
from bot.storage.subscriptions import pause_broken, read_due, readable_subscriptions
from bot.subscriptions.model import Mode, Subscription

#: When a chat subscribed decides nothing after so long.
_LONG = timedelta(days=1)


@retries_conflicts
class Occasions:
    """A `bot.delivery.occasions.OccasionStore`.

    Attributes:
        held: The occasions that wait for the end of quiet hours or for a chosen day.
        lanes: How many calls of `advance` at the same time are faster than one after the other.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.held = HeldPosts(database)
        # While the server stores some chunks, the next one can be computed. In an SQLite file, only one writes.
        self.lanes = 1 if database.is_sqlite else 3

    async def advance(
        self, now: datetime, most: int, step: Callable[[Subscription], tuple[Occasion | None, Advanced]]
    ) -> int:
        """Turns due subscriptions into occasions, in one transaction. Returns how many were due.

        It leaves out those that another transaction is changing.
        """
        async with self._database.write() as connection:
            steps, count = [], 0
            values = {"now": now, "most": most, "long_ago": now - _LONG}
            for row in (await connection.execute(due(connection.dialect.name), values)).all():
                numbers = numbers_of(row)
                count += len(numbers)
                try:
                    steps.append(Step(numbers, *step(read_due(row))))
                except Exception as error:  # noqa: BLE001  # one row must not stop all others
                    for number in numbers:
                        await pause_broken(connection, number, error)
            await store_steps(connection, steps)
        return count

    async def arrived(self, most: int) -> list[Arrived]:
        """Returns new versions that have not been handled, the oldest first."""
        statement = (
            select(arrival.c.id, version.c.id.label("version"), version.c.report, version.c.number)
            .join(version, version.c.id == arrival.c.version, isouter=True)
            .order_by(arrival.c.id)
            .limit(most)
        )
        async with self._database.read() as connection:
            return [Arrived(*row) for row in await connection.execute(statement)]

    async def wanting_arrivals(self) -> list[Subscription]:
        """Returns the subscriptions that post stories as they arrive."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(subscription).where(subscription.c.paused.is_(None)))
            found = readable_subscriptions(rows)
        return [one for one in found if one.settings.mode is not Mode.DIGEST]

    async def handled(
        self, arrivals: Sequence[int], occasions: Iterable[Occasion], edits: Sequence[Delivery], now: datetime
    ) -> None:
        """Stores the occasions and edits for new versions, and marks the versions as handled, in one transaction."""
        async with self._database.write() as connection:
            await _insert(connection, list(occasions))
            await enqueue(connection, edits, now)
            for edit in edits:
                await retell(connection, edit)
            await connection.execute(delete(arrival).where(arrival.c.id.in_(arrivals)))

    async def tellings(self, report_id: int, before: int) -> list[Delivery]:
        """Returns the sent posts that show an earlier version of a report."""
        statement = (
            select(delivery)
            .join(told, (told.c.occasion == delivery.c.occasion) & (told.c.part == delivery.c.part))
            .where(told.c.report == report_id, told.c.number < before)
            .where(delivery.c.op == Op.POST, delivery.c.composition.is_not(None))
        )
        async with self._database.read() as connection:
            found = readable_deliveries(await connection.execute(statement))
        # With the state in the statement, SQLite would read all sent posts by the index of states.
        return [one for one in found if one.state is State.SENT]

    async def due_shares(self, now: datetime, shares: int) -> list[int]:
        """Returns the numbers of the shares that have due occasions."""
        number = share_number(shares)
        statement = (
            select(number)
            .join_from(occasion, subscription, subscription.c.id == occasion.c.subscription)
            .where(occasion.c.state == OccasionState.PENDING, occasion.c.due <= now)
            .distinct()
        )
        async with self._database.read() as connection:
            return sorted((await connection.execute(statement)).scalars())

    async def pending(
        self, platforms: Sequence[str], now: datetime, most: int, ahead: int, share: Share = ALL
    ) -> list[Occasion]:
        """Returns due occasions of the chats of a share, of platforms with fewer than ``ahead`` waiting posts."""
        found: list[Occasion] = []
        async with self._database.read() as connection:
            for platform in platforms:
                is_waiting = delivery.c.state.in_(ACTIVE) & delivery.c.op.not_in(STEPS)
                waiting = select(func.count()).where(is_waiting, delivery.c.platform == platform)
                room = min(most, ahead - (await connection.scalar(waiting) or 0))
                if room <= 0:
                    continue
                is_its = subscription.c.destination.startswith(f"{platform}:", autoescape=True)
                statement = (
                    select(occasion)
                    .join(subscription, subscription.c.id == occasion.c.subscription)
                    .where(occasion.c.state == OccasionState.PENDING, occasion.c.due <= now, is_its)
                    .where(share_number(share.shares) == share.number)
                    .order_by(occasion.c.due, occasion.c.id)
                    .limit(room)
                )
                rows = await connection.execute(statement)
                found += [Occasion(row.id, row.subscription, row.key, row.due, row.since, row.version) for row in rows]
        return found

    async def postpone(self, occasion_id: int, due: datetime) -> None:
        """Postpones an occasion."""
        async with self._database.write() as connection:
            await connection.execute(update(occasion).where(occasion.c.id == occasion_id).values(due=due))

    async def told(self, where: Destination, stories: Iterable[int]) -> ToldBefore:
        """Returns what a destination was told of these stories."""
        values = {"destination": str(where), "values": json.dumps(list(stories))}
        async with self._database.read() as connection:
            rows = (await connection.execute(_told(connection.dialect.name), values)).all()
        return ToldBefore({row.report: row.number for row in rows}, frozenset(row.story for row in rows))

    async def finish(self, finished: Sequence[Finished], now: datetime) -> None:
        """Stores the parts of posts with their stories, and the states of the occasions, in one transaction."""
        async with self._database.write() as connection:
            await store_finished(connection, finished, now)

    async def enqueue(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Adds deliveries to the ledger. Existing ones are not changed."""
        async with self._database.write() as connection:
            await enqueue(connection, deliveries, now)

    async def prune(self, before: datetime) -> None:
        """Deletes occasions that were finished before then."""
        async with self._database.write(long_running=True) as connection:
            old = (occasion.c.due < before) & (occasion.c.state != OccasionState.PENDING)
            await connection.execute(delete(occasion).where(old))


@cache
def _told(dialect: str) -> Select[int, int, int]:
    """Builds the query for the reports of some stories that a destination was shown."""
    whole = func.coalesce(story.c.merged_into, story.c.id)
    return (
        select(told.c.report, func.max(told.c.number).label("number"), whole.label("story"))
        .join(report, report.c.id == told.c.report)
        .join(story, story.c.id == report.c.story)
        .where(
            told.c.destination == bindparam("destination"),
            is_one_of(dialect, whole, given_values(dialect, BigInteger())),
        )
        .group_by(told.c.report, whole)
    )


async def _insert(connection: Connection, occasions: list[Occasion]) -> None:
    rows = [
        {
            "subscription": one.subscription,
            "key": one.key,
            "due": one.due,
            "since": one.since,
            "version": one.version,
            "state": OccasionState.PENDING,
        }
        for one in occasions
    ]
    if rows:
        await connection.execute(upsert(connection.dialect.name, occasion).on_conflict_do_nothing(), rows)
