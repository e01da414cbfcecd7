"""Checks a database for damage."""

from __future__ import annotations

from sqlalchemy import text

from bot.storage.database import fulltext
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseCorrupt
from bot.storage.database.migrate import schema_differences

_CHECKS = ("PRAGMA integrity_check", "PRAGMA foreign_key_check")
_MOST_DAMAGES = 20
_LONGEST_DAMAGE = 200


async def damages(database: Database) -> list[str]:
    """Returns the damages of the schema and, in SQLite, of the file: one line each, or none."""
    try:
        found = [*await _file_damages(database), *await schema_differences(database)]
        found = found or await _search_damages(database)
    except DatabaseCorrupt as error:
        found = [error.detail]
    shown = [line[:_LONGEST_DAMAGE] for line in found[:_MOST_DAMAGES]]
    return [*shown, f"... and {len(found) - len(shown)} more"] if len(found) > len(shown) else shown


async def _search_damages(database: Database) -> list[str]:
    async with database.read(long_running=True) as connection:
        missing = await fulltext.unsearchable(connection)
    return [f"articles that a search cannot find: {missing}"] if missing else []


async def check_at_start(database: Database) -> None:
    """Checks the SQLite file quickly.

    Raises:
        DatabaseCorrupt: The file is damaged.
    """
    if database.is_sqlite and database.path is not None:
        async with database.read(long_running=True) as connection:
            found = str(await connection.scalar(text("PRAGMA quick_check(1)")))
        if found != "ok":
            raise DatabaseCorrupt(database.place, found.splitlines()[-1][:_LONGEST_DAMAGE])


async def _file_damages(database: Database) -> list[str]:
    """Returns the damages that SQLite finds in its file. A server checks its own files."""
    found: list[str] = []
    if database.is_sqlite:
        async with database.read(long_running=True) as connection:
            for check in _CHECKS:
                rows = (await connection.execute(text(check))).all()
                lines = [line for row in rows if tuple(row) != ("ok",) for line in " ".join(map(str, row)).splitlines()]
                found += lines
            await connection.execute(text("SELECT count(*) FROM report_text WHERE report_text MATCH 'nutgraf'"))
    return found
