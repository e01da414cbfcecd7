"""Backs up a database while it is in use, and restores a backup after checking it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.util import immutabledict

from bot.storage.database.driver_errors import storage_error
from bot.storage.database.engine import Database
from bot.storage.database.errors import (
    BackupFailed,
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseTooNew,
    RestoreFailed,
    StorageError,
)
from bot.storage.database.maintenance import damages
from bot.storage.database.migrate import upgrade

_SQLITE, _POSTGRES = b"SQLite format 3\0", b"PGDMP"
_NAME = re.compile(r"nutgraf-(\d{8}T\d{6})\.(?:db|dump)")
_STAMP = "%Y%m%dT%H%M%S"
_ANOTHER = "Take another backup"


@dataclass(frozen=True, slots=True)
class Rotation:
    """Regular backups.

    Attributes:
        keep: The number of backups that are kept.
        every: The time between two backups.
    """

    folder: Path
    keep: int = 7
    every: timedelta = timedelta(days=1)


async def back_up_regularly(database: Database, wanted: Rotation, now: datetime) -> Path | None:
    """Writes a backup if the newest one is old enough, and deletes those beyond the number to keep.

    Raises:
        BackupFailed: It could not be written. Nothing was deleted.
    """
    try:
        wanted.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = sorted(one for one in wanted.folder.iterdir() if _NAME.fullmatch(one.name))
    except OSError as error:
        raise BackupFailed(database.place, f"{wanted.folder} cannot be used: {error.strerror}") from error
    if known and now - _made(known[-1]) < wanted.every:
        return None
    target = wanted.folder / f"nutgraf-{now:{_STAMP}}.{'db' if database.is_sqlite else 'dump'}"
    await back_up(database, target)
    for old in [*known, target][: -wanted.keep]:
        old.unlink(missing_ok=True)
    return target


def _made(backup: Path) -> datetime:
    found = _NAME.fullmatch(backup.name)
    assert found is not None
    return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)


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
    except BaseException as error:
        with suppress(OSError):
            target.unlink()  # an incomplete backup is worse than none
        if isinstance(error, sqlite3.Error):
            said = _reason(error, database.place, "Look at it with “nutgraf db check”")
            raise BackupFailed(database.place, said) from error
        raise


def _copy(source: Path, target: Path) -> None:
    """Copies one state of the database with SQLite's online backup, while others write to it."""
    with closing(sqlite3.connect(source)) as from_database, closing(sqlite3.connect(target)) as to_database:
        from_database.backup(to_database)


def _reason(error: sqlite3.Error, source: str, if_damaged: str) -> str:
    """Returns why ``source`` could not be copied and, where it is known, what to do."""
    match storage_error(source, error):
        case DatabaseCorrupt():
            return f"{source} is damaged. {if_damaged}"
        case DatabaseFull():
            return f"the disk is full or failing ({error}). Free some space"
        case DatabaseReadOnly():
            return f"no permission to write in the folder of {source}, where SQLite keeps its log"
        case _:
            return str(error)


def _dump(database: Database, target: Path) -> None:
    _run(database, BackupFailed, "pg_dump", "--format=custom", f"--file={target}")


