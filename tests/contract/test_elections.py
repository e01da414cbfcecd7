"""Parts of the work that only one process at a time may do: who holds them, and what a former holder cannot do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app import open_database
from bot.storage.database.elections import Election, open_election, run_held
from bot.storage.database.engine import Database
from bot.storage.database.errors import (
    DatabasePooled,
    DatabaseReplaced,
    DatabaseTaken,
    DatabaseTooNew,
    PartLost,
    StorageError,
)
from bot.storage.database.instance_lock import instance_lock
from bot.storage.database.presence import Presence
from bot.storage.database.tables import epoch
from bot.storage.database.tenure import begin_tenure
from bot.storage.parts import Parts
from tests.fakes import Clock, until
from tests.postgres import Server

# Seconds. With one second, a busy machine sometimes takes longer to connect.
LEASE = 2.0


@pytest.fixture(name="election")
async def _election(database: Database) -> AsyncIterator[Election]:
    async with open_election(database, Clock()) as election:
        yield election


@asynccontextmanager
async def another(url: str, lease: float = LEASE) -> AsyncIterator[tuple[Database, Election]]:
    """What another process has: a database and an election of its own."""
    async with open_database(url) as database, open_election(database, Clock(), lease) as election:
        yield database, election


def cut(url: str) -> None:
    """Ends the connections that hold locks, as a restart of the server does."""
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")


async def write(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(epoch.insert().values(platform=str(time.monotonic_ns()), number=1))


async def rows(database: Database) -> int:
    async with database.read() as connection:
        return len((await connection.execute(select(epoch))).all())


class TestEveryDatabase:
    async def test_each_tenure_has_the_next_epoch(self, election: Election) -> None:
        epochs = []
        for _ in range(3):
            tenure = await election.enter("tick")
            epochs.append(tenure.epoch)
            await election.leave(tenure)
        assert epochs == [1, 2, 3]
        assert (await election.enter("other")).epoch == 1

    async def test_a_part_is_waited_for_until_it_is_given_up(self, election: Election) -> None:
        first = await election.enter("tick")
        second = asyncio.create_task(election.enter("tick"))
        await asyncio.sleep(0.4)
        assert not second.done()
        await election.leave(first)
        assert (await asyncio.wait_for(second, 5)).epoch == 2

    async def test_a_wait_that_is_given_up_takes_nothing(self, election: Election) -> None:
        first = await election.enter("tick")
        second = asyncio.create_task(election.enter("tick"))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.wait({second})
        await election.leave(first)
        assert (await asyncio.wait_for(election.enter("tick"), 5)).epoch == 2

    async def test_a_former_holder_writes_nothing(self, election: Election, database: Database) -> None:
        tenure = await election.enter("tick")
        with database.held_by(tenure):
            await write(database)
            await election.leave(tenure)
            assert not database.is_in_office
            with pytest.raises(PartLost):
                await write(database)
            async with database.unit_of_work():
                with pytest.raises(PartLost):
                    await write(database)
        assert database.is_in_office
        assert await rows(database) == 1

    async def test_the_list_says_who_holds_what(self, election: Election, database: Database) -> None:
        tick, feeds = await election.enter("tick"), await election.enter("feeds")
        [first, second] = await Parts(database).all()
        assert (first.name, first.epoch, first.holder, first.is_held) == ("feeds", 1, election.holder, True)
        assert (second.name, second.epoch, second.is_held) == ("tick", 1, True)
        await election.leave(tick)
        await election.leave(feeds)
        if not database.is_sqlite:
            assert not any(one.is_held for one in await Parts(database).all())

    async def test_work_goes_on_until_it_is_told_to_stop(self, election: Election, database: Database) -> None:
        stopping, began = asyncio.Event(), asyncio.Event()

        async def work() -> None:
            began.set()
            await stopping.wait()

        running = asyncio.create_task(run_held(election, database, "tick", work, stopping))
        await began.wait()
        waiting = asyncio.create_task(run_held(election, database, "tick", work, stopping))
        await asyncio.sleep(0)
        stopping.set()
        await asyncio.wait_for(asyncio.gather(running, waiting), 5)
        assert (await asyncio.wait_for(election.enter("tick"), 5)).epoch == 2

    async def test_work_that_ends_is_not_begun_again(self, election: Election, database: Database) -> None:
        async def work() -> None: ...

        await asyncio.wait_for(run_held(election, database, "tick", work, asyncio.Event()), 5)
        assert [one.epoch for one in await Parts(database).all()] == [1]


class TestFile:
    @pytest.mark.parametrize("is_replaced", [False, True], ids=["deleted", "replaced"])
    async def test_a_file_that_goes_away_ends_the_bot(self, tmp_path: Path, is_replaced: bool) -> None:
        path = tmp_path / "nutgraf.db"
        async with another(f"sqlite:///{path}") as (_, election):
            watching = asyncio.create_task(election.watch())
            await asyncio.sleep(0.05)
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
                async with open_election(database, Clock()):
                    pass

    async def test_a_second_bot_is_refused(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/nutgraf.db"
        async with another(url) as (database, first):
            await first.enter("tick")
            with pytest.raises(DatabaseTaken):
                async with another(url):
                    pass
            assert [one.is_held for one in await Parts(database).all()] == [True]
        async with open_database(url) as database:
            assert [one.is_held for one in await Parts(database).all()] == [False]


class TestServer:
    @pytest.fixture(name="url")
    @staticmethod
    def _url(postgres: Server, postgres_template: str) -> str:
        return postgres.new_database(like=postgres_template)

    async def test_another_process_takes_over_at_once(self, url: str) -> None:
        async with another(url) as (_, first), another(url) as (_, second):
            tenure = await first.enter("tick")
            waiting = asyncio.create_task(second.enter("tick"))
            await asyncio.sleep(0.4)
            assert not waiting.done()
            began = time.monotonic()
            await first.leave(tenure)
            assert (await asyncio.wait_for(waiting, 5)).epoch == 2
            assert time.monotonic() - began < 1

    async def test_parts_are_held_apart(self, url: str) -> None:
        async with another(url) as (_, first), another(url) as (_, second):
            assert (await first.enter("tick")).epoch == 1
            assert (await second.enter("telegram")).epoch == 1

    async def test_a_cut_connection_suspends_and_is_made_again(self, url: str) -> None:
        """Nobody else has taken the part, so its epoch is the same, and nothing has to be done again."""
        async with another(url) as (database, election):
            tenure = await election.enter("tick")
            cut(url)
            await until(lambda: not tenure.is_current)
            await until(lambda: tenure.is_current)
            with database.held_by(tenure):
                await write(database)
            assert [one.epoch for one in await Parts(database).all()] == [1]

    async def test_a_process_that_connects_again_is_counted_once(self, url: str) -> None:
        """Its former connection is still there, as after a network that failed in silence."""
        async with another(url, lease=60) as (database, election):
            former = election._stack.pop_all()  # type: ignore[attr-defined]  # it stays open
            tenure = await election.enter("tick")
            await election._disconnect()  # type: ignore[attr-defined]
            await until(lambda: tenure.is_current)
            async with database.read() as connection:
                assert await Presence(database).present(connection) == {database.membership.number}
            with suppress(Exception):  # the server has ended it
                await former.aclose()

    async def test_a_database_that_was_upgraded_meanwhile_ends_the_bot(self, url: str) -> None:
        async with another(url) as (_, election):
            watching = asyncio.create_task(election.watch())
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("UPDATE alembic_version SET version_num = '9999'")
            cut(url)
            with pytest.raises(DatabaseTooNew):
                await asyncio.wait_for(watching, 5)

    async def test_a_worker_keeps_others_from_replacing_all_content_and_is_not_counted(self, url: str) -> None:
        async with open_database(url) as database, open_election(database, Clock(), LEASE, answers=False):
            with pytest.raises(DatabaseTaken):
                async with instance_lock(database):
                    pass
            async with open_database(url) as other, other.read() as connection:
                assert await Presence(other).present(connection) == {other.membership.number}

    async def test_a_part_that_another_process_took_has_ended(self, url: str) -> None:
        async with another(url) as (database, first), AsyncExitStack() as stack:
            tenure = await first.enter("tick")
            _, second = await stack.enter_async_context(another(url))
            waiting = [asyncio.create_task(second.enter("tick"))]
            await asyncio.sleep(0)
            while not tenure.ended.is_set():  # both try to be first
                cut(url)
                await asyncio.sleep(0.3)
            assert (await asyncio.wait_for(waiting[0], 5)).epoch == 2
            with database.held_by(tenure), pytest.raises(PartLost):
                await write(database)

    async def test_a_holder_that_does_not_know_it_yet_writes_nothing(self, url: str) -> None:
        """It was stopped before it heard of its end. The server knows."""
        async with another(url) as (database, first), another(url) as (_, second):
            tenure = await first.enter("tick")
            await first.leave(tenure)
            await asyncio.wait_for(second.enter("tick"), 5)
            tenure.until = time.monotonic() + 60
            with database.held_by(tenure):
                for _ in range(2):
                    with pytest.raises(PartLost):
                        await write(database)
            assert await rows(database) == 0

    async def test_a_transaction_ends_before_the_next_tenure_begins(self, url: str) -> None:
        async with another(url) as (database, first), another(url) as (_, second):
            tenure = await first.enter("tick")
            with database.held_by(tenure):
                async with database.write() as connection:
                    await connection.execute(epoch.insert().values(platform="x", number=1))
                    leaving = asyncio.create_task(first.leave(tenure))
                    waiting = asyncio.create_task(second.enter("tick"))
                    await asyncio.sleep(0.5)
                    assert not waiting.done()
            await leaving
            assert (await asyncio.wait_for(waiting, 5)).epoch == 2
            assert await rows(database) == 1

    @pytest.mark.parametrize("is_taken", [False, True], ids=["while it is taken", "when it was taken"])
    async def test_a_wait_that_is_cancelled_frees_the_part(
        self, url: str, monkeypatch: pytest.MonkeyPatch, is_taken: bool
    ) -> None:
        async with another(url) as (_, first), another(url) as (_, second):

            async def begin(*arguments: Any) -> int:
                epoch = await begin_tenure(*arguments)
                if is_taken:  # the wait ends in the same turn of the loop in which it gets the part
                    asyncio.get_running_loop().call_soon(waiting.cancel)
                else:
                    waiting.cancel()
                    await asyncio.wait({waiting})
                return epoch

            monkeypatch.setattr("bot.storage.database.server_election.begin_tenure", begin)
            waiting = asyncio.create_task(first.enter("tick"))
            await asyncio.wait({waiting})
            assert waiting.cancelled()
            monkeypatch.undo()
            assert (await asyncio.wait_for(second.enter("tick"), 5)).epoch == 2
            await asyncio.sleep(0.3)
            assert first._held == {}  # type: ignore[attr-defined]  # nothing public tells

    async def test_a_silent_process_loses_its_parts(self, url: str) -> None:
        """Its connection is open, as that of a process that hangs or of a machine that was cut off."""
        async with another(url) as (_, first), another(url) as (_, second):
            tenure = await first.enter("tick")
            waiting = asyncio.create_task(second.enter("tick"))
            await first._using.acquire()  # type: ignore[attr-defined]  # it can say nothing
            began = time.monotonic()
            assert (await asyncio.wait_for(waiting, 5)).epoch == 2
            assert time.monotonic() - began < LEASE + 1
            assert not tenure.is_current
            first._using.release()  # type: ignore[attr-defined]  # and speaks again
            await asyncio.wait_for(tenure.ended.wait(), 5)

    async def test_work_is_stopped_and_begun_again(self, url: str) -> None:
        runs: list[bool] = []
        stopping = asyncio.Event()

        async def work() -> None:
            runs.append(database.is_in_office)
            await stopping.wait()

        async with another(url) as (database, election), another(url) as (_, second):
            running = asyncio.create_task(run_held(election, database, "tick", work, stopping))
            await until(lambda: len(runs) == 1)
            waiting = asyncio.create_task(second.enter("tick"))
            await asyncio.sleep(0)
            while not waiting.done():
                cut(url)
                await asyncio.sleep(0.3)
            await second.leave(waiting.result())
            await until(lambda: len(runs) == 2)
            stopping.set()
            await running
        assert runs == [True, True]

    async def test_a_command_that_replaces_all_content_waits_for_every_bot_to_end(self, url: str) -> None:
        async with open_database(url) as database:
            async with another(url), another(url):
                with pytest.raises(DatabaseTaken):
                    async with instance_lock(database):
                        pass
            async with instance_lock(database):
                with pytest.raises(DatabaseTaken):
                    async with another(url):
                        pass

    async def test_a_command_that_came_first_after_a_cut_ends_the_bot(self, url: str) -> None:
        async with open_database(url) as database, another(url) as (_, election):
            watching = asyncio.create_task(election.watch())
            cut(url)
            async with instance_lock(database):
                with pytest.raises(DatabaseTaken):
                    await asyncio.wait_for(watching, 5)

    async def test_a_pooler_is_refused(self, url: str) -> None:
        """It gives both connections of ours the same connection to the server."""

        class Pooled(Database):
            shared: AsyncConnection

            @asynccontextmanager
            async def session(self) -> AsyncIterator[AsyncConnection]:
                yield self.shared

        pooled = Pooled(url)
        async with open_database(url) as database, database.session() as session:
            pooled.shared = session
            with pytest.raises(DatabasePooled):
                async with open_election(pooled, Clock()):
                    pass
        await pooled.close()

    async def test_a_connection_that_changes_is_noticed(self, url: str) -> None:
        async with another(url) as (_, election):
            watching = asyncio.create_task(election.watch())
            session: AsyncConnection = election._session  # type: ignore[attr-defined]
            async with election._using:  # type: ignore[attr-defined]
                await session.execute(text("SELECT set_config('nutgraf.session', '', false)"))
            with pytest.raises(DatabasePooled):
                await asyncio.wait_for(watching, 5)
