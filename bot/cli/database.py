"""``nutgraf db``: upgrade and check the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.common import FAILED, ConfigFile, print_error, read_config, storage_complaints
from bot.cli.plain_help import Commands
from bot.runtime.terminal import emit

if TYPE_CHECKING:  # slow to import
    from bot.storage.database.engine import Database

app = Commands(help="Upgrade, check and back up the database.")

Result = TypeVar("Result")


@app.command()
def upgrade(config: ConfigFile = None) -> None:
    """Upgrade the database to the newest schema. `nutgraf run` does it too."""

    async def work(database: Database) -> str | None:
        from bot.storage.database.migrate import current_revision

        return await current_revision(database)

    revision = on_database(config, work, upgrades=True, may_create=True)
    emit(f"The database has the newest schema, {revision}.")


@app.command()
def check(
    config: ConfigFile = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Rebuild indexes and search. The bot must not be running.")
    ] = False,
) -> None:
    """Check the database for damage."""
    found = on_database(config, _repair if repair else _damages)
    for damage in found:
        print_error(damage)
    if found and repair:
        print_error("This cannot be repaired. Restore a backup: nutgraf restore FILE")
    elif found:
        print_error("Stop the bot and run nutgraf db check --repair")
    if found:
        raise typer.Exit(FAILED)
    emit("No damage found.")


async def _damages(database: Database) -> list[str]:
    from bot.storage.database.maintenance import damages

    return await damages(database)


async def _repair(database: Database) -> list[str]:
    """Rebuilds everything that can be computed from the stored articles, and checks the result.

    Returns:
        The damages that are left.
    """
    from bot.storage.database.backups import copy_before_repair
    from bot.storage.database.errors import DatabaseCorrupt
    from bot.storage.database.instance_lock import instance_lock
    from bot.storage.database.migrate import schema_differences
    from bot.storage.search_rebuild import rebuild_search

    async with instance_lock(database):
        try:
            if different := await schema_differences(database):
                return different
            if database.path:
                emit(f"The database as it is now was copied to {copy_before_repair(database.path)}")
            count = await rebuild_search(database)
        except DatabaseCorrupt as error:
            return [error.detail]
        emit(f"All indexes were rebuilt. Articles that can be searched: {count}")
        return await _damages(database)


def on_database(
    config: Path | None,
    work: Callable[[Database], Awaitable[Result]],
    *,
    upgrades: bool = False,
    may_create: bool = False,
) -> Result:
    """Runs ``work`` with the database.

    Args:
        upgrades: Whether to upgrade the schema first.
        may_create: Whether a missing file may be created.
    """
    settings = read_config(config)

    async def run() -> Result:
        from bot.app import open_database
        from bot.storage.database.engine import Database
        from bot.storage.database.errors import DatabaseUnreachable
        from bot.storage.database.urls import check_folder, sqlite_file

        url = settings.database.get_secret_value()
        path = sqlite_file(url)
        if path and not path.exists():
            check_folder(path)
            if not may_create:
                raise DatabaseUnreachable(path.absolute().as_posix(), "there is no such file")
        if upgrades:
            async with open_database(url) as database:
                return await work(database)
        database = Database(url)
        try:
            return await work(database)
        finally:
            await database.close()

    with storage_complaints():
        return asyncio.run(run())
