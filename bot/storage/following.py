"""Stores the stories that chats follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, false, func, or_, select

from bot.chats import Destination
from bot.storage.database.cache import Cache
from bot.storage.database.chat_tables import followed
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.statements import upsert
from bot.storage.database.tables import report, story, version
from bot.subscriptions.following import MOST_FOLLOWED, Follower

_ROOT = func.coalesce(story.c.merged_into, story.c.id)
_OF_VERSION = (
    select(_ROOT)
    .join(report, report.c.story == story.c.id)
    .join(version, version.c.report == report.c.id)
    .where(version.c.id == bindparam("version"))
)


@retries_conflicts
class Following:
    """A `bot.subscriptions.following.FollowStore`. Stories that became one are followed as one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Cache[frozenset[int]] = Cache(database, followed, story, most=10_000)

    async def follow(self, where: Destination, version_id: str, now: datetime) -> bool:
        """Follows the story of a version. Returns False if the chat follows too many stories."""
        if len(await self._stories(where)) >= MOST_FOLLOWED:
            return False
        async with self._database.write() as connection:
            number = await connection.scalar(_OF_VERSION, {"version": version_id})
            if number is not None:
                values = {"destination": str(where), "story": number, "since": now}
                adding = upsert(connection.dialect.name, followed).values(values)
                await connection.execute(adding.on_conflict_do_nothing())
        return True

    async def unfollow(self, where: Destination, version_id: str) -> None:
        """Follows the story of a version no more."""
        async with self._database.write() as connection:
            number = await connection.scalar(_OF_VERSION, {"version": version_id})
            same = select(story.c.id).where(or_(story.c.id == number, story.c.merged_into == number))
            its = delete(followed).where(followed.c.destination == str(where), followed.c.story.in_(same))
            await connection.execute(its)

    async def follows(self, where: Destination, version_id: str) -> bool:
        """Returns whether a chat follows the story of a version."""
        known = await self._stories(where)
        if not known:
            return False
        async with self._database.read() as connection:
            return await connection.scalar(_OF_VERSION, {"version": version_id}) in known

    async def followed(self, where: Destination) -> list[str]:
        """Returns the newest version of each story that a chat follows, the last one followed first."""
        its = _followers().where(followed.c.destination == str(where)).order_by(followed.c.since.desc())
        async with self._database.read() as connection:
            numbers = list(dict.fromkeys(row.root for row in await connection.execute(its)))
            return [newest for number in numbers if (newest := await _newest(connection, number))]

    async def followers(self, stories: Sequence[int]) -> dict[int, list[Follower]]:
        """Returns the followers of each of these stories, by the number of the story."""
        found: dict[int, dict[str, Follower]] = {}
        async with self._database.read(long_running=True) as connection:
            statement = _followers().where(_ROOT.in_(stories)).order_by(followed.c.destination, followed.c.since)
            for row in await connection.execute(statement):
                follower = Follower(Destination.parse(row.destination), row.since)
                found.setdefault(row.root, {}).setdefault(row.destination, follower)
        return {number: list(followers.values()) for number, followers in found.items()}

    async def _stories(self, where: Destination) -> frozenset[int]:
        async def read() -> frozenset[int]:
            async with self._database.read() as connection:
                rows = await connection.execute(_followers().where(followed.c.destination == str(where)))
                return frozenset(row.root for row in rows)

        return await self._known.get(str(where), read)


def _followers() -> Select[Any]:
    columns = (followed.c.destination, followed.c.since, _ROOT.label("root"))
    return select(*columns).join(story, story.c.id == followed.c.story)


async def _newest(connection: Connection, number: int) -> str | None:
    """Returns the current version of the newest public report of a story."""
    newest = (
        select(report.c.current)
        .join(story, story.c.id == report.c.story)
        .where(_ROOT.in_([number]), report.c.hidden == false())
        .order_by(report.c.updated.desc())
        .limit(1)
    )
    found: str | None = await connection.scalar(newest)
    return found
