"""Fixtures of the contract tests, which run on every database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.app import open_database
from bot.storage.database.engine import Database


@pytest.fixture(name="database")
async def _database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as database:
        yield database
