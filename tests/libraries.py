"""Databases with the bundled articles, which are analysed once for all tests."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bot.app import Bot, build, open_database
from bot.commands.context import Policies
from bot.runtime.clock import clock
from briefings.model import Article
from tests.fakes import OPEN, bundled
from tests.folders import new_folder

_templates: list[Path] = []


async def bundled_library() -> str:
    """Returns the URL of a new SQLite database with the bundled articles."""
    folder = new_folder()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if not _templates:
        async with open_database(f"sqlite:///{folder}/template.db") as database:
            await add_articles(build(database, OPEN, Policies()), bundled())
        _templates.append(folder / "template.db")
    shutil.copy(_templates[0], folder / "nutgraf.db")
    return f"sqlite:///{folder}/nutgraf.db"


async def add_articles(bot: Bot, articles: Sequence[Article]) -> None:
    """Adds articles to the library. The first one is the newest; each other one is a minute older."""
    for age, article in enumerate(reversed(articles)):
        await bot.dispatcher.context.library.add(article, clock() - timedelta(minutes=age))
