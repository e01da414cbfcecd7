"""A PostgreSQL server that cannot be used for a while, or that refuses this program."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, text

from bot.app import open_database
from bot.storage import search_rebuild
from bot.storage.database import exporting, importing, outages, patience, postgresql
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseSlow, DatabaseTooNew, DatabaseUnreachable, ServerReadOnly, StorageError
from bot.storage.database.outages import run_through_outages
from bot.storage.database.tables import epoch
from bot.storage.parts import Parts
from bot.storage.stories import Stories
from briefings.library import Library
from tests.fakes import NOON, article
from tests.faults.proxy import Proxy
from tests.postgres import Server


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "_FIRST_PAUSE", 0.05)


class TestAtTheStart:
    async def test_a_server_that_is_away_is_awaited(self, postgres_url: str, tmp_path: Path) -> None:
        """It is reached through a folder that is missing at first."""
        sockets, runs = tmp_path / "sockets", list[bool]()
        address, _, folder = postgres_url.partition("?host=")

        async def work() -> None:
            if runs:
                sockets.symlink_to(folder)
            runs.append(True)
            async with open_database(f"{address}?host={sockets}"):
                pass

        await asyncio.wait_for(run_through_outages(f"{address}?host={sockets}", work, asyncio.Event()), 60)
        assert len(runs) == 2

    async def test_a_wrong_name_or_user_is_refused_at_once(self, postgres_url: str) -> None:
        for wrong in (postgres_url.replace("/test", "/no_such"), postgres_url.replace("nutgraf@", "nobody@")):

            async def work(wrong: str = wrong) -> None:
                async with open_database(wrong):
                    pass

            with pytest.raises(DatabaseUnreachable, match="does not exist"):
                await asyncio.wait_for(run_through_outages(wrong, work, asyncio.Event()), 60)

    async def test_a_server_without_a_free_connection_is_awaited(self, postgres_url: str) -> None:
        with psycopg.connect(postgres_url, autocommit=True) as other:
            other.execute("DROP ROLE IF EXISTS crowded")
            other.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
        url = postgres_url.replace("nutgraf@", "crowded@")
        assert await _waits(url, DatabaseUnreachable("the server", "too many connections"))

    @pytest.mark.parametrize(
        ("error", "is_passing"),
        [(ServerReadOnly("x"), True), (DatabaseSlow("x"), True), (DatabaseTooNew("x"), False)],
        ids=["a replica", "slow", "a newer schema"],
    )
    async def test_only_what_passes_is_awaited(self, postgres_url: str, error: StorageError, is_passing: bool) -> None:
        assert await _waits(postgres_url, error) == is_passing
        assert not await _waits("sqlite:///nutgraf.db", error)


async def _waits(url: str, error: StorageError) -> bool:
    """Whether the program waits after an error instead of ending with it."""
    stopping = asyncio.Event()

    async def work() -> None:
        stopping.set()
        raise error

    try:
        await asyncio.wait_for(run_through_outages(url, work, stopping), 60)
    except StorageError:
        return False
    return True


class TestSilence:
    """A statement without an answer, such as behind a proxy that has lost it."""

    @pytest.fixture(name="proxy")
    @staticmethod
    def _proxy(postgres: Server, postgres_template: str) -> Proxy:
        return Proxy(postgres.new_database(like=postgres_template))

    async def test_a_slow_statement_is_given_up_unless_it_may_be_slow(
        self, postgres_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(patience.PatientConnection, "patience", 0.1)
        database = Database(postgres_url)
        with pytest.raises(DatabaseUnreachable, match=r"no answer within 0\.1 seconds"):
            async with database.read() as connection:
                await connection.execute(text("SELECT pg_sleep(1)"))
        async with database.read(long_running=True) as connection:
            await connection.execute(text("SELECT pg_sleep(0.2)"))
        await database.close()

    async def test_a_server_that_does_not_answer_at_all_is_unreachable(self, proxy: Proxy) -> None:
        async with proxy.running() as url:
            proxy.swallows = {"from"}
            database = Database(f"{url}&connect_timeout=2")  # psycopg knows no shorter time
            with pytest.raises(DatabaseUnreachable, match="timeout"):
                await Parts(database).all()
            await database.close()

    @pytest.mark.parametrize("direction", ["to", "from"])
    async def test_connections_are_replaced_when_the_network_is_back(
        self, proxy: Proxy, direction: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with proxy.running() as url:
            database = Database(url)
            assert await Parts(database).all() == []
            proxy.swallows = {direction}
            with monkeypatch.context() as impatient, pytest.raises(DatabaseUnreachable):
                impatient.setattr(patience.PatientConnection, "patience", 0.2)
                await Parts(database).all()
            proxy.swallows = set()
            assert await Parts(database).all() == []
            await database.close()


async def test_limits_of_the_server_are_told(postgres_url: str) -> None:
    async with open_database(postgres_url) as database:
        for setting, statement in (
            ("statement_timeout", "SELECT pg_sleep(1)"),
            ("idle_in_transaction_session_timeout", ""),
        ):
            with pytest.raises(DatabaseSlow, match="timeout"):
                async with database.read() as connection:
                    await connection.execute(text(f"SET LOCAL {setting} = 50"))
                    await asyncio.sleep(0 if statement else 0.3)
                    await connection.execute(text(statement or "SELECT 1"))


async def test_a_process_that_hangs_in_a_transaction_does_not_hold_up_others(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows that it has locked are free after a while, also outside of the parts of the work."""
    monkeypatch.setattr(postgresql, "_LIMIT_PAUSES", postgresql._LIMIT_PAUSES.replace("15s", "2s"))
    row = epoch.insert().values(platform="x", number=1)
    async with open_database(postgres_url) as hanging, open_database(postgres_url) as other:
        with pytest.raises(DatabaseSlow, match="timeout"):
            async with hanging.write() as connection:
                await connection.execute(row)
                async with asyncio.timeout(60), other.write() as free:
                    await free.execute(row)  # waits for the lock of the same key
                await connection.execute(text("SELECT 1"))
        async with other.read() as reading:
            assert len((await reading.execute(select(epoch))).all()) == 1


