"""Rows of feeds and of their items: how each is written and read."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.feeds.model import Feed, FeedSource, ItemState, Origin, PendingItem
from briefings import errors
from briefings.errors import SourceError
from briefings.fetching.headers import Validators
from briefings.model import Article
from briefings.sources.feeds import FeedItem
from briefings.sources.links import is_same_site


def new_feed_row(source: FeedSource, now: datetime) -> dict[str, object]:
    """Returns the row of a new feed, which is due at once."""
    return {
        "address": source.address,
        "title": "",
        **source_columns(source),
        "declared": source.address if source.origin is Origin.CONFIG else None,
        "interval": seconds(source.least),
        "next_poll": now,
        "failures": 0,
        "ended": False,
    }


def source_columns(source: FeedSource) -> dict[str, object]:
    """Returns the columns with the operator's settings."""
    return {
        "tags": json.dumps(sorted(source.tags), ensure_ascii=False),
        "shown": source.shown,
        "least": seconds(source.least),
        "most": seconds(source.most),
        "origin": source.origin,
    }


def read_feed(row: Any) -> Feed:
    """Returns the feed of a row, which also has the column ``merged_tags`` of `bot.storage.feed_merging`."""
    least, most = timedelta(seconds=row.least), timedelta(seconds=row.most)
    return Feed(
        row.id,
        FeedSource(row.address, _read_tags(row), row.shown, least, most, Origin(row.origin)),
        row.title,
        Validators(row.etag, row.last_modified),
        timedelta(seconds=row.interval),
        row.next_poll,
        row.failures,
        _read_error(row.error),
        row.last_read,
        row.newest,
        None if row.usual_gap is None else timedelta(seconds=row.usual_gap),
        row.ended,
        row.merged_into,
    )


def _read_tags(row: Any) -> frozenset[str]:
    """Returns a feed's tags, and those of the feeds merged into it that are of the same site.

    Another site could redirect to any feed, whose stories would be hidden from others if its tags are restricted.
    """
    written = [row.tags]
    for line in (row.merged_tags or "").split("\n"):
        address, _, tags = line.partition(" ")
        if tags and is_same_site(address, row.address):
            written.append(tags)
    return frozenset(tag for tags in written for tag in json.loads(tags))


def item_row(number: int, item: FeedItem, state: ItemState, now: datetime) -> dict[str, object]:
    """Returns the row of a new or edited item of the feed with that number."""
    return {
        "feed": number,
        "key": item.key,
        "fingerprint": item.fingerprint,
        "state": state,
        "body": _write_item(item) if state is ItemState.PENDING else None,
        "article": None,
        "attempts": 0,
        "not_before": now,
        "found": now,
        "seen": now,
    }


def _write_item(item: FeedItem) -> str:
    published = item.published.isoformat() if item.published else None
    values = {"url": item.url, "id": item.id, "title": item.title, "text": item.text, "published": published}
    return json.dumps(values, ensure_ascii=False)


def read_pending(row: Any) -> PendingItem:
    """Returns the item of a row that also has the columns of its feed."""
    return PendingItem(row.item, read_feed(row), _read_item(row.body), row.attempts, row.is_read)


def _read_item(body: str) -> FeedItem:
    raw = json.loads(body)
    published = raw.pop("published")
    return FeedItem(**raw, published=datetime.fromisoformat(published) if published else None)


def write_article(article: Article) -> str:
    """Returns the article as JSON."""
    return _articles().dump_json(article).decode()


def read_article(column: str) -> Article:
    """Returns the article of such a column."""
    return _articles().validate_json(column)


@cache
def _articles() -> TypeAdapter[Article]:
    return TypeAdapter(Article)


def write_error(error: SourceError) -> str:
    """Returns an error as it is stored: its kind and its arguments."""
    return json.dumps([type(error).__name__, *error.args], ensure_ascii=False, default=str)


def _read_error(written: str | None) -> SourceError | None:
    if written is None:
        return None
    name, *args = json.loads(written)
    kind = getattr(errors, name, SourceError)
    try:
        return kind(*args) if issubclass(kind, SourceError) else SourceError(name)
    except TypeError:  # another version of the program has written it
        return SourceError(str(args[0]) if args else name)


def seconds(duration: timedelta | None) -> int | None:
    """Returns a duration as it is stored."""
    return None if duration is None else int(duration.total_seconds())
