"""Connections to PostgreSQL that break while nobody uses them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy import text

from bot.app import open_database
from bot.storage.database import postgresql
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseFull, DatabaseUnreachable, StorageError
from bot.storage.parts import Parts


@pytest.fixture(name="idle")
async def _idle(postgres_url: str) -> AsyncIterator[Database]:
    """A database whose connections were used just now, and were cut then."""
    async with open_database(postgres_url) as database:
        await Parts(database).all()
        with psycopg.connect(postgres_url, autocommit=True) as other:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            other.execute(f"SELECT pg_terminate_backend(pid) {others}".encode())
            while other.execute(f"SELECT 1 {others}".encode()).fetchone():
                await asyncio.sleep(0.01)
        yield database


async def test_one_that_was_idle_for_long_is_replaced_unnoticed(
    idle: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_IDLE_SECONDS", 0.0)
    assert await Parts(idle).all() == []


async def test_one_that_was_used_just_now_fails_once(idle: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "_IDLE_SECONDS", 60.0)
    with pytest.raises(StorageError):
        await Parts(idle).all()
    assert await Parts(idle).all() == []


async def test_a_server_that_is_too_slow_for_all_who_wait_is_unreachable(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the updates that wait for a connection would be set aside, as after a mistake in the program."""
    monkeypatch.setattr(postgresql, "_CONNECTIONS", 1)
    monkeypatch.setattr(postgresql, "_LONGEST_WAIT", 0.05)
    async with open_database(postgres_url) as database:
        async with database.write():
            with pytest.raises(DatabaseUnreachable, match="no connection became free"):
                await asyncio.create_task(Parts(database).all())
        assert await Parts(database).all() == []


async def test_a_failing_disk_of_the_server_is_no_mistake_in_the_program(postgres_url: str) -> None:
    async with open_database(postgres_url) as database:
        raising = text("DO $$ BEGIN RAISE EXCEPTION 'could not write block' USING ERRCODE = '58030'; END $$")
        with pytest.raises(DatabaseFull):
            async with database.write() as connection:
                await connection.execute(raising)
