"""SQLite's writers of one moment share a transaction, and none suffers from another."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import open_database
from bot.storage.engine import Database
from bot.storage.errors import DatabaseFull

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
        async with database.write(at_length=True) as connection:
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


async def _add(database: Database, name: str) -> None:
    async with database.write() as connection:
        await connection.execute(_ADD, {"name": name})


async def _names(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.execute(text("SELECT destination FROM chat ORDER BY 1"))).scalars())
