"""The store of feeds and their items."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, select, update

from bot.feeds.model import Feed, FeedCounts, FeedSource, ItemState, Origin, PendingItem, Reading
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.statements import upsert
from bot.storage.database.tables import feed, feed_item
from bot.storage.rows import readable
from briefings import errors
from briefings.errors import SourceError
from briefings.fetching.headers import Validators
from briefings.sources.feeds import FeedItem

#: How exactly it is known when a feed last had an item: not every read has to write all of them.
_SEEN = timedelta(days=1)


@retries_conflicts
class Feeds:
    """A `bot.feeds.model.FeedStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, source: FeedSource, now: datetime) -> Feed | None:
        """Adds a feed, due at once; None if there is one at that address."""
        async with self._database.write() as connection:
            adding = upsert(connection.dialect.name, feed).values(_new(source, now)).on_conflict_do_nothing()
            row = (await connection.execute(adding.returning(*feed.c))).one_or_none()
        return _read(row) if row else None

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
                    await connection.execute(update(feed).where(is_it).values(_settings(source)))
                    continue
                adding = upsert(connection.dialect.name, feed).values(_new(source, now))
                adopted = {**_settings(source), "declared": address}
                await connection.execute(adding.on_conflict_do_update(index_elements=["address"], set_=adopted))

    async def all(self) -> list[Feed]:
        """All feeds, by address."""
        async with self._database.read() as connection:
            return readable(await connection.execute(select(feed).order_by(feed.c.address)), _read, "feed")

    async def get(self, number: int) -> Feed | None:
        """The feed of that number."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(feed).where(feed.c.id == number))).one_or_none()
        return _read(row) if row else None

    async def remove(self, number: int) -> None:
        """Removes a feed; its stories stay."""
        async with self._database.write() as connection:
            await connection.execute(delete(feed_item).where(feed_item.c.feed == number))
            await connection.execute(delete(feed).where(feed.c.id == number))

    async def due(self, now: datetime, most: int) -> list[Feed]:
        """The feeds that are to be read, those that wait longest first."""
        statement = select(feed).where(feed.c.next_poll <= now, feed.c.ended.is_(False))
        async with self._database.read() as connection:
            rows = (await connection.execute(statement.order_by(feed.c.next_poll).limit(most))).all()
        found = readable(rows, _read, "feed")
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

    async def record(self, known: Feed, reading: Reading, now: datetime) -> None:
        """Stores a read and its items, in one transaction."""
        values = {
            "title": reading.title or known.title,
            "etag": reading.validators.etag,
            "last_modified": reading.validators.last_modified,
            "interval": _seconds(reading.interval),
            "next_poll": reading.next_poll,
            "failures": 0,
            "error": None,
            "last_read": now,
            "usual_gap": _seconds(reading.usual_gap or known.usual_gap),
        }
        if reading.pending or known.newest is None:
            values["newest"] = now
        async with self._database.write() as connection:
            if reading.moved_to and await _is_free(connection, reading.moved_to):
                values["address"] = reading.moved_to
            await connection.execute(update(feed).where(feed.c.id == known.id).values(values))
            rows = [
                *(_item_row(known.id, item, ItemState.PENDING, now) for item in reversed(reading.pending)),
                *(_item_row(known.id, item, ItemState.SKIPPED, now) for item in reading.skipped),
            ]
            if rows:
                await _keep_items(connection, rows)
            stale = (feed_item.c.feed == known.id) & (feed_item.c.seen < now - _SEEN)
            if reading.present:
                is_present = feed_item.c.key.in_(list(reading.present))
                await connection.execute(update(feed_item).where(stale, is_present).values(seen=now))

    async def record_failure(
        self, known: Feed, error: SourceError, next_poll: datetime, *, ended: bool = False
    ) -> None:
        """Stores that a feed could not be read."""
        values = {"failures": known.failures + 1, "error": _written(error), "next_poll": next_poll, "ended": ended}
        async with self._database.write() as connection:
            await connection.execute(update(feed).where(feed.c.id == known.id).values(values))

    async def pending(self, now: datetime, most: int) -> list[PendingItem]:
        """Items whose pages are to be read now, the oldest first."""
        statement = (
            select(feed, feed_item.c.id.label("item"), feed_item.c.body, feed_item.c.attempts)
            .join(feed_item, feed_item.c.feed == feed.c.id)
            .where(feed_item.c.state == ItemState.PENDING, feed_item.c.not_before <= now)
            .order_by(feed_item.c.not_before, feed_item.c.id)
            .limit(most)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        found = readable(
            rows, lambda row: PendingItem(row.item, _read(row), _item(row.body), row.attempts), "feed item"
        )
        if broken := {row.item for row in rows} - {one.id for one in found}:
            async with self._database.write() as connection:
                is_it = feed_item.c.id.in_(broken)
                await connection.execute(update(feed_item).where(is_it).values(state=ItemState.FAILED))
        return found

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
        await self._change(item, state=ItemState.DONE, body=None, version=version)

    async def postpone(self, item: int, until: datetime) -> None:
        """The item's page could not be read; it is tried again."""
        await self._change(item, not_before=until, attempts=feed_item.c.attempts + 1)

    async def give_up(self, item: int) -> None:
        """The item gives no article."""
        await self._change(item, state=ItemState.FAILED, body=None)

    async def counts(self, since: datetime) -> Mapping[int, FeedCounts]:
        """Returns the results of each feed's items since then."""

        def number(state: ItemState) -> Any:
            return func.sum(case((feed_item.c.state == state, 1), else_=0))

        statement = (
            select(feed_item.c.feed, number(ItemState.DONE).label("done"), number(ItemState.FAILED).label("failed"))
            .where(feed_item.c.found >= since)
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
    changed = ("fingerprint", "state", "body", "attempts", "not_before", "seen")
    adding = adding.on_conflict_do_update(
        index_elements=["feed", "key"], set_={name: adding.excluded[name] for name in changed}
    )
    await connection.execute(adding, rows)


def _new(source: FeedSource, now: datetime) -> dict[str, object]:
    return {
        "address": source.address,
        "title": "",
        **_settings(source),
        "declared": source.address if source.origin is Origin.CONFIG else None,
        "interval": _seconds(source.least),
        "next_poll": now,
        "failures": 0,
        "ended": False,
    }


def _settings(source: FeedSource) -> dict[str, object]:
    return {
        "tags": json.dumps(sorted(source.tags), ensure_ascii=False),
        "shown": source.shown,
        "least": _seconds(source.least),
        "most": _seconds(source.most),
        "origin": source.origin,
    }


def _read(row: Any) -> Feed:
    tags = frozenset(json.loads(row.tags))
    least, most = timedelta(seconds=row.least), timedelta(seconds=row.most)
    return Feed(
        row.id,
        FeedSource(row.address, tags, row.shown, least, most, Origin(row.origin)),
        row.title,
        Validators(row.etag, row.last_modified),
        timedelta(seconds=row.interval),
        row.next_poll,
        row.failures,
        _error(row.error),
        row.last_read,
        row.newest,
        None if row.usual_gap is None else timedelta(seconds=row.usual_gap),
        row.ended,
    )


def _item_row(number: int, item: FeedItem, state: ItemState, now: datetime) -> dict[str, object]:
    return {
        "feed": number,
        "key": item.key,
        "fingerprint": item.fingerprint,
        "state": state,
        "body": _body(item) if state is ItemState.PENDING else None,
        "attempts": 0,
        "not_before": now,
        "found": now,
        "seen": now,
    }


def _body(item: FeedItem) -> str:
    published = item.published.isoformat() if item.published else None
    values = {"url": item.url, "id": item.id, "title": item.title, "text": item.text, "published": published}
    return json.dumps(values, ensure_ascii=False)


def _item(body: str) -> FeedItem:
    raw = json.loads(body)
    published = raw.pop("published")
    return FeedItem(**raw, published=datetime.fromisoformat(published) if published else None)


def _written(error: SourceError) -> str:
    """An error as it is stored: its kind and what it is made of."""
    return json.dumps([type(error).__name__, *error.args], ensure_ascii=False, default=str)


def _error(written: str | None) -> SourceError | None:
    if written is None:
        return None
    name, *args = json.loads(written)
    kind = getattr(errors, name, SourceError)
    try:
        return kind(*args) if issubclass(kind, SourceError) else SourceError(name)
    except TypeError:  # another version of the program has written it
        return SourceError(str(args[0]) if args else name)


def _seconds(duration: timedelta | None) -> int | None:
    return None if duration is None else int(duration.total_seconds())
