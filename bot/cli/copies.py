"""``nutgraf backup|restore|export|import``: copies of the database, and moves between its two kinds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import ConfigFile, confirm_unless, read_config
from bot.cli.database import on_database
from bot.runtime.terminal import emit

if TYPE_CHECKING:  # slow to import
    from bot.storage.database.engine import Database
    from bot.storage.database.exporting import Totals

NewFile = Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

#: The tables whose counts are printed, by their names in print.
_SHOWN = {"report": "stories", "subscription": "subscriptions", "delivery": "posts", "feed": "feeds"}


def backup(target: NewFile, config: ConfigFile = None) -> None:
    """Back up the database to a file. This works while the bot is running."""

    async def work(database: Database) -> None:
        from bot.storage.database.backups import back_up

        await back_up(database, target)

    on_database(config, work)
    emit(f"Backed up to {target}. To restore it, stop the bot and run nutgraf restore {target}")


def restore(
    source: Annotated[Path, typer.Argument(help="A file of `nutgraf backup`, for a database of the same kind.")],
    config: ConfigFile = None,
    yes: Yes = False,
) -> None:
    """Replace the database by a backup, which is checked first. The bot must not be running."""
    confirm_unless(yes or not source.exists(), f"Replace the database by {source}?")

    async def work(database: Database) -> tuple[Path | None, Totals]:
        from bot.storage.database.backups import restore as restore_backup
        from bot.storage.database.instance_lock import instance_lock

        async with instance_lock(database):
            return await restore_backup(database, source), await _totals(config)

    kept, found = on_database(config, work, may_create=True)
    emit(f"Restored and checked: {_shown(found)}.")
    if kept is not None:
        emit(f"The former database is {kept}. Delete it when you no longer need it.")


def export(target: NewFile, config: ConfigFile = None) -> None:
    """Write everything to a file that `nutgraf import` reads, also into the other kind of database."""

    async def work(database: Database) -> Totals:
        from bot.storage.database.exporting import write_export

        return await write_export(database, target)

    emit(f"Exported to {target}: {_shown(on_database(config, work, upgrades=True))}.")


def import_(
    source: Annotated[Path, typer.Argument(help="A file of `nutgraf export`.")], config: ConfigFile = None
) -> None:
    """Fill an empty database with what `nutgraf export` wrote. The bot must not be running."""

    async def work(database: Database) -> Totals:
        from bot.storage.database.importing import read_export
        from bot.storage.database.instance_lock import instance_lock

        async with instance_lock(database):
            return await read_export(database, source)

    found = on_database(config, work, upgrades=True, may_create=True)
    emit(f"Imported and counted: {_shown(found)}.")


async def _totals(config: Path | None) -> Totals:
    """Counts in a new connection, since the file is another one now."""
    from bot.app import open_database
    from bot.storage.database.exporting import totals

    url = read_config(config).database.get_secret_value()
    async with open_database(url) as database, database.read(long_running=True) as connection:
        return await totals(connection)


def _shown(found: Totals) -> str:
    return ", ".join(f"{name}: {found.rows[table]}" for table, name in _SHOWN.items())
