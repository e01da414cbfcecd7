"""Figures about the bot's health that are in the database."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select, text

from bot.delivery.model import State
from bot.delivery.occasions import OccasionState
from bot.feeds.model import ItemState
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.tables import delivery, feed_item, inbox, job_run, occasion
from bot.storage.inbox import ASIDE, NEW

_JOBS_ASIDE = select(func.count()).select_from(job_run).where(job_run.c.aside_until.is_not(None))
_UNFINISHED = (State.PENDING, State.SENDING, State.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Vitals:
    """The figures of one moment.

    Attributes:
        posts: The number of unfinished posts, by platform and state.
        queues: The length of each queue, by name.
        newest_post: The time of the newest post that arrived, or None.
        size: The size of the database in bytes.
    """

    posts: dict[tuple[str, State], int]
    queues: dict[str, int]
    newest_post: datetime | None
    size: int


@retries_conflicts
class VitalsStore:
    """Reads the figures. Each query uses an index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ping(self) -> None:
        """Raises a `StorageError` if the database does not answer."""
        async with self._database.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def read(self, platforms: list[str]) -> Vitals:
        """Returns the figures of these platforms."""
        async with self._database.read() as connection:
            posts = {
                (platform, state): await _count_posts(connection, platform, state)
                for platform in platforms
                for state in _UNFINISHED
            }
            queues = {
                "occasions": await _count(connection, occasion, OccasionState.PENDING),
                "pages": await _count(connection, feed_item, ItemState.PENDING),
                "updates": await _count(connection, inbox, NEW),
                "updates_set_aside": await _count(connection, inbox, ASIDE),
                "jobs_set_aside": int(await connection.scalar(_JOBS_ASIDE) or 0),
            }
            newest = [await _newest(connection, platform) for platform in platforms]
            size = await _size(connection, self._database)
        return Vitals(posts, queues, max((one for one in newest if one), default=None), size)

    async def newest_post(self, platforms: list[str]) -> datetime | None:
        """Returns the time of the newest post that arrived, or None."""
        async with self._database.read() as connection:
            newest = [await _newest(connection, platform) for platform in platforms]
        return max((one for one in newest if one), default=None)

    def free_bytes(self) -> int | None:
        """Returns the free space on the disk of an SQLite file, or None for other databases."""
        path = self._database.path
        return shutil.disk_usage(path.resolve().parent).free if path else None


async def _count(connection: Connection, table: Table, state: str) -> int:
    return int(await connection.scalar(select(func.count()).select_from(table).where(table.c.state == state)) or 0)


async def _count_posts(connection: Connection, platform: str, state: State) -> int:
    chosen = select(func.count()).where(delivery.c.platform == platform, delivery.c.state == state)
    return int(await connection.scalar(chosen) or 0)


async def _newest(connection: Connection, platform: str) -> datetime | None:
    sent = select(delivery.c.sending_at).where(delivery.c.platform == platform, delivery.c.state == State.SENT)
    row = (await connection.execute(sent.order_by(delivery.c.sending_at.desc()).limit(1))).first()
    return row.sending_at if row else None


async def _size(connection: Connection, database: Database) -> int:
    if not database.is_sqlite:
        return int(await connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages = int(await connection.scalar(text("PRAGMA page_count")) or 0)
    return pages * int(await connection.scalar(text("PRAGMA page_size")) or 0)
