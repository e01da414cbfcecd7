"""New SQLite databases for tests. They are copies, which take a tenth of the time of all migrations."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from bot.app import open_database
from bot.storage.database.engine import Database
from tests.folders import new_folder


@asynccontextmanager
async def new_database(template: Path | None = None) -> AsyncIterator[Database]:
    """Opens a new database for as long as the block lasts: a copy of the file ``template``, or else an empty one."""
    with tempfile.TemporaryDirectory(prefix="nutgraf-") as folder:
        url = sqlite_url(Path(folder))
        shutil.copy(template or await _empty(), url.removeprefix("sqlite:///"))
        async with open_database(url) as database:
            yield database


def sqlite_url(folder: Path) -> str:
    """Returns the URL of a file in ``folder``."""
    return f"sqlite:///{folder}/nutgraf.db"


@cache
def template_folder() -> Path:
    """A folder for the files that are copied, which is deleted when all tests are done."""
    folder = new_folder()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


async def _empty() -> Path:
    template = template_folder() / "empty.db"
    if not template.exists():
        async with open_database(f"sqlite:///{template}"):
            pass
    return template
