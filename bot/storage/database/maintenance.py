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
    """What is wrong with the database, a line each: its schema and, in SQLite, its file; nothing if it is whole."""
    try:
        found = [*await _file_damages(database), *await schema_differences(database)]
    except DatabaseCorrupt as error:
        found = [error.detail]
    shown = [line[:_LONGEST_DAMAGE] for line in found[:_MOST_DAMAGES]]
    return [*shown, f"... and {len(found) - len(shown)} more"] if len(found) > len(shown) else shown


async def check_at_start(database: Database) -> None:
    """A quick look at SQLite's file.

    Raises:
        DatabaseCorrupt: It is damaged.
    """
    if database.is_sqlite and database.path is not None:
        async with database.read(long_running=True) as connection:
            found = str(await connection.scalar(text("PRAGMA quick_check(1)")))
        if found != "ok":
            raise DatabaseCorrupt(database.place, found.splitlines()[-1][:_LONGEST_DAMAGE])


async def _file_damages(database: Database) -> list[str]:
    """What SQLite finds wrong with its file; a server looks after its own."""
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
    """Writes a consistent copy: SQLite's own file, or a dump that ``pg_restore`` reads.

    Raises:
        BackupFailed: The file is there already, or cannot be written, or ``pg_dump`` failed.
    """
    if database.is_sqlite and not database.path:
        raise BackupFailed(database.place, "it is kept in memory only")
    try:
        # Made here, for its owner's eyes alone, and never over a file that is there.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise BackupFailed(database.place, f"{target} is there already; name another file") from error
    except OSError as error:
        raise BackupFailed(database.place, f"{target} cannot be written: {error.strerror}") from error
    try:
        if database.path:
            await asyncio.to_thread(_copy, database.path, target)
        else:
            await asyncio.to_thread(_dump, database, target)
    except BaseException:
        with suppress(OSError):
            target.unlink()  # half a backup is worse than none
        raise


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: one state of the database, while others write to it."""
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
    # Everybody on the machine reads a command line: the password goes another way.
    url = database.url._replace(drivername="postgresql", password=None, query=immutabledict(query))
    named = url.render_as_string(hide_password=False)
    command = [program, "--format=custom", f"--file={target}", f"--dbname={named}"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # a path that which() found
    if result.returncode:
        raise BackupFailed(database.place, (result.stderr.strip() or "pg_dump failed").splitlines()[0])
