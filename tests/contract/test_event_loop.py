"""SQLite's statements run on the event loop. Long ones must not block it."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import open_database
from bot.storage.database.engine import Database
from bot.storage.database.inline import run_in_one_thread

#: Counts for some seconds; SQLite works all the time.
_SLOW = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) SELECT count(*) FROM n")


async def _turns(working: asyncio.Task[object]) -> int:
    """How often others had their turn until ``working`` was done."""
    turns = 0
    while not working.done():
        await asyncio.sleep(0.001)
        turns += 1
    return turns


async def test_a_write_that_waits_for_another_process_holds_up_nobody(tmp_path: Path) -> None:
    path = tmp_path / "nutgraf.db"
    async with open_database(f"sqlite:///{path}") as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            working: asyncio.Task[object] = asyncio.create_task(_write(database))
            for _ in range(20):  # each of these is a turn that somebody else has
                await asyncio.sleep(0.001)
            assert not working.done()
            other.execute("ROLLBACK")
        await working


async def test_what_takes_long_holds_up_nobody(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path / 'nutgraf.db'}") as database:
        working: asyncio.Task[object] = asyncio.create_task(_count(database, 2_000_000))
        assert await _turns(working) > 5
        assert await working == 2_000_000


async def test_who_is_cancelled_leaves_a_connection_that_works(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path / 'nutgraf.db'}") as database:
        for _ in range(3):
            working: asyncio.Task[object] = asyncio.create_task(_count(database, 1_000_000))
            await asyncio.sleep(0.01)
            working.cancel()
            with pytest.raises(asyncio.CancelledError):
                await working
            assert await _count(database, 10) == 10
        await _write(database)


async def _write(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("DELETE FROM chat"))


async def _count(database: Database, most: int) -> object:
    async with database.read(long_running=True) as connection:
        return await connection.scalar(_SLOW, {"most": most})


async def test_statements_that_belong_together_run_in_one_thread(database: Database) -> None:
    threads: list[str] = []

    async def work() -> object:
        threads.append(threading.current_thread().name)
        return [await connection.scalar(text("SELECT 1")), await connection.scalar(text("SELECT 2"))]

    async with database.read() as connection:
        assert await run_in_one_thread(connection, work) == [1, 2]
    async with database.read(long_running=True) as connection:
        assert await run_in_one_thread(connection, work) == [1, 2]
        assert await connection.scalar(text("SELECT 3")) == 3
    here = threading.current_thread().name
    assert [one == here for one in threads] == [True, not database.is_sqlite]


async def test_what_runs_in_a_thread_waits_for_nothing_else(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path}/n.db") as database, database.read(long_running=True) as connection:
        with pytest.raises(RuntimeError):
            await run_in_one_thread(connection, lambda: asyncio.sleep(1))
        assert await connection.scalar(text("SELECT 1")) == 1
