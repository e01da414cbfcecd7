"""Fixtures of the contract tests, which run on every database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.app import open_database
from bot.storage.database.engine import Database
from tests.newsroom import Newsroom


@pytest.fixture(name="database")
async def _database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as database:
        yield database


@pytest.fixture(name="newsroom")
def _newsroom(database: Database) -> Newsroom:
    return Newsroom(database)
