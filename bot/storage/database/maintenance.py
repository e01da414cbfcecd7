"""Checks a database and copies it while it is in use."""

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

_CHECKS = ("PRAGMA integrity_check", "PRAGMA foreign_key_check")
_MOST_DAMAGES = 20


async def damages(database: Database) -> list[str]:
    """What is wrong with the database; nothing if it is whole.  A server's is checked by its server."""
    if not database.is_sqlite:
        async with database.read() as connection:
            await connection.execute(text("SELECT 1"))
        return []
    found: list[str] = []
    try:
        async with database.read(long_running=True) as connection:
            for check in _CHECKS:
                rows = (await connection.execute(text(check))).all()
                found += [" ".join(map(str, row)) for row in rows if tuple(row) != ("ok",)]
            await connection.execute(text("SELECT count(*) FROM report_text WHERE report_text MATCH 'nutgraf'"))
    except DatabaseCorrupt as error:
        found.append(error.detail)
    return found[:_MOST_DAMAGES]


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