def _run(database: Database, failure: type[StorageError], program: str, *options: str) -> None:
    """Runs a program of PostgreSQL on the database.

    Raises:
        StorageError: It is not installed, or it failed.
    """
    path = shutil.which(program)
    if path is None:
        raise failure(database.place, f"{program} is not installed; install PostgreSQL's client programs")
    query = dict(database.url.query)
    password = database.url.password or query.pop("password", None)
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    # Command lines are visible to all users of the machine, so the password is passed in the environment.
    url = database.url._replace(drivername="postgresql", password=None, query=immutabledict(query))
    named = url.render_as_string(hide_password=False)
    command = [path, *options, f"--dbname={named}"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # a path that which() found
    if result.returncode:
        raise failure(database.place, (result.stderr.strip() or f"{program} failed").splitlines()[0])


async def restore(database: Database, source: Path) -> Path | None:
    """Replaces the database by a backup. Nothing is changed if the backup is damaged. No bot may be running.

    Returns:
        The file in which the former SQLite database is kept, if there was one.

    Raises:
        RestoreFailed: The backup cannot be read, is damaged, or is of the other kind of database.
        StorageError: The backup is from a newer version.
    """
    _check_kind(database, source)
    if database.path:
        return await _restore_file(database, database.path, source)
    await asyncio.to_thread(
        _run,
        database,
        RestoreFailed,
        "pg_restore",
        *("--clean", "--if-exists", "--no-owner", "--single-transaction", str(source)),
    )
    await upgrade(database)
    await _check_restored(database)
    return None


def _check_kind(database: Database, source: Path) -> None:
    try:
        with source.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError as error:
        raise RestoreFailed(database.place, f"{source} cannot be read: {error.strerror}") from error
    wanted, other = (_SQLITE, _POSTGRES) if database.is_sqlite else (_POSTGRES, _SQLITE)
    if head.startswith(other):
        said = "the backup is of the other kind of database; “nutgraf export” and “import” move between the two"
        raise RestoreFailed(database.place, said)
    if not head.startswith(wanted):
        raise RestoreFailed(
            database.place, f"{source} is no backup. For a file of “nutgraf export”, use “nutgraf import”"
        )


async def _restore_file(database: Database, path: Path, source: Path) -> Path | None:
    """Copies the backup beside the database, checks the copy, and only then puts it in its place."""
    copy = path.with_name(f"{path.name}.restoring")
    try:
        copy.unlink(missing_ok=True)
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        await asyncio.to_thread(_copy, source, copy)
        checked = Database(f"sqlite:///{copy}")
        try:
            await upgrade(checked)
            await _check_restored(checked)
        finally:
            await checked.close()
        kept = _set_aside(path) if path.exists() else None
        copy.replace(path)
    except DatabaseTooNew as error:
        raise DatabaseTooNew(str(source), error.detail) from error
    except DatabaseCorrupt as error:
        raise RestoreFailed(database.place, f"{source} is damaged. {_ANOTHER}") from error
    except sqlite3.Error as error:
        raise RestoreFailed(database.place, _reason(error, str(source), _ANOTHER)) from error
    except OSError as error:
        raise RestoreFailed(database.place, f"{error.filename or path}: {error.strerror}") from error
    finally:
        for name in (copy, *(Path(f"{copy}{ending}") for ending in ("-wal", "-shm"))):
            name.unlink(missing_ok=True)
    return kept


async def _check_restored(database: Database) -> None:
    if found := await damages(database):
        raise RestoreFailed(database.place, f"the backup is damaged ({found[0]}). {_ANOTHER}")


def _set_aside(path: Path) -> Path:
    """Renames the former database with its log, and returns its new name."""
    kept = _free_name(path, "before-restore")
    for old in _files(path):
        old.replace(f"{kept}{old.name.removeprefix(path.name)}")
    return kept


def copy_before_repair(path: Path) -> Path:
    """Copies the SQLite file and its log byte by byte, since SQLite itself cannot copy a damaged one.

    No bot may be running. The index of the log (``-shm``) is not copied: SQLite rebuilds it.

    Returns:
        The new file.

    Raises:
        BackupFailed: It cannot be written.
    """
    kept = _free_name(path, "before-repair")
    try:
        for source in _files(path):
            if source.name.endswith("-shm") or (source != path and not source.stat().st_size):
                continue
            shutil.copy2(source, f"{kept}{source.name.removeprefix(path.name)}")
    except OSError as error:
        raise BackupFailed(str(path), f"{kept} cannot be written: {error.strerror}") from error
    return kept


def _free_name(path: Path, reason: str) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.name}.{reason}-{number}")).exists():
        number += 1
    return kept


def _files(path: Path) -> list[Path]:
    """Returns the files of an SQLite database that there are, the database itself last."""
    return [one for ending in ("-wal", "-shm", "") if (one := Path(f"{path}{ending}")).exists()]
