"""Converts the drivers' errors to ours."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.storage.database.errors import (
    DatabaseConflict,
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseSlow,
    DatabaseUnreachable,
    ServerReadOnly,
    StorageError,
)

#: SQLite's primary result codes, https://www.sqlite.org/rescode.html
_SQLITE = {
    sqlite3.SQLITE_BUSY: DatabaseLocked,
    sqlite3.SQLITE_LOCKED: DatabaseLocked,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_IOERR: DatabaseFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_PERM: DatabaseReadOnly,
    sqlite3.SQLITE_CORRUPT: DatabaseCorrupt,
    sqlite3.SQLITE_NOTADB: DatabaseCorrupt,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnreachable,
}
#: Errors of files beside the database, such as that of a lock.
_SYSTEM = {
    errno.EROFS: DatabaseReadOnly,
    errno.EACCES: DatabaseReadOnly,
    errno.EPERM: DatabaseReadOnly,
    errno.ENOSPC: DatabaseFull,
    errno.EDQUOT: DatabaseFull,
}
#: PostgreSQL's classes and codes, https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES: dict[str, type[StorageError]] = {
    "53100": DatabaseFull,
    "58": DatabaseFull,
    "53": DatabaseUnreachable,
    "57014": DatabaseSlow,
    "25P03": DatabaseSlow,
    "25P04": DatabaseSlow,
    "57": DatabaseUnreachable,
    "08": DatabaseUnreachable,
    "28": DatabaseUnreachable,
    "3D": DatabaseUnreachable,
    "25006": ServerReadOnly,
    "42501": DatabaseReadOnly,
    "55P03": DatabaseLocked,
    "40P01": DatabaseConflict,
    "40001": DatabaseConflict,
    "XX001": DatabaseCorrupt,
    "XX002": DatabaseCorrupt,
}


def storage_error(place: str, error: DBAPIError | NoConnectionFree | sqlite3.Error | OSError) -> StorageError | None:
    """Returns the `StorageError` for a driver's error, or None if the error is a bug in this program."""
    if isinstance(error, NoConnectionFree):
        return DatabaseSlow(place, "no connection became free; it answers too slowly")
    cause = error.orig if isinstance(error, DBAPIError) else error
    kind, has_answered = _kind(cause), bool(getattr(cause, "sqlstate", None))
    is_lost = isinstance(cause, OSError) or getattr(error, "connection_invalidated", False)
    if kind is None and is_lost and not has_answered:
        kind = DatabaseUnreachable
    if kind is DatabaseUnreachable and _is_in_read_only_folder(place):
        kind = DatabaseReadOnly  # SQLite cannot open its log there
    said = (isinstance(cause, OSError) and cause.strerror) or str(cause)
    return kind(place, said.splitlines()[0] if said else "") if kind else None


def _is_in_read_only_folder(place: str) -> bool:
    path = Path(place)
    return path.is_file() and not os.access(path.absolute().parent, os.W_OK)


def _kind(cause: BaseException | None) -> type[StorageError] | None:
    while cause is not None:
        if isinstance(cause, OSError) and cause.filename is not None and cause.errno in _SYSTEM:
            return _SYSTEM[cause.errno]
        code = getattr(cause, "sqlite_errorcode", None)
        if code is not None:
            return _SQLITE.get(code & 0xFF)
        state = getattr(cause, "sqlstate", None)
        if state:
            return _POSTGRES.get(state) or _POSTGRES.get(state[:2])
        if any(one.__name__ == "OperationalError" and one.__module__ == "psycopg" for one in type(cause).__mro__):
            return DatabaseUnreachable  # a failed connection has no SQLSTATE
        cause = cause.__cause__
    return None
