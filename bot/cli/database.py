"""``nutgraf db``: upgrade, check and back up the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

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

    emit(f"The database is at revision {_run(config, work, is_upgraded=True)}.")


@app.command()
def check(config: ConfigFile = None) -> None:
    """Check the database for damage."""

    async def work(database: Database) -> list[str]:
        from bot.storage.database.maintenance import damages

        return await damages(database)

    found = _run(config, work)
    for damage in found:
        print_error(damage)
    if found:
        raise typer.Exit(FAILED)
    emit("The database is whole.")


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")],
    config: ConfigFile = None,
) -> None:
    """Back up the database to a file. This works while the bot is running."""

    async def work(database: Database) -> None:
        from bot.storage.database.maintenance import back_up

        await back_up(database, target)

    _run(config, work)
    emit(f"Backed up to {target}. To restore it: {_restoring(config, target)}")


def _restoring(config: Path | None, target: Path) -> str:
    from bot.storage.database.engine import Database

    path = Database(read_config(config).database.get_secret_value()).path
    if path:
        return f"stop the bot, remove {path}-wal and {path}-shm, and copy the file to {path}."
    return f"pg_restore --clean --if-exists --dbname=DATABASE {target}"


def _run(config: Path | None, work: Callable[[Database], Awaitable[Result]], is_upgraded: bool = False) -> Result:
    """Runs ``work`` with the database, and upgrades its schema first if ``is_upgraded`` is set."""
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
        if database.path and not database.path.exists():
            raise DatabaseUnreachable(database.place, "there is no such file")
        try:
            return await work(database)
        finally:
            await database.close()

    with storage_complaints():
        return asyncio.run(run())
