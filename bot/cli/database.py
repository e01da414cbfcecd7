"""``nutgraf db``: upgrade and check the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from bot.cli.common import FAILED, ConfigFile, print_error, read_config, storage_complaints
from bot.runtime.terminal import emit

if TYPE_CHECKING:  # slow to import
    from bot.storage.database.engine import Database

app = typer.Typer(help="Upgrade, check and back up the database.", no_args_is_help=True)

Result = TypeVar("Result")


@app.command()
def upgrade(config: ConfigFile = None) -> None:
    """Upgrade the database to the newest schema. `nutgraf run` does it too."""

    async def work(database: Database) -> str | None:
        from bot.storage.database.migrate import current_revision

        return await current_revision(database)

    emit(f"The database is at revision {on_database(config, work, is_upgraded=True)}.")


@app.command()
def check(config: ConfigFile = None) -> None:
    """Check the database for damage."""

    async def work(database: Database) -> list[str]:
        from bot.storage.database.maintenance import damages

        return await damages(database)

    found = on_database(config, work)
    for damage in found:
        print_error(damage)
    if found:
        raise typer.Exit(FAILED)
    emit("The database is whole.")


def on_database(
    config: Path | None,
    work: Callable[[Database], Awaitable[Result]],
    *,
    is_upgraded: bool = False,
    may_create: bool = False,
) -> Result:
    """Runs ``work`` with the database.

    Args:
        is_upgraded: Whether a missing file is created, and the schema upgraded first.
        may_create: Whether ``work`` itself may create a missing file.
    """
    settings = read_config(config)

    async def run() -> Result:
        from bot.app import open_database
        from bot.storage.database.engine import Database
        from bot.storage.database.errors import DatabaseUnreachable

        url = settings.database.get_secret_value()
        if is_upgraded:
            async with open_database(url) as database:
                return await work(database)
        database = Database(url)
        if database.path and not may_create and not database.path.exists():
            raise DatabaseUnreachable(database.place, "there is no such file")
        try:
            return await work(database)
        finally:
            await database.close()

    with storage_complaints():
        return asyncio.run(run())
