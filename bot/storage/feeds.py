"""The store of feeds and their items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, delete, func, select, true, update

from bot.feeds.model import Feed, FeedCounts, FeedSource, ItemState, Origin, PendingItem, Reading
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.statements import upsert
from bot.storage.database.tables import feed, feed_item
from bot.storage.feed_merging import ALONE, FEEDS, MERGED_TAGS, free_merged, merge_into_feed_at
from bot.storage.feed_rows import (
    item_row,
    new_feed_row,
    read_article,
    read_feed,
    read_pending,
    seconds,
    source_columns,
    write_article,
    write_error,
)
from bot.storage.rows import UNREADABLE, readable, report
from briefings.errors import SourceError
from briefings.model import Article
from briefings.sources.feeds import FeedItem

#: How exactly it is known when a feed last had an item: not every read has to write all of them.
_SEEN = timedelta(days=1)
_PENDING = (
    select(
        feed,
        MERGED_TAGS,
        feed_item.c.id.label("item"),
        feed_item.c.body,
        feed_item.c.attempts,
        feed_item.c.article.is_not(None).label("is_read"),
    )
    .join(feed_item, feed_item.c.feed == feed.c.id)
    .where(feed_item.c.state == ItemState.PENDING)
)


@retries_conflicts
class Feeds:
    """A `bot.feeds.model.FeedStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, source: FeedSource, now: datetime, title: str = "") -> Feed | None:
        """Adds a feed, due at once; None if there is one at that address. Its first read may change the title."""
        new = new_feed_row(source, now) | {"title": title}
        async with self._database.write() as connection:
            adding = upsert(connection.dialect.name, feed).values(new).on_conflict_do_nothing()
            row = (await connection.execute(adding.returning(*ALONE))).one_or_none()
        return read_feed(row) if row else None

    async def declare(self, sources: Iterable[FeedSource], now: datetime) -> None:
        """Makes the feeds of the configuration those of ``sources``."""
        wanted = {source.address: source for source in sources}
        async with self._database.write() as connection:
            gone = delete(feed).where(feed.c.origin == Origin.CONFIG, feed.c.declared.not_in(list(wanted)))
            await connection.execute(gone)
            known = set((await connection.execute(select(feed.c.declared))).scalars().all())
            for address, source in wanted.items():
                if address in known:
                    is_it = feed.c.declared == address
                    await connection.execute(update(feed).where(is_it).values(source_columns(source)))
                    continue
                adding = upsert(connection.dialect.name, feed).values(new_feed_row(source, now))
                adopted = {**source_columns(source), "declared": address}
                await connection.execute(adding.on_conflict_do_update(index_elements=["address"], set_=adopted))
            await free_merged(connection)

    async def all(self) -> list[Feed]:
        """All feeds, by address."""
        async with self._database.read() as connection:
            return readable(await connection.execute(FEEDS.order_by(feed.c.address)), read_feed, "feed")

    async def get(self, number: int) -> Feed | None:
        """The feed of that number."""
        async with self._database.read() as connection:
            row = (await connection.execute(FEEDS.where(feed.c.id == number))).one_or_none()
        return read_feed(row) if row else None

    async def remove(self, number: int) -> None:
        """Removes a feed; its stories stay."""
        async with self._database.write() as connection:
            await connection.execute(delete(feed_item).where(feed_item.c.feed == number))
            await connection.execute(delete(feed).where(feed.c.id == number))
            await free_merged(connection)

    async def due(self, now: datetime, most: int) -> list[Feed]:
        """The feeds that are to be read, those that wait longest first."""
        is_read = feed.c.ended.is_(False) & feed.c.merged_into.is_(None)
        statement = FEEDS.where(feed.c.next_poll <= now, is_read)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement.order_by(feed.c.next_poll).limit(most))).all()
        found = readable(rows, read_feed, "feed")
        if broken := {row.id for row in rows} - {one.id for one in found}:
            later = now + timedelta(days=1)  # otherwise they come first each time
            async with self._database.write() as connection:
                await connection.execute(update(feed).where(feed.c.id.in_(broken)).values(next_poll=later))
        return found

    async def fingerprints(self, number: int, keys: Iterable[str]) -> Mapping[str, str]:
        """The fingerprints of the items of these keys that are known."""
        statement = select(feed_item.c.key, feed_item.c.fingerprint)
        statement = statement.where(feed_item.c.feed == number, feed_item.c.key.in_(list(keys)))
        async with self._database.read() as connection:
            return {row.key: row.fingerprint for row in await connection.execute(statement)}

    async def with_fingerprints(self, number: int, fingerprints: Iterable[str]) -> frozenset[str]:
        """Those of the fingerprints that items of the feed have."""
        statement = select(feed_item.c.fingerprint).where(
            feed_item.c.feed == number, feed_item.c.fingerprint.in_(list(fingerprints))
        )
        async with self._database.read() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def tag(self, number: int, tags: frozenset[str]) -> None:
        """Adds tags to those of a feed."""
        async with self._database.write() as connection:
            row = (await connection.execute(select(*ALONE).where(feed.c.id == number).with_for_update())).one_or_none()
            if row is not None:
                source = read_feed(row).source
                columns = source_columns(replace(source, tags=source.tags | tags))
                await connection.execute(update(feed).where(feed.c.id == number).values(columns))

    async def record(self, known: Feed, reading: Reading, now: datetime) -> Mapping[str, int]:
        """Stores a read and its items, in one transaction. Returns the numbers of its pending items, by their keys."""
        values = {
            "title": reading.title or known.title,
            "etag": reading.validators.etag,
            "last_modified": reading.validators.last_modified,
            "interval": seconds(reading.interval),
            "next_poll": reading.next_poll,
            "failures": 0,
            "error": None,
            "last_read": now,
            "usual_gap": seconds(reading.usual_gap or known.usual_gap),
        }
        if reading.pending or known.newest is None:
            values["newest"] = now
        async with self._database.write() as connection:
            if reading.moved_to and await _is_free(connection, reading.moved_to):
                values["address"] = reading.moved_to
            await connection.execute(update(feed).where(feed.c.id == known.id).values(values))
            rows = [
                *(item_row(known.id, item, ItemState.PENDING, now) for item in reversed(reading.pending)),
                *(item_row(known.id, item, ItemState.SKIPPED, now) for item in reading.skipped),
            ]
            if rows:
                await _keep_items(connection, rows)
            stale = (feed_item.c.feed == known.id) & (feed_item.c.seen < now - _SEEN)
            if reading.present:
                is_present = feed_item.c.key.in_(list(reading.present))
                await connection.execute(update(feed_item).where(stale, is_present).values(seen=now))
            return await _numbers(connection, known.id, [item.key for item in reading.pending])

    async def merge(self, number: int, address: str, now: datetime) -> int | None:
        """Lets the feed at ``address`` be read in place of a feed that has moved there.

        It is due at once. Returns its number, or None if no other feed has that address.
        """
        async with self._database.write() as connection:
            return await merge_into_feed_at(connection, number, address, now)

    async def record_failure(
        self, known: Feed, error: SourceError, next_poll: datetime, *, ended: bool = False
    ) -> None:
        """Stores that a feed could not be read."""
        values = {"failures": known.failures + 1, "error": write_error(error), "next_poll": next_poll, "ended": ended}
        async with self._database.write() as connection:
            await connection.execute(update(feed).where(feed.c.id == known.id).values(values))

    async def pending(self, now: datetime, most: int) -> list[PendingItem]:
        """Items that are to be read or analysed now, the oldest first."""
        oldest = _PENDING.where(feed_item.c.not_before <= now).order_by(feed_item.c.not_before, feed_item.c.id)
        return await self._pending(oldest.limit(most))

    async def item(self, number: int, now: datetime) -> PendingItem | None:
        """The item of that number, or None if there is nothing to do for it now."""
        found = await self._pending(_PENDING.where(feed_item.c.not_before <= now, feed_item.c.id == number))
        return next(iter(found), None)

    async def _pending(self, statement: Select[Any]) -> list[PendingItem]:
        """Reads items. Those that cannot be read are given up, so that they do not come first each time."""
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        found = readable(rows, read_pending, "feed item")
        if broken := {row.item for row in rows} - {one.id for one in found}:
            async with self._database.write() as connection:
                is_it = feed_item.c.id.in_(broken)
                await connection.execute(update(feed_item).where(is_it).values(state=ItemState.FAILED))
        return found

    async def keep_article(self, item: int, article: Article) -> None:
        """Keeps the article of an item until it is analysed."""
        await self._change(item, article=write_article(article), attempts=0)

    async def article(self, item: int) -> Article | None:
        """The article of an item. If another version of the program wrote it, its page is read again."""
        async with self._database.read() as connection:
            column = await connection.scalar(select(feed_item.c.article).where(feed_item.c.id == item))
        try:
            return read_article(column) if column else None
        except UNREADABLE as error:
            report("article of a feed item", item, error)
            await self._change(item, article=None)
            return None

    async def twin(self, item: FeedItem) -> str | None:
        """The version that the same item of another feed became."""
        statement = select(feed_item.c.version).where(
            feed_item.c.key == item.key,
            feed_item.c.fingerprint == item.fingerprint,
            feed_item.c.state == ItemState.DONE,
        )
        async with self._database.read() as connection:
            return (await connection.execute(statement.limit(1))).scalar_one_or_none()

    async def finish(self, item: int, version: str) -> None:
        """The item became that version."""
        await self._change(item, state=ItemState.DONE, body=None, article=None, version=version)

    async def postpone(self, item: int, until: datetime) -> None:
        """The item's page could not be read, or its article not be analysed; it is tried again."""
        await self._change(item, not_before=until, attempts=feed_item.c.attempts + 1)

    async def give_up(self, item: int) -> None:
        """The item gives no article."""
        await self._change(item, state=ItemState.FAILED, body=None, article=None)

    async def counts(self, since: datetime, feeds: Iterable[int] | None = None) -> Mapping[int, FeedCounts]:
        """Returns the results of the items since then of some feeds, or of all."""

        def number(state: ItemState) -> Any:
            return func.sum(case((feed_item.c.state == state, 1), else_=0))

        statement = (
            select(feed_item.c.feed, number(ItemState.DONE).label("done"), number(ItemState.FAILED).label("failed"))
            .where(feed_item.c.found >= since, true() if feeds is None else feed_item.c.feed.in_(list(feeds)))
            .group_by(feed_item.c.feed)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(statement)
            return {row.feed: FeedCounts(int(row.done), int(row.failed)) for row in rows}

    async def prune(self, before: datetime) -> None:
        """Forgets the items that no feed has had since then."""
        is_old = (feed_item.c.seen < before) & (feed_item.c.state != ItemState.PENDING)
        async with self._database.write(long_running=True) as connection:
            await connection.execute(delete(feed_item).where(is_old))

    async def _change(self, item: int, **values: Any) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(feed_item).where(feed_item.c.id == item).values(values))


async def _is_free(connection: Connection, address: str) -> bool:
    """Whether no feed has that address."""
    return (await connection.scalar(select(feed.c.id).where(feed.c.address == address))) is None


async def _keep_items(connection: Connection, rows: list[dict[str, object]]) -> None:
    """Adds items; one that is known was edited, and is pending again."""
    adding = upsert(connection.dialect.name, feed_item)
    changed = ("fingerprint", "state", "body", "article", "attempts", "not_before", "seen")
    adding = adding.on_conflict_do_update(
        index_elements=["feed", "key"], set_={name: adding.excluded[name] for name in changed}
    )
    await connection.execute(adding, rows)


async def _numbers(connection: Connection, number: int, keys: list[str]) -> Mapping[str, int]:
    """Returns the numbers of the items of a feed, by their keys."""
    if not keys:
        return {}
    found = select(feed_item.c.key, feed_item.c.id).where(feed_item.c.feed == number, feed_item.c.key.in_(keys))
    return {row.key: row.id for row in await connection.execute(found)}
