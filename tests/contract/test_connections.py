"""Connections to PostgreSQL that break while nobody uses them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from bot.app import open_database
from bot.storage.database import postgresql
from bot.storage.database.engine import Database
from bot.storage.database.errors import StorageError
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
