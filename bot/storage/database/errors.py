"""What can go wrong with a database, told apart once, where it happens.

::

    StorageError
    ├── DatabaseUnreachable     no server answers, or no file can be opened there
    ├── DatabaseLocked          another process holds it for too long
    ├── DatabaseFull            the disk has no room
    ├── DatabaseReadOnly        it may be read but not written
    ├── DatabaseCorrupt         the file is not a database, or a damaged one
    ├── DatabaseTooNew          a newer version of Nutgraf wrote it
    ├── DatabaseTaken           another bot runs over it
    ├── DatabaseReplaced        its file was deleted, or another one stands in its place
    ├── DatabaseConflict        the server undid a transaction in favour of another one; trying again helps
    ├── DatabaseUnsupported     the URL names something else than SQLite or PostgreSQL
    └── BackupFailed            a copy could not be made
"""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError


class StorageError(Exception):
    """The base: ``place`` is what its owner calls the database, without a password."""

    def __init__(self, place: str, detail: str = "") -> None:
        super().__init__(place, detail)
        self.place = place
        self.detail = detail


class DatabaseUnreachable(StorageError):
    """No server answers, or no file can be opened there."""


class DatabaseLocked(StorageError):
    """Another process holds it for too long."""


class DatabaseFull(StorageError):
    """The disk has no room."""


class DatabaseReadOnly(StorageError):
    """It may be read but not written."""


class DatabaseCorrupt(StorageError):
    """The file is not a database, or a damaged one."""


class DatabaseTooNew(StorageError):
    """A newer version of Nutgraf wrote it; ``detail`` is its revision."""


class DatabaseTaken(StorageError):
    """Another bot runs over it: two would take each other's posts."""


class DatabaseReplaced(StorageError):
    """Its file was deleted or replaced while it was open; ``detail`` says which."""


class DatabaseConflict(StorageError):
    """The server undid a transaction in favour of another one: a deadlock, or states that do not fit together."""


class DatabaseUnsupported(StorageError):
    """The URL names something else than SQLite or PostgreSQL."""


class BackupFailed(StorageError):
    """A copy could not be made; ``detail`` says why."""


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
#: PostgreSQL's classes and codes, https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES: dict[str, type[StorageError]] = {
    "53100": DatabaseFull,
    "53": DatabaseUnreachable,
    "57": DatabaseUnreachable,
    "08": DatabaseUnreachable,
    "28": DatabaseUnreachable,
    "3D": DatabaseUnreachable,
    "25006": DatabaseReadOnly,
    "42501": DatabaseReadOnly,
    "55P03": DatabaseLocked,
    "40P01": DatabaseConflict,
    "40001": DatabaseConflict,
    "XX001": DatabaseCorrupt,
    "XX002": DatabaseCorrupt,
}


def storage_error(place: str, error: DBAPIError | sqlite3.Error | OSError) -> StorageError | None:
    """What happened, in our words, or None for an error that is our own mistake."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    kind = _kind(cause)
    if kind is None and (isinstance(cause, OSError) or getattr(error, "connection_invalidated", False)):
        kind = DatabaseUnreachable
    return kind(place, str(cause).splitlines()[0] if str(cause) else "") if kind else None


def _kind(cause: BaseException | None) -> type[StorageError] | None:
    while cause is not None:
        code = getattr(cause, "sqlite_errorcode", None)
        if code is not None:
            return _SQLITE.get(code & 0xFF)
        state = getattr(cause, "sqlstate", None)
        if state:
            return _POSTGRES.get(state) or _POSTGRES.get(state[:2])
        if type(cause).__name__ == "OperationalError" and type(cause).__module__.startswith("psycopg"):
            return DatabaseUnreachable  # before there is a connection there is no state
        cause = cause.__cause__
    return None
