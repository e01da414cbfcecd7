"""Databases with the bundled articles, which are analysed once for all tests."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.app import Bot, build, open_database
from bot.commands.context import Policies
from bot.runtime.clock import clock
from bot.storage.database.engine import Database
from briefings.model import Article
from tests.databases import new_database, sqlite_url, template_folder
from tests.fakes import OPEN, bundled


@asynccontextmanager
async def opened_library(url: str | None, articles: Sequence[Article]) -> AsyncIterator[Database]:
    """Opens the database at ``url``, or else a new one: for these articles, or with the bundled ones."""
    if url:
        async with open_database(url) as database:
            yield database
    else:
        async with new_database(None if articles else await _bundled()) as database:
            yield database


async def bundled_library(folder: Path) -> str:
    """Returns the URL of a new SQLite database with the bundled articles in ``folder``."""
    url = sqlite_url(folder)
    shutil.copy(await _bundled(), url.removeprefix("sqlite:///"))
    return url


async def _bundled() -> Path:
    template = template_folder() / "bundled.db"
    if not template.exists():
        async with open_database(f"sqlite:///{template}") as database:
            await add_articles(build(database, OPEN, Policies()), bundled())
    return template


async def add_articles(bot: Bot, articles: Sequence[Article]) -> None:
    """Adds articles to the library. The first one is the newest; each other one is a minute older."""
    for age, article in enumerate(reversed(articles)):
        await bot.dispatcher.context.library.add(article, clock() - timedelta(minutes=age))
