"""Figures about the bot's health that are in the database."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, Table, func, select, text

from bot.delivery.model import State
from bot.delivery.occasions import OccasionState
from bot.feeds.model import ItemState
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.tables import delivery, feed_item, inbox, job_run, occasion
from bot.storage.inbox import ASIDE, NEW

_UNFINISHED = (State.PENDING, State.SENDING, State.UNCERTAIN)
_COUNT = func.count()
_SERVER_SIZE = text("SELECT pg_database_size(current_database())")
_FILE_SIZE = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")


@dataclass(frozen=True, slots=True)
class Vitals:
    """The figures of one moment.

    Attributes:
        posts: The number of unfinished posts, by platform and state.
        queues: The length of each queue, by name.
        newest_post: The time of the newest post that arrived, or None.
    """

    posts: dict[tuple[str, State], int]
    queues: dict[str, int]
    newest_post: datetime | None


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
            row = (await connection.execute(_figures(tuple(platforms)))).mappings().one()
        posts = {(platform, state): row[f"{platform} {state}"] for platform in platforms for state in _UNFINISHED}
        return Vitals(posts, {name: row[name] for name in _QUEUES}, _newest_of(row, platforms))

    async def newest_post(self, platforms: list[str]) -> datetime | None:
        """Returns the time of the newest post that arrived, or None."""
        if not platforms:
            return None
        async with self._database.read() as connection:
            row = (await connection.execute(_newest_posts(tuple(platforms)))).mappings().one()
        return _newest_of(row, platforms)

    async def size(self) -> int:
        """Returns the size of the database in bytes."""
        async with self._database.read() as connection:
            return int(await connection.scalar(_FILE_SIZE if self._database.is_sqlite else _SERVER_SIZE) or 0)

    def free_bytes(self) -> int | None:
        """Returns the free space on the disk of an SQLite file, or None for other databases."""
        path = self._database.path
        return shutil.disk_usage(path.resolve().parent).free if path else None


def _count(table: Table, state: str) -> ScalarSelect[int]:
    return select(_COUNT).select_from(table).where(table.c.state == state).scalar_subquery()


def _count_posts(platform: str, state: State) -> ScalarSelect[int]:
    return select(_COUNT).where(delivery.c.platform == platform, delivery.c.state == state).scalar_subquery()


def _newest(platform: str) -> ScalarSelect[datetime]:
    sent = select(delivery.c.sending_at).where(delivery.c.platform == platform, delivery.c.state == State.SENT)
    return sent.order_by(delivery.c.sending_at.desc()).limit(1).scalar_subquery()


_QUEUES = {
    "occasions": _count(occasion, OccasionState.PENDING),
    "pages": _count(feed_item, ItemState.PENDING),
    "updates": _count(inbox, NEW),
    "updates_set_aside": _count(inbox, ASIDE),
    "jobs_set_aside": select(_COUNT).select_from(job_run).where(job_run.c.aside_until.is_not(None)).scalar_subquery(),
}


@lru_cache
def _figures(platforms: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Builds one query for all figures: a query for each of them takes several times as long."""
    posts = [
        _count_posts(platform, state).label(f"{platform} {state}") for platform in platforms for state in _UNFINISHED
    ]
    queues = [counted.label(name) for name, counted in _QUEUES.items()]
    return select(*posts, *queues, *(_newest(platform).label(platform) for platform in platforms))


@lru_cache
def _newest_posts(platforms: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    return select(*(_newest(platform).label(platform) for platform in platforms))


def _newest_of(row: Any, platforms: list[str]) -> datetime | None:
    return max((row[platform] for platform in platforms if row[platform]), default=None)
