"""Reads the lists of the dashboard page by page. Each page begins after the last row of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select, union_all

from bot.chats import Destination
from bot.delivery.model import Op, State
from bot.delivery.occasions import OccasionState
from bot.feeds.model import Feed
from bot.storage.database.chat_tables import chat
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.statements import IS_FAILING, IS_HALTED
from bot.storage.database.tables import delivery, feed, occasion, report, subscription, told, version
from bot.storage.day_counts import day_bounds
from bot.storage.feed_merging import FEEDS
from bot.storage.feed_rows import read_feed
from bot.storage.rows import readable
from bot.storage.story_queries import is_visible, without_owner
from bot.storage.subscriptions import readable_subscriptions
from bot.subscriptions.model import Subscription
from briefings.scope import Viewer

#: The rows of a page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class PostLine:
    """A delivery without its content."""

    id: int
    created: datetime
    sending_at: datetime | None
    destination: Destination
    subscription: int
    op: Op
    part: int
    parts: int
    state: State
    attempts: int
    error: str | None


@dataclass(frozen=True, slots=True)
class PostFilter:
    """The filter of a list of posts. None: no filter.

    Attributes:
        day: The day in UTC on which the posts were written.
    """

    state: State | None = None
    destination: Destination | None = None
    subscription: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a report without its text."""

    id: str
    number: int
    received: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """The reason of a post, when it was due, and whether there was anything to post."""

    key: str
    due: datetime
    state: OccasionState


_LINE = (
    delivery.c.id,
    delivery.c.created,
    delivery.c.sending_at,
    delivery.c.destination,
    delivery.c.subscription,
    delivery.c.op,
    delivery.c.part,
    delivery.c.parts,
    delivery.c.state,
    delivery.c.attempts,
    delivery.c.error,
)
_DUE = select(occasion.c.key, occasion.c.due, occasion.c.state)
#: Built once, since the first page needs all of them.
_MOST = bindparam("most", type_=Integer)
_NEXT = select(subscription).where(subscription.c.next_due.is_not(None)).order_by(subscription.c.next_due).limit(_MOST)
_HALTED = select(subscription).where(IS_HALTED).order_by(subscription.c.id.desc()).limit(_MOST)
_FAILING = FEEDS.where(IS_FAILING).order_by(feed.c.address).limit(_MOST)
_TITLES = select(chat.c.destination, chat.c.title).where(chat.c.destination.in_(bindparam("names", expanding=True)))


def _newest_in(state: State) -> Select[*tuple[Any, ...]]:
    newest = select(*_LINE).where(delivery.c.state == state).order_by(delivery.c.created.desc(), delivery.c.id.desc())
    return select(newest.limit(_MOST).subquery())


_TROUBLES = union_all(_newest_in(State.UNCERTAIN), _newest_in(State.DEAD))


