"""Checks a database, and copies it while it is in use."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.util import immutabledict

from bot.storage.database.engine import Database
from bot.storage.database.errors import BackupFailed, DatabaseCorrupt
from bot.storage.database.migrate import schema_differences

_CHECKS = ("PRAGMA integrity_check", "PRAGMA foreign_key_check")
_MOST_DAMAGES = 20
_LONGEST_DAMAGE = 200


async def damages(database: Database) -> list[str]:
    """Returns the damages of the schema and, in SQLite, of the file: one line each, or none."""
    try:
        found = [*await _file_damages(database), *await schema_differences(database)]
    except DatabaseCorrupt as error:
        found = [error.detail]
    shown = [line[:_LONGEST_DAMAGE] for line in found[:_MOST_DAMAGES]]
    return [*shown, f"... and {len(found) - len(shown)} more"] if len(found) > len(shown) else shown


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


async def back_up(database: Database, target: Path) -> None:
    """Writes a consistent copy: an SQLite file, or a dump for ``pg_restore``.

    Raises:
        BackupFailed: The file exists already or cannot be written, or ``pg_dump`` failed.
    """
    if database.is_sqlite and not database.path:
        raise BackupFailed(database.place, "it is kept in memory only")
    try:
        # Created here with permissions for the owner only, and never over an existing file.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise BackupFailed(database.place, f"{target} exists already. Choose another file name") from error
    except OSError as error:
        raise BackupFailed(database.place, f"{target} cannot be written: {error.strerror}") from error
    try:
        if database.path:
            await asyncio.to_thread(_copy, database.path, target)
        else:
            await asyncio.to_thread(_dump, database, target)
    except BaseException:
        with suppress(OSError):
            target.unlink()  # an incomplete backup is worse than none
        raise


def _copy(source: Path, target: Path) -> None:
    """Copies one state of the database with SQLite's online backup, while others write to it."""
    try:
        with closing(sqlite3.connect(source)) as from_database, closing(sqlite3.connect(target)) as to_database:
            from_database.backup(to_database)
    except sqlite3.Error as error:
        raise BackupFailed(str(source), str(error)) from error


def _dump(database: Database, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailed(database.place, "pg_dump is not installed; install PostgreSQL's client programs")
    query = dict(database.url.query)
    password = database.url.password or query.pop("password", None)
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    # Command lines are visible to all users of the machine, so the password is passed in the environment.
    url = database.url._replace(drivername="postgresql", password=None, query=immutabledict(query))
    named = url.render_as_string(hide_password=False)
    command = [program, "--format=custom", f"--file={target}", f"--dbname={named}"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # a path that which() found
    if result.returncode:
        raise BackupFailed(database.place, (result.stderr.strip() or "pg_dump failed").splitlines()[0])