async def test_a_limit_for_idle_connections_does_not_cut_ours(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as other:
        name = str(other.execute("SELECT current_database()").fetchall()[0][0])
        other.execute(f"ALTER DATABASE {name} SET idle_session_timeout = '1min'".encode())
    async with open_database(postgres_url) as database:
        async with database.session() as session:
            assert await session.scalar(text("SHOW idle_session_timeout")) == "0"
        assert await Parts(database).all() == []


async def test_a_command_may_take_long_between_its_statements(
    postgres: Server,
    postgres_template: str,
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It holds up nobody: it only reads, or no bot runs meanwhile."""
    monkeypatch.setattr(postgresql, "_LIMIT_PAUSES", postgresql._LIMIT_PAUSES.replace("15s", "1s"))
    for module, name in ((exporting, "_moment"), (importing, "_read"), (search_rebuild, "_terms")):
        monkeypatch.setattr(module, name, _slow_at_first(getattr(module, name)))
    file = tmp_path / "all.jsonl.gz"
    async with open_database(postgres_url) as database:
        await Library(Stories(database)).add(article("Bridge collapses", "It fell."), NOON)
        assert await search_rebuild.rebuild_search(database) == 1
        written = await exporting.write_export(database, file)
    empty = Database(postgres.new_database(like=postgres_template))
    assert await importing.read_export(empty, file) == written
    await empty.close()


def _slow_at_first(function: Callable[..., Any]) -> Callable[..., Any]:
    pauses = iter([1.5])

    def slow(*arguments: Any) -> Any:
        time.sleep(next(pauses, 0))
        return function(*arguments)

    return slow
