"""Transactions that PostgreSQL rolls back because of a conflict are tried again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from bot.app import open_database
from bot.delivery.model import State
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseConflict
from briefings.scope import Viewer
from tests.newsroom import BRIDGE, CHAT, CHEESE, OTHER, Newsroom
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


@retries_conflicts
class Count:
    """A store of one row, which reads it before it writes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.tries = 0

    async def add(self, other: Callable[[], None]) -> None:
        self.tries += 1
        async with self._database.write() as connection:
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
            number = await connection.scalar(text("SELECT n FROM pair WHERE id = 1"))
            if self.tries == 1:
                await asyncio.to_thread(other)
            await connection.execute(text("UPDATE pair SET n = :n WHERE id = 1"), {"n": number + 1})


async def test_a_serialisation_failure_is_tried_again(postgres: Server) -> None:
    """Another transaction changes the row between the reading and the writing."""
    url = postgres.new_database()
    async with open_database(url) as database:
        async with database.write() as connection:
            await connection.execute(text("CREATE TABLE pair (id int PRIMARY KEY, n int)"))
            await connection.execute(text("INSERT INTO pair VALUES (1, 0)"))

        def add_ten() -> None:
            with psycopg.connect(url) as other:
                other.execute("UPDATE pair SET n = n + 10 WHERE id = 1")

        count = Count(database)
        await count.add(add_ten)
        async with database.read() as connection:
            assert await connection.scalar(text("SELECT n FROM pair WHERE id = 1")) == 11
    assert count.tries == 2


async def test_posts_are_stored_after_a_deadlock(postgres: Server, postgres_template: str) -> None:
    """The composer locks the subscriptions in order. Here another transaction locks them the other way round."""
    url = postgres.new_database(like=postgres_template)
    async with open_database(url) as database:
        newsroom = Newsroom(database)
        await newsroom.subscribe(CHAT)
        await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE)
        newsroom.clock.now = newsroom.clock().replace(hour=8)
        await newsroom.bot.posting.tick.run(newsroom.clock())
        with psycopg.connect(url) as other:
            other.execute("SET deadlock_timeout = '1min'")
            other.execute("SELECT id FROM subscription WHERE id = 2 FOR UPDATE")
            composing = asyncio.create_task(newsroom.bot.posting.composer.run())
            await asyncio.to_thread(_until_somebody_waits, url)
            await asyncio.to_thread(other.execute, "SELECT id FROM subscription WHERE id = 1 FOR UPDATE")
            other.commit()
        await composing
        posts = await newsroom.bot.ledger.latest(9)
    assert {(post.destination, post.state) for post in posts} == {(CHAT, State.PENDING), (OTHER, State.PENDING)}


def _until_somebody_waits(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as watching:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        while watching.execute(waiting).fetchone() == (0,):
            time.sleep(0.02)


async def test_what_another_process_commits_is_seen(database_url: str) -> None:
    """SQLite caches until a table changes. On PostgreSQL nothing is cached here, since nobody listens."""
    async with open_database(database_url) as ours, open_database(database_url) as theirs:
        mine, other = Newsroom(ours), Newsroom(theirs)
        await other.add(BRIDGE)
        [first] = await mine.bot.stories.newest(Viewer(), 9)
        assert await mine.bot.stories.also_in(Viewer(), [first.version.id]) == {first.version.id: ()}
        await other.add(CHEESE)
        assert len(await mine.bot.stories.newest(Viewer(), 9)) == 2
        await other.bot.stories.hide(first.id, True)
        assert [one.id for one in await mine.bot.stories.newest(Viewer(), 9)] != [first.id]
        await other.bot.chats.speak(CHAT, "it")
        assert await mine.bot.chats.language(CHAT) == "it"
        await other.bot.chats.speak(CHAT, "de")
        assert await mine.bot.chats.language(CHAT) == "de"
