"""On PostgreSQL, results are cached until any process changes a table, and only while changes are heard of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass

import psycopg
import pytest
from sqlalchemy import select, text

from bot.app import open_database
from bot.storage.database import changes
from bot.storage.database.cache import Cache
from bot.storage.database.chat_tables import chat
from bot.storage.database.engine import Database
from bot.storage.database.errors import StorageError
from bot.storage.database.tables import epoch
from tests.fakes import until


@dataclass
class Process:
    """A process with a cache of the names of the chats.

    Attributes:
        reads: How often the chats were read from the database.
    """

    database: Database
    cache: Cache[list[str]]
    reads: int = 0

    async def names(self) -> list[str]:
        """The names of the chats, from the cache if it has them."""

        async def read() -> list[str]:
            self.reads += 1
            async with self.database.read() as connection:
                return list((await connection.execute(select(chat.c.destination))).scalars())

        return await self.cache.get("all", read)

    async def add(self, name: str) -> None:
        """Adds a chat."""
        async with self.database.write() as connection:
            await connection.execute(chat.insert().values(destination=name))

    @property
    def is_caching(self) -> bool:
        """Whether it hears of changes."""
        return self.cache.is_possible


@asynccontextmanager
async def process(url: str) -> AsyncIterator[Process]:
    async with open_database(url) as database, database.watching():
        found = Process(database, Cache(database, chat, most=9))
        await until(lambda: found.is_caching)
        yield found


@pytest.fixture(name="mine")
async def _mine(postgres_url: str) -> AsyncIterator[Process]:
    async with process(postgres_url) as found:
        yield found


@pytest.fixture(name="theirs")
async def _theirs(postgres_url: str) -> AsyncIterator[Process]:
    async with process(postgres_url) as found:
        yield found


async def until_seen(seer: Process, names: list[str]) -> None:
    async with asyncio.timeout(60):
        while await seer.names() != names:
            await asyncio.sleep(0.01)


def cut(url: str) -> None:
    """Ends the connections on which processes listen."""
    listening = "query IN ('SELECT 1', 'LISTEN nutgraf_changes') AND pid <> pg_backend_pid()"
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listening}".encode())


async def test_a_result_is_read_once(mine: Process) -> None:
    assert [await mine.names() for _ in range(3)] == [[], [], []]
    assert mine.reads == 1


async def test_a_write_of_this_process_is_seen_at_once(mine: Process) -> None:
    await mine.names()
    await mine.add("test:1")
    assert await mine.names() == ["test:1"]


async def test_a_write_of_another_process_is_seen_within_a_moment(mine: Process, theirs: Process) -> None:
    await mine.names()
    await theirs.add("test:1")
    await until_seen(mine, ["test:1"])
    reads = mine.reads
    await mine.names()
    assert mine.reads == reads, "the new result is cached, too"


async def test_raw_statements_are_noticed(mine: Process, postgres_url: str) -> None:
    await mine.add("test:1")
    await mine.names()
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("TRUNCATE chat")
    await until_seen(mine, [])


async def test_other_tables_do_not_matter(mine: Process, theirs: Process) -> None:
    await mine.names()
    async with theirs.database.write() as connection:
        await connection.execute(epoch.insert().values(platform="x", number=1))
    await theirs.add("test:1")  # its notice comes after that of the other write
    await until_seen(mine, ["test:1"])
    assert mine.reads == 2


async def test_nothing_is_cached_while_nobody_listens(mine: Process, theirs: Process, postgres_url: str) -> None:
    await mine.names()
    cut(postgres_url)
    await until(lambda: not mine.is_caching)
    await theirs.add("test:1")
    assert await mine.names() == ["test:1"]
    await until(lambda: mine.is_caching)
    assert await mine.names() == ["test:1"]


async def test_what_changed_while_nobody_listened_is_seen_afterwards(mine: Process, postgres_url: str) -> None:
    await mine.names()
    cut(postgres_url)
    await until(lambda: not mine.is_caching)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("INSERT INTO chat (destination) VALUES ('test:1')")
    await until(lambda: mine.is_caching)
    assert await mine.names() == ["test:1"]


async def test_a_transaction_sees_its_own_changes_and_caches_nothing_of_them(mine: Process) -> None:
    await mine.names()
    async with mine.database.unit_of_work():
        async with mine.database.write() as connection:
            await connection.execute(epoch.insert().values(platform="x", number=1))
        await mine.names()
        assert mine.reads == 1, "it has changed another table"
        await mine.add("test:1")
        assert await mine.names() == ["test:1"]
        other = Context().run(asyncio.create_task, mine.names())
        assert await other == [], "others see it after the commit"
    assert await mine.names() == ["test:1"]


async def test_a_connection_that_is_silent_is_not_trusted(mine: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    await mine.names()
    monkeypatch.setattr(changes, "_PROOF_LASTS", -1.0)
    assert not mine.is_caching
    await mine.names()
    assert mine.reads == 2


async def test_a_write_that_fails_changes_nothing(mine: Process) -> None:
    await mine.add("test:1")
    await mine.names()
    with pytest.raises(StorageError):
        async with mine.database.write() as connection:
            await connection.execute(chat.delete())
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert await mine.names() == ["test:1"]


async def test_each_table_that_may_be_cached_tells_of_changes(mine: Process) -> None:
    triggers = text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'nutgraf_changed'")
    async with mine.database.read() as connection:
        assert set((await connection.execute(triggers)).scalars()) == changes.WATCHED
