"""Stores what chats like."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, and_, case, delete, select

from bot.chats import Destination
from bot.storage.database.cache import Cache
from bot.storage.database.chat_tables import taste
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.statements import upsert
from bot.subscriptions.tastes import HIGHEST, TasteKind, Tastes, Trait

#: The most traits of a chat that are kept. Those whose scores changed last stay.
MOST_TRAITS = 300


@retries_conflicts
class TasteScores:
    """A `bot.subscriptions.tastes.TasteStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Cache[Tastes] = Cache(database, taste, most=10_000)

    async def react(self, where: Destination, traits: Collection[Trait], change: int, now: datetime) -> None:
        """Changes the scores of some traits."""
        rows = [
            {"destination": str(where), "kind": one.kind, "name": one.name, "score": change, "changed": now}
            for one in sorted(traits, key=lambda one: (one.kind, one.name))
        ]
        if not rows:
            return
        is_its = taste.c.destination == str(where)
        last = select(taste.c.name, taste.c.kind).where(is_its).order_by(taste.c.changed.desc()).offset(MOST_TRAITS)
        async with self._database.write() as connection:
            adding = upsert(connection.dialect.name, taste)
            score = taste.c.score + adding.excluded.score
            kept = case((score > HIGHEST, HIGHEST), (score < -HIGHEST, -HIGHEST), else_=score)
            changed = {"score": kept, "changed": adding.excluded.changed}
            keys = ["destination", "kind", "name"]
            await connection.execute(adding.on_conflict_do_update(index_elements=keys, set_=changed), rows)
            await connection.execute(delete(taste).where(is_its, taste.c.score == 0))
            for row in (await connection.execute(last.limit(MOST_TRAITS))).all():
                is_it = and_(is_its, taste.c.kind == row.kind, taste.c.name == row.name)
                await connection.execute(delete(taste).where(is_it))

    async def tastes(self, where: Destination) -> Tastes:
        """Returns the scores of a chat, without those that are 0."""

        async def read() -> Tastes:
            async with self._database.read() as connection:
                rows = (await connection.execute(_of(where))).all()
            return {Trait(TasteKind(row.kind), row.name): row.score for row in rows}

        return await self._known.get(str(where), read)

    async def forget(self, where: Destination, trait: Trait | None) -> None:
        """Deletes the score of a trait, or all scores."""
        statement = delete(taste).where(taste.c.destination == str(where))
        if trait is not None:
            statement = statement.where(taste.c.kind == trait.kind, taste.c.name == trait.name)
        async with self._database.write() as connection:
            await connection.execute(statement)


def _of(where: Destination) -> Select[tuple[str, str, int]]:
    columns = (taste.c.kind, taste.c.name, taste.c.score)
    return select(*columns).where(taste.c.destination == str(where)).order_by(taste.c.kind, taste.c.name)
