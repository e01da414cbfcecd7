"""Simultaneous writers of SQLite share a transaction without affecting each other, and caches stay correct."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import DBAPIError

from bot.app import open_database
from bot.chats import Destination
from bot.storage import version_cache
from bot.storage.chats import Chats
from bot.storage.database.chat_tables import chat
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseFull, DatabaseLocked
from bot.storage.stories import Stories
from bot.storage.write_behind import WriteBehindChats
from briefings.library import Library
from briefings.scope import Scope, Viewer
from tests.fakes import NOON, Clock, article

CHAT = Destination("test", "1")

_ADD = text("INSERT INTO chat (destination, language) VALUES (:name, 'en')")
#: Fails when the transaction ends: nobody is report 404.
_ORPHAN = text("INSERT INTO report_tag (report, tag) VALUES (404, 'x')")


@pytest.fixture(name="database")
async def _database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite:///{tmp_path / 'nutgraf.db'}") as database:
        yield database


async def test_those_who_come_at_once_wait_for_the_disk_once(database: Database) -> None:
    ends: list[str] = []
    async with database.write() as connection:
        await connection.run_sync(
            lambda plain: plain.connection.driver_connection.set_trace_callback(  # type: ignore[union-attr]
                lambda statement: ends.append(statement) if statement == "COMMIT" else None
            )
        )
        adding = [asyncio.create_task(_add(database, str(number))) for number in range(50)]
        await asyncio.sleep(0.01)  # they wait for their turn
    await asyncio.gather(*adding)
    assert len(await _names(database)) == 50
    assert len(ends) <= 2


async def test_stories_that_are_added_together_wait_for_the_disk_once(database: Database) -> None:
    ends: list[str] = []
    async with database.write() as connection:
        await connection.run_sync(
            lambda plain: plain.connection.driver_connection.set_trace_callback(  # type: ignore[union-attr]
                lambda statement: ends.append(statement) if statement == "COMMIT" else None
            )
        )
    stories = Stories(database)
    stories.adds_together = True
    library = Library(stories)
    ends.clear()
    texts = [article(f"Bridge {number} falls", f"Bridge {number} fell on Monday.") for number in range(20)]
    await asyncio.gather(*(library.add(one, NOON) for one in [*texts, texts[0]]))
    assert await stories.count(Viewer()) == 20
    assert len(ends) < 10


async def test_one_that_fails_is_undone_alone(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as connection:
            await connection.execute(_ADD, {"name": "failed"})
            raise ZeroDivisionError

    found = await asyncio.gather(_add(database, "a"), fail(), _add(database, "b"), return_exceptions=True)
    assert [type(one) for one in found] == [type(None), ZeroDivisionError, type(None)]
    assert await _names(database) == ["a", "b"]


async def test_who_is_cancelled_is_undone_alone_and_holds_up_nobody(database: Database) -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        async with database.write() as connection:
            await connection.execute(_ADD, {"name": "cancelled"})
            begun.set()
            await asyncio.sleep(60)

    hanging = asyncio.create_task(hang())
    await begun.wait()
    others = [asyncio.create_task(_add(database, name)) for name in "abc"]
    await asyncio.sleep(0)
    others[1].cancel()
    hanging.cancel()
    found = await asyncio.gather(hanging, *others, return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in found] == [True, False, True, False]
    assert await _names(database) == ["a", "c"]


async def test_all_are_told_when_it_cannot_be_kept(database: Database) -> None:
    async def orphan() -> None:
        async with database.write() as connection:
            await connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            await connection.execute(_ORPHAN)

    found = await asyncio.gather(_add(database, "a"), orphan(), _add(database, "b"), return_exceptions=True)
    assert [type(one) for one in found] == [sqlite3.IntegrityError] * 3
    await _add(database, "c")
    assert await _names(database) == ["c"]


async def test_a_full_disk_is_told_to_whom_it_meets(database: Database) -> None:
    async with database.write() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
    found = await asyncio.gather(
        _add(database, "a"), _add(database, "b" * 50_000), _add(database, "c"), return_exceptions=True
    )
    assert isinstance(found[1], DatabaseFull)
    # SQLite may undo what the others wrote with it; then they are told.
    kept = [name for name, one in zip("abc", found, strict=True) if one is None]
    assert await _names(database) == kept
    assert kept


async def test_one_that_takes_long_waits_for_nobody_elses_end(database: Database) -> None:
    async def add_slowly() -> None:
        async with database.write(long_running=True) as connection:
            await connection.execute(_ADD, {"name": "slow"})
            await asyncio.sleep(0.2)

    async with database.write():  # others come meanwhile
        first = asyncio.create_task(_add(database, "first"))
        await asyncio.sleep(0)
        slow = asyncio.create_task(add_slowly())
        await asyncio.sleep(0)
    await first
    assert not slow.done()
    await slow
    assert await _names(database) == ["first", "slow"]


async def test_all_are_told_when_sqlite_undoes_what_they_wrote(database: Database) -> None:
    """One of several writes of a unit meets it, and what met it there goes on as if it were its own affair."""

    async def unit() -> None:
        async with database.unit_of_work():
            await _add(database, "a")
            with suppress(DBAPIError):
                async with database.write() as connection:
                    await connection.execute(text("INSERT OR ROLLBACK INTO chat (destination) VALUES ('a')"))
            async with database.write(is_last=True) as connection:
                await connection.execute(_ADD, {"name": "last"})

    found = await asyncio.gather(unit(), _add(database, "b"), return_exceptions=True)
    assert isinstance(found[0], DatabaseFull)
    names = await _names(database)
    assert names == ([] if isinstance(found[1], DatabaseFull) else ["b"])


@pytest.mark.parametrize("is_kept", [True, False])
async def test_who_is_cancelled_at_the_end_leaves_a_database_that_works(database: Database, is_kept: bool) -> None:
    await _add(database, "before")

    async def write() -> None:
        async with database.write(long_running=True) as connection:
            await connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            await connection.execute(_ADD, {"name": "cancelled"} if is_kept else {"name": "orphan's"})
            if not is_kept:
                await connection.execute(_ORPHAN)
            asyncio.get_running_loop().call_soon(writing.cancel)

    writing = asyncio.create_task(write())
    with pytest.raises(asyncio.CancelledError):
        await writing
    await _add(database, "next")
    assert await _names(database) == ["before", *(["cancelled"] if is_kept else []), "next"]


async def test_what_is_late_is_kept_while_it_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "nutgraf.db"
    async with open_database(f"sqlite:///{path}"):
        pass
    database = Database(f"sqlite:///{path}", busy_seconds=0.05)
    memory = WriteBehindChats(database, Chats(database, Clock(), timedelta(days=1)))
    await memory.remember(CHAT, ("a",), is_list=False)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseLocked):
            await memory.flush()
        await memory.remember(CHAT, ("b", "c"), is_list=True)
    assert (await memory.story(CHAT), await memory.told(CHAT)) == ("a", ("b", "c"))
    await database.close()


class TestWhatIsCached:
    """It is what the database holds, whoever changed it."""

    async def test_is_read_again_after_a_writer_who_was_cancelled(self, database: Database) -> None:
        chats = Chats(database, Clock(), timedelta(days=1))
        await chats.speak(CHAT, "it")
        assert await chats.language(CHAT) == "it"

        async def forget() -> None:
            async with database.write(long_running=True) as connection:
                await connection.execute(delete(chat))
                asyncio.get_running_loop().call_soon(forgetting.cancel)

        forgetting = asyncio.create_task(forget())
        with pytest.raises(asyncio.CancelledError):
            await forgetting
        assert await chats.language(CHAT) is None

    async def test_is_read_again_after_another_process_wrote(self, database: Database) -> None:
        chats = Chats(database, Clock(), timedelta(days=1))
        await chats.speak(CHAT, "it")
        assert await chats.language(CHAT) == "it"
        with closing(sqlite3.connect(database.path or "", isolation_level=None)) as other:
            other.execute("UPDATE chat SET language = 'en'")
        await asyncio.sleep(0)
        assert await chats.language(CHAT) == "en"

    async def test_is_not_what_is_undone_afterwards(self, database: Database) -> None:
        chats = Chats(database, Clock(), timedelta(days=1))
        await chats.speak(CHAT, "en")
        with pytest.raises(ZeroDivisionError):
            async with database.unit_of_work():
                await chats.speak(CHAT, "it")
                assert await chats.language(CHAT) == "it"
                raise ZeroDivisionError
        assert await chats.language(CHAT) == "en"

    async def test_is_whats_own_to_a_chat_and_everybodys(self, database: Database) -> None:
        library = Library(Stories(database))
        mine, others = Viewer(CHAT.owner), Viewer("test:2")
        bridge, cheese = article("Bridge collapses", "It fell."), article("A cheese wins", "It won.")
        await library.add(bridge, NOON)
        assert [one.article for one in await library.newest(mine, 9)] == [bridge]
        await library.add(cheese, NOON + timedelta(hours=1), Scope(CHAT.owner))
        assert [one.article for one in await library.newest(mine, 9)] == [cheese, bridge]
        assert [one.article for one in await library.newest(others, 9)] == [bridge]

    async def test_is_found_by_readers_at_once_however_little_is_kept(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(version_cache, "_MOST", 1)
        library = Library(Stories(database))
        for number in range(4):
            await library.add(article(f"A cheese of {number} years wins", f"It has won {number} times."), NOON)
        found = await asyncio.gather(*(library.titled(Viewer(), "cheese wins") for _ in range(5)))
        assert {len(one) for one in found} == {4}


async def _add(database: Database, name: str) -> None:
    async with database.write() as connection:
        await connection.execute(_ADD, {"name": name})


async def _names(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.execute(text("SELECT destination FROM chat ORDER BY 1"))).scalars())


class TestLockWaits:
    async def test_each_writer_waits_for_a_foreign_lock_once(self, tmp_path: Path) -> None:
        """Eight writers came together: the last one is told as early as the first one, not after eight waits."""
        url = f"sqlite:///{tmp_path}/nutgraf.db"
        async with open_database(url):
            pass
        database, other = Database(url, busy_seconds=0.3), Database(url)
        loop = asyncio.get_running_loop()

        async def refused() -> float:
            began = loop.time()
            with pytest.raises(DatabaseLocked):
                async with database.write() as connection:
                    await connection.execute(text("DELETE FROM report"))
            return loop.time() - began

        async with other.write() as connection:
            await connection.execute(text("DELETE FROM report"))
            waits = await asyncio.gather(*(refused() for _ in range(8)))
        assert max(waits) < 4 * min(waits)
        await database.close()
        await other.close()