@retries_conflicts
class Listings:
    """Reads lists for the dashboard."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def posts(self, wanted: PostFilter, before: int | None = None, most: int = PAGE) -> list[PostLine]:
        """Returns the newest posts, or those that are older than the post with the number ``before``."""
        conditions = _conditions(wanted)
        newest = select(*_LINE).where(*conditions).order_by(delivery.c.created.desc(), delivery.c.id.desc())
        # No index has two of them and the order. In a chat with many posts the search for a rare state takes long.
        async with self._database.read(long_running=len(conditions) > 1) as connection:
            if before is not None:
                created = await connection.scalar(select(delivery.c.created).where(delivery.c.id == before))
                if created is None:
                    return []
                is_older = or_(delivery.c.created < created, delivery.c.id < before)
                newest = newest.where(delivery.c.created <= created, is_older)
            return readable(await connection.execute(newest.limit(most)), _line, "delivery")

    async def troubles(self, most: int) -> list[PostLine]:
        """Returns the newest uncertain posts and the newest dead ones."""
        async with self._database.read() as connection:
            return readable(await connection.execute(_TROUBLES, {"most": most}), _line, "delivery")

    async def due(self, occasion_id: int) -> Due | None:
        """Returns why a post was written, if it is still known."""
        async with self._database.read() as connection:
            rows = await connection.execute(_DUE.where(occasion.c.id == occasion_id))
            return next(iter(readable(rows, _due, "occasion")), None)

    async def last_due(self, subscription_id: int, most: int) -> list[Due]:
        """Returns the newest occasions of a subscription, also those without a post."""
        is_its = occasion.c.subscription == subscription_id
        async with self._database.read() as connection:
            rows = await connection.execute(_DUE.where(is_its).order_by(occasion.c.due.desc()).limit(most))
            return readable(rows, _due, "occasion")

    async def stories(self, viewer: Viewer, before: int | None = None, most: int = PAGE) -> list[int]:
        """Returns the numbers of the newest reports, or of those that are older than the report ``before``."""
        eyes, values = without_owner(viewer), {"owner": viewer.owner}
        newest = select(report.c.id).where(is_visible(eyes)).order_by(report.c.updated.desc(), report.c.id.desc())
        async with self._database.read() as connection:
            if before is not None:
                updated = await connection.scalar(select(report.c.updated).where(report.c.id == before))
                if updated is None:
                    return []
                newest = newest.where(
                    report.c.updated <= updated, or_(report.c.updated < updated, report.c.id < before)
                )
            return list((await connection.execute(newest.limit(most), values)).scalars())

    async def posts_with(self, report_id: int, most: int) -> tuple[list[PostLine], int]:
        """Returns the newest posts that were written with a report, and how many there are."""
        shows = select(told.c.occasion, told.c.part).where(told.c.report == report_id)
        # Not by the index of occasions: that would walk all newer posts of other stories.
        newest = shows.order_by((told.c.occasion + 0).desc()).limit(most).subquery()
        is_it = and_(delivery.c.occasion == newest.c.occasion, delivery.c.part == newest.c.part)
        posts = select(*_LINE).join(newest, is_it).where(delivery.c.op == Op.POST).order_by(delivery.c.id.desc())
        counted = select(func.count()).select_from(told).where(told.c.report == report_id)
        async with self._database.read() as connection:
            lines = readable(await connection.execute(posts.limit(most)), _line, "delivery")
            return lines, int(await connection.scalar(counted) or 0)

    async def feeds(self, after: str = "", most: int = PAGE) -> list[Feed]:
        """Returns the feeds with addresses after ``after``, ordered by them."""
        statement = FEEDS.where(feed.c.address > after).order_by(feed.c.address).limit(most)
        async with self._database.read() as connection:
            return readable(await connection.execute(statement), read_feed, "feed")

    async def failing_feeds(self, most: int) -> list[Feed]:
        """Returns feeds that could not be read the last time or are gone, ordered by their addresses."""
        async with self._database.read() as connection:
            return readable(await connection.execute(_FAILING, {"most": most}), read_feed, "feed")

    async def versions(self, report_id: int) -> list[VersionLine]:
        """Returns the versions of a report, the newest first."""
        statement = (
            select(version.c.id, version.c.number, version.c.received)
            .where(version.c.report == report_id)
            .order_by(version.c.number.desc())
        )
        async with self._database.read() as connection:
            return [VersionLine(*row) for row in await connection.execute(statement)]

    async def subscriptions(self, after: int = 0, most: int = PAGE) -> list[Subscription]:
        """Returns the subscriptions with higher numbers than ``after``."""
        statement = select(subscription).where(subscription.c.id > after).order_by(subscription.c.id).limit(most)
        async with self._database.read() as connection:
            return readable_subscriptions(await connection.execute(statement))

    async def next_posts(self, most: int) -> list[Subscription]:
        """Returns the subscriptions whose next posts are due first."""
        async with self._database.read() as connection:
            return readable_subscriptions(await connection.execute(_NEXT, {"most": most}))

    async def halted(self, most: int) -> list[Subscription]:
        """Returns the newest subscriptions that are paused, but not by a user."""
        async with self._database.read() as connection:
            return readable_subscriptions(await connection.execute(_HALTED, {"most": most}))

    async def titles(self, places: Iterable[Destination]) -> dict[str, str]:
        """Returns the titles of chats, by the chats as text. Chats without a title are left out.

        A chat of which only a thread has a title has that one.
        """
        asked = list(places)
        names = sorted({name for place in asked for name in (str(place), place.owner)})
        async with self._database.read() as connection:
            rows = await connection.execute(_TITLES, {"names": names})
            found = {row.destination: row.title for row in rows if row.title}
        return {place.owner: found[str(place)] for place in asked if str(place) in found} | found


def _conditions(wanted: PostFilter) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(delivery.c.state == wanted.state)
    if wanted.destination is not None:
        found.append(delivery.c.destination == str(wanted.destination))
    if wanted.subscription is not None:
        found.append(delivery.c.subscription == wanted.subscription)
    if wanted.day is not None:
        start, end = day_bounds(wanted.day)
        found.append(and_(delivery.c.created >= start, delivery.c.created < end))
    return found


def _due(row: Any) -> Due:
    return Due(row.key, row.due, OccasionState(row.state))


def _line(row: Any) -> PostLine:
    where, kind, state = Destination.parse(row.destination), Op(row.op), State(row.state)
    numbers = (row.part, row.parts, state, row.attempts, row.error)
    return PostLine(row.id, row.created, row.sending_at, where, row.subscription, kind, *numbers)
