"""Turns that all processes with one database share, and groups of work that they share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg
import pytest

from bot.app import open_database
from bot.storage.database.balance import Balance
from bot.storage.database.elections import Election, open_election, run_held
from bot.storage.database.engine import Database
from bot.storage.database.turns import Turns
from bot.storage.parts import Parts
from tests.fakes import Clock
from tests.postgres import Server

_PAUSE = 0.4


async def test_turns_follow_each_other_at_a_distance(database: Database) -> None:
    turns, began = Turns(database), time.monotonic()
    await turns.take("start", _PAUSE)
    assert time.monotonic() - began < _PAUSE
    await turns.take("another", _PAUSE)
    assert time.monotonic() - began < _PAUSE
    await turns.take("start", _PAUSE)
    assert time.monotonic() - began >= _PAUSE


async def test_who_gives_up_waiting_keeps_nobody_waiting(database: Database) -> None:
    turns = Turns(database)
    await turns.take("start", _PAUSE)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(turns.take("start", 60), 0.1)
    await asyncio.wait_for(turns.take("start", _PAUSE), 5)


class TestProcesses:
    @pytest.fixture(name="url")
    @staticmethod
    def _url(postgres: Server, postgres_template: str) -> str:
        return postgres.new_database(like=postgres_template)

    async def test_processes_take_turns(self, url: str) -> None:
        async with open_database(url) as one, open_database(url) as other:
            began = time.monotonic()
            await Turns(one).take("start", _PAUSE)
            await Turns(other).take("start", _PAUSE)
            assert time.monotonic() - began >= _PAUSE

    async def test_a_lost_connection_ends_a_turn(self, url: str) -> None:
        async with open_database(url) as one, open_database(url) as other:
            await Turns(one).take("start", 60)
            with psycopg.connect(url, autocommit=True) as server:
                server.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            await asyncio.wait_for(Turns(other).take("start", 60), 5)

    async def test_two_processes_share_the_groups_and_one_takes_all_that_are_left(self, url: str) -> None:
        async with _process(url) as first:
            async with _process(url) as second:
                await _hold(first, second, groups=4)
                assert {len(first.held), len(second.held)} == {2}
                assert first.held | second.held == {f"work:{number}" for number in range(4)}
            second.held.clear()
            await _until(lambda: len(first.held) == 4)

    async def test_one_that_came_later_is_given_a_group(self, url: str) -> None:
        async with _process(url, settled=0.3) as first:
            await _hold(first, groups=3)
            assert len(first.held) == 3
            async with _process(url, settled=0.3) as second:
                await _hold(second, groups=3, wanted=1)
                assert len(second.held) == 1
                assert not first.held & second.held
                await asyncio.sleep(1)  # nobody asks any more
                assert (len(first.held), len(second.held)) == (2, 1)
                holders = {part.name: part.holder for part in await Parts(second.database).all() if part.is_held}
                assert len(holders) == 3


class _Process:
    """What a process has that competes for groups."""

    def __init__(self, database: Database, election: Election) -> None:
        self.database = database
        self.held: set[str] = set()
        self._election = election
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def want(self, group: str) -> None:
        async def work() -> None:
            self.held.add(group)
            try:
                await self._stopping.wait()
            finally:
                self.held.discard(group)

        held = run_held(self._election, self.database, group, work, self._stopping)
        self._tasks.append(asyncio.create_task(held))

    async def stop(self) -> None:
        self._stopping.set()
        await asyncio.gather(*self._tasks)


@asynccontextmanager
async def _process(url: str, settled: float = 60) -> AsyncIterator[_Process]:
    async with open_database(url) as database, open_election(database, Clock(), balance=Balance(settled)) as election:
        process = _Process(database, election)
        try:
            yield process
        finally:
            await process.stop()


async def _hold(*processes: _Process, groups: int, wanted: int | None = None) -> None:
    """Lets processes compete for groups until so many are held."""
    for process in processes:
        for number in range(groups):
            process.want(f"work:{number}")
    await _until(lambda: sum(len(process.held) for process in processes) == (wanted or groups))


async def _until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_true():
            await asyncio.sleep(0.02)
