"""The lock that allows one bot only, and the loss of the lock or the database while the bot runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from bot.app import open_database
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseReplaced, DatabaseTaken, DatabaseUnreachable, StorageError
from bot.storage.database.instance_lock import instance_lock
from tests.postgres import Server

QUICK = 0.02


class TestFile:
    @pytest.mark.parametrize("is_replaced", [False, True], ids=["deleted", "replaced"])
    async def test_a_file_that_goes_away_ends_the_bot(self, tmp_path: Path, is_replaced: bool) -> None:
        path = tmp_path / "nutgraf.db"
        async with open_database(f"sqlite:///{path}") as database, instance_lock(database) as lock:
            watching = asyncio.create_task(lock.watch(QUICK))
            await asyncio.sleep(3 * QUICK)
            assert not watching.done()
            path.unlink()
            if is_replaced:
                path.touch()
            with pytest.raises(DatabaseReplaced):
                await asyncio.wait_for(watching, 5)

    async def test_a_folder_that_takes_no_lock_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "nutgraf.db.lock").mkdir()
        async with open_database(f"sqlite:///{tmp_path}/nutgraf.db") as database:
            with pytest.raises(StorageError):
                async with instance_lock(database):
                    pass


class TestServer:
    @staticmethod
    def _break(url: str) -> None:
        """Ends the connection that holds the lock, as a restart of the server does."""
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")

    async def test_a_lock_that_is_lost_is_taken_again(self, postgres: Server) -> None:
        url = postgres.new_database()
        async with open_database(url) as database, instance_lock(database) as lock:
            watching = asyncio.create_task(lock.watch(QUICK))
            self._break(url)
            await asyncio.sleep(20 * QUICK)
            assert not watching.done()
            async with open_database(url) as second:
                with pytest.raises(DatabaseTaken):
                    async with instance_lock(second):
                        pass
            async with database.write() as connection:
                await connection.execute(text("SELECT 1"))
            watching.cancel()

    async def test_a_lock_that_another_bot_took_ends_this_one_and_its_writes(self, postgres: Server) -> None:
        url = postgres.new_database()
        async with open_database(url) as database, open_database(url) as second, instance_lock(database) as lock:
            self._break(url)
            async with instance_lock(second):
                with pytest.raises(DatabaseTaken):
                    await lock.watch(QUICK)
                with pytest.raises(DatabaseUnreachable):
                    async with database.write():
                        pass


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
            with pytest.raises(StorageError):
                async with database.write() as connection:
                    await connection.execute(text("DELETE FROM report"))
            return loop.time() - began

        async with other.write() as connection:
            await connection.execute(text("DELETE FROM report"))
            waits = await asyncio.gather(*(refused() for _ in range(8)))
        assert max(waits) < 4 * min(waits)
        await database.close()
        await other.close()
