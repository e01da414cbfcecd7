"""Feeds that have moved to the address of another feed: they stay in the list, and the other is read in their place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, null, or_, select, update

from bot.storage.database.engine import Connection
from bot.storage.database.tables import feed

_merged = feed.alias()
#: The address and the tags of each feed merged into a feed, as one line.
MERGED_TAGS = (
    select(func.aggregate_strings(_merged.c.address + " " + _merged.c.tags, "\n"))
    .where(_merged.c.merged_into == feed.c.id)
    .scalar_subquery()
    .label("merged_tags")
)
#: The columns of a feed alone, without the tags of those merged into it.
ALONE = (*feed.c, null().label("merged_tags"))
FEEDS = select(feed, MERGED_TAGS)


async def merge_into_feed_at(connection: Connection, number: int, address: str, now: datetime) -> int | None:
    """Merges a feed into the one at ``address``, which is due at once. Returns that one's number, or None."""
    other = select(feed.c.id).where(feed.c.address == address, feed.c.id != number)
    kept: int | None = await connection.scalar(other)
    if kept is None:
        return None
    moved = update(feed).where(or_(feed.c.id == number, feed.c.merged_into == number))
    await connection.execute(moved.values(merged_into=kept, failures=0, error=None))
    is_kept = feed.c.id == kept
    await connection.execute(update(feed).where(is_kept).values(merged_into=None, ended=False, next_poll=now))
    return kept


async def free_merged(connection: Connection) -> None:
    """Lets feeds be read again if the feed that was read in their place has been removed."""
    is_orphan = feed.c.merged_into.not_in(select(_merged.c.id))
    await connection.execute(update(feed).where(is_orphan).values(merged_into=None))
