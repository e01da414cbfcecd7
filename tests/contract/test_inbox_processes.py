"""Several processes answer updates over one database: each update belongs to one of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.app import open_database
from bot.delivery.inbox import AlreadyHandled, Answered, Incoming
from bot.storage.database.elections import open_election
from bot.storage.database.engine import Database
from bot.storage.database.instance_lock import INSTANCE_KEY
from bot.storage.database.part_locks import LOCK_SPACE
from bot.storage.database.presence import PRESENCE_SPACE, Presence
from bot.storage.database.tables import inbox
from bot.storage.database.turns import TURN_SPACE
from bot.storage.inbox import Updates
from tests.contract.test_elections import cut
from tests.fakes import NOON, Clock, until


@asynccontextmanager
async def process(url: str) -> AsyncIterator[Updates]:
    """A process that lives as long as the block."""
    async with open_database(url) as database, open_election(database, Clock()):
        yield Updates(database)


async def claimed(updates: Updates) -> list[Incoming]:
    """What a process claims as soon as it can."""
    async with asyncio.timeout(60):
        while not (found := await updates.claim("telegram", with_own=False)):
            await asyncio.sleep(0.05)
        return found


async def test_an_update_that_comes_twice_is_stored_once(database: Database) -> None:
    first, second = Updates(database), Updates(database)
    assert len(await first.store("telegram", [(7, "{}")], NOON)) == 1
    assert await second.store("telegram", [(7, "{}")], NOON) == []
    assert len(await second.store("telegram", [(7, "{}"), (8, "{}")], NOON)) == 1


async def test_a_process_claims_its_own_updates_at_its_start(database: Database) -> None:
    updates = Updates(database)
    stored = await updates.store("telegram", [(7, "{}")], NOON)
    assert await updates.claim("telegram", with_own=False) == []
    assert await updates.claim("telegram", with_own=True) == stored


async def test_an_update_of_no_process_is_claimed_at_once(database: Database) -> None:
    updates = Updates(database)
    stored = await updates.store("telegram", [(7, "{}")], NOON)
    async with database.write() as connection:
        await connection.execute(update(inbox).values(process=None))
    assert await updates.claim("discord", with_own=True) == []
    assert await updates.claim("telegram", with_own=False) == stored


async def test_the_updates_of_a_process_that_has_ended_are_claimed(database_url: str) -> None:
    async with process(database_url) as former:
        [stored] = await former.store("telegram", [(7, "{}")], NOON)
    async with process(database_url) as updates:
        assert await claimed(updates) == [stored]
        await updates.handled(stored.id, None)
        assert await updates.claim("telegram", with_own=True) == []


async def test_a_process_whose_update_was_claimed_cannot_handle_it(postgres_url: str) -> None:
    async with open_database(postgres_url) as database, process(postgres_url) as updates:
        former = Updates(database)  # it has no election, as if it had lost its connection for long
        [stored] = await former.store("telegram", [(7, "{}")], NOON)
        assert await claimed(updates) == [stored]
        with pytest.raises(AlreadyHandled):
            await former.handled(stored.id, "a reply")
        await updates.handled(stored.id, "a reply")


async def test_a_process_that_lost_its_connection_keeps_its_updates(postgres_url: str) -> None:
    async with open_database(postgres_url) as database, open_election(database, Clock()):
        updates, before = Updates(database), database.membership.number
        [stored] = await updates.store("telegram", [(7, "{}")], NOON)
        cut(postgres_url)
        await until(lambda: database.membership.number != before)
        async with open_database(postgres_url) as other, other.read() as connection:
            assert await Presence(other).present(connection) >= {database.membership.number}
            assert await connection.scalar(select(inbox.c.process)) == database.membership.number
        await updates.handled(stored.id, "a reply")
        assert await updates.is_ours(stored)
        await updates.done([Answered(stored.id, ())])
        assert not await updates.is_ours(replace(stored, process=None))


async def test_a_process_that_hung_does_not_send_what_another_one_has_claimed(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("membership", "presence"):
        monkeypatch.setattr(f"bot.storage.database.{module}.GRACE", 0.5)
    async with (
        open_database(postgres_url) as database,
        open_election(database, Clock(), lease=0.6) as hanging,
        process(postgres_url) as second,
    ):
        first = Updates(database)
        [stored] = await first.store("telegram", [(7, "{}")], NOON)
        await first.handled(stored.id, "a reply")
        assert await first.is_ours(stored)
        async with hanging._using:  # type: ignore[attr-defined]  # it can say nothing
            [found] = await claimed(second)
            assert (found.id, found.reply) == (stored.id, "a reply")
            going_on = asyncio.create_task(first.is_ours(stored))
            await asyncio.sleep(0.05)
            assert not going_on.done(), "it does not know yet what has happened"
        assert not await asyncio.wait_for(going_on, 60)
        assert await second.is_ours(found)
        for change in (first.begin(stored.id), first.set_aside(stored.id, "it hung", None)):
            with pytest.raises(AlreadyHandled):
                await change


async def test_two_short_losses_of_a_connection_are_not_one_long_one(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("bot.storage.database.presence.time.monotonic", lambda: now[0])
    async with open_database(postgres_url) as database, database.read() as connection:
        presence = Presence(database)
        assert await presence.ended(connection, {1}) == set()
        assert await presence.ended(connection, set()) == set()  # its updates are answered: it lives
        now[0] = 60
        assert await presence.ended(connection, {1}) == set()
        now[0] = 63
        assert await presence.ended(connection, {1}) == {1}


def test_locks_of_different_purposes_have_different_numbers() -> None:
    assert len({LOCK_SPACE, PRESENCE_SPACE, TURN_SPACE, INSTANCE_KEY}) == 4


async def test_the_updates_of_a_living_process_are_not_claimed(postgres_url: str) -> None:
    async with process(postgres_url) as first, process(postgres_url) as second:
        [stored] = await first.store("telegram", [(7, "{}")], NOON)
        async with process(postgres_url) as third:
            [other] = await third.store("telegram", [(8, "{}")], NOON)
        assert await claimed(second) == [other]
        await first.handled(stored.id, None)
