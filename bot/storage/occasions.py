"""Stores occasions: slots and new stories become occasions, and composed occasions become deliveries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from bot.chats import Destination
from bot.delivery.model import ACTIVE, Delivery, Op, State
from bot.delivery.occasions import ALL, Arrived, Occasion, OccasionState, Share, Telling
from bot.storage.advancing import DUE, store_steps
from bot.storage.clearance import retell
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.statements import upsert
from bot.storage.database.tables import arrival, delivery, occasion, report, story, subscription, told, version
from bot.storage.delivery_queries import readable_deliveries
from bot.storage.enqueuing import enqueue
from bot.storage.held import HeldPosts
from bot.storage.shares import share_number
from bot.storage.subscriptions import pause_broken, read_subscription, readable_subscriptions
from bot.subscriptions.model import Mode, Subscription


@retries_conflicts
class Occasions:
    """A `bot.delivery.occasions.OccasionStore`.

    Attributes:
        held: The occasions that wait for the end of quiet hours or for a chosen day.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.held = HeldPosts(database)

    async def advance(
        self, now: datetime, most: int, step: Callable[[Subscription], tuple[Occasion | None, Subscription]]
    ) -> int:
        """Turns due subscriptions into occasions, in one transaction. Returns how many were due."""
        async with self._database.write() as connection:
            rows = (await connection.execute(DUE, {"now": now, "most": most})).all()
            steps = []
            for row in rows:
                try:
                    steps.append(step(read_subscription(row)))
                except Exception as error:  # noqa: BLE001  # one row must not stop all others
                    await pause_broken(connection, row.id, error)
            await store_steps(connection, steps)
        return len(rows)

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
            .where(delivery.c.op == Op.POST, delivery.c.state == State.SENT, delivery.c.composition.is_not(None))
        )
        async with self._database.read() as connection:
            return readable_deliveries(await connection.execute(statement))

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
                waiting = select(func.count()).where(delivery.c.state.in_(ACTIVE), delivery.c.platform == platform)
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

    async def told(self, where: Destination, reports: Iterable[int]) -> dict[int, int]:
        """Returns the number of the latest version of each report that a destination was shown."""
        statement = (
            select(told.c.report, func.max(told.c.number))
            .where(told.c.destination == str(where), told.c.report.in_(list(reports)))
            .group_by(told.c.report)
        )
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(statement)}

    async def told_stories(self, where: Destination, stories: Iterable[int]) -> set[int]:
        """Returns the stories of which the destination was shown a report."""
        whole = func.coalesce(story.c.merged_into, story.c.id)
        statement = (
            select(whole)
            .join(report, report.c.story == story.c.id)
            .join(told, told.c.report == report.c.id)
            .where(told.c.destination == str(where), whole.in_(list(stories)))
            .distinct()
        )
        async with self._database.read() as connection:
            return set((await connection.execute(statement)).scalars().all())

    async def finish(
        self,
        done: Occasion,
        state: OccasionState,
        parts: Sequence[Delivery],
        tellings: Sequence[Telling],
        now: datetime,
    ) -> bool:
        """Stores the parts of a post with their stories, and the state of the occasion, in one transaction.

        Returns:
            False if another process has composed it, or the chat has left or paused meanwhile.
        """
        async with self._database.write() as connection:
            if await _finished(connection, done, state) != state or not parts:
                return False
            await enqueue(connection, parts, now)
            where = str(parts[0].destination)
            rows = [
                {
                    "destination": where,
                    "report": one.report,
                    "number": one.number,
                    "occasion": done.id,
                    "part": one.part,
                }
                for one in tellings
            ]
            if rows:
                await connection.execute(upsert(connection.dialect.name, told).on_conflict_do_nothing(), rows)
            return True

    async def enqueue(self, deliveries: Sequence[Delivery], now: datetime) -> None:
        """Adds deliveries to the ledger. Existing ones are not changed."""
        async with self._database.write() as connection:
            await enqueue(connection, deliveries, now)

    async def prune(self, before: datetime) -> None:
        """Deletes occasions that were finished before then."""
        async with self._database.write(long_running=True) as connection:
            old = (occasion.c.due < before) & (occasion.c.state != OccasionState.PENDING)
            await connection.execute(delete(occasion).where(old))


async def _finished(connection: Connection, done: Occasion, state: OccasionState) -> OccasionState | None:
    """Sets the state of a pending occasion: ``state``, or cancelled if its subscription has ended or is paused.

    Returns:
        The new state, or None if the occasion is no longer pending.
    """
    is_wanted = select(subscription.c.id).where(subscription.c.id == done.subscription, subscription.c.paused.is_(None))
    wanted = (await connection.execute(is_wanted.with_for_update())).one_or_none()
    changed = await connection.execute(
        update(occasion)
        .where(occasion.c.id == done.id, occasion.c.state == OccasionState.PENDING)
        .values(state=state if wanted else OccasionState.CANCELLED)
        .returning(occasion.c.state)
    )
    return changed.scalar_one_or_none()


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
