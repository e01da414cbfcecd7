"""Transactions that PostgreSQL rolls back because of a conflict are tried again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from bot.app import open_database
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseConflict
from tests.postgres import Server


@retries_conflicts
class Rows:
    """A store of two rows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.tries = 0

    async def touch(self, *, after: asyncio.Event | None = None) -> None:
        self.tries += 1
        async with self._database.write() as connection:
            await connection.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
            await connection.execute(text("UPDATE pair SET n = n + 1 WHERE id = 1"))
            if after is not None:
                after.set()
                await asyncio.sleep(0.2)
            await connection.execute(text("UPDATE pair SET n = n + 1 WHERE id = 2"))


async def test_a_deadlock_is_tried_again(postgres: Server) -> None:
    url = postgres.new_database()
    async with open_database(url) as database:
        async with database.write() as connection:
            await connection.execute(text("CREATE TABLE pair (id int PRIMARY KEY, n int)"))
            await connection.execute(text("INSERT INTO pair VALUES (1, 0), (2, 0)"))
        rows, has_first = Rows(database), asyncio.Event()

        def cross() -> None:
            with psycopg.connect(url) as other:
                other.execute("SET deadlock_timeout = '10s'")
                other.execute("UPDATE pair SET n = n + 10 WHERE id = 2")
                other.execute("UPDATE pair SET n = n + 10 WHERE id = 1")

        touching = asyncio.create_task(rows.touch(after=has_first))
        await has_first.wait()
        await asyncio.to_thread(cross)
        await touching
        async with database.read() as connection:
            found = (await connection.execute(text("SELECT n FROM pair ORDER BY id"))).scalars().all()
    assert rows.tries == 2
    assert found == [11, 11]


async def test_what_always_fails_is_given_up(postgres: Server) -> None:
    @retries_conflicts
    class Failing:
        def __init__(self, database: Database) -> None:
            self._database = database
            self.tries = 0

        async def fail(self) -> timedelta:
            self.tries += 1
            raise DatabaseConflict("here")

    async with open_database(postgres.new_database()) as database:
        store = Failing(database)
        with pytest.raises(DatabaseConflict):
            await store.fail()
        assert store.tries == 4
