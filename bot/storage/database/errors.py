"""Database errors, the same for SQLite and PostgreSQL.

::

    StorageError
    ├── DatabaseUnreachable     the server does not answer, or the file cannot be opened
    │   ├── DatabaseFolderMissing   the folder of the SQLite file does not exist
    │   └── DatabaseSlow            the server did not answer in time
    ├── DatabaseLocked          another process holds a lock for too long
    ├── DatabaseFull            the disk is full or failing
    ├── DatabaseReadOnly        writing is not permitted
    │   └── ServerReadOnly          the server takes no changes now, such as a replica
    ├── DatabaseCorrupt         the file is damaged or is not a database
    ├── DatabaseTooNew          the schema is from a newer version of Nutgraf
    ├── DatabaseTaken           another bot is using the database
    ├── DatabaseReplaced        the file was deleted or replaced
    ├── DatabaseConflict        the server rolled back the transaction; a retry helps
    ├── DatabasePooled          a pooler between the program and the server makes locks useless
    ├── PartLost                another process does this part of the work now
    ├── DatabaseUnsupported     the URL is wrong or names another kind of database
    ├── BackupFailed            no copy could be made
    ├── RestoreFailed           the backup cannot be restored
    └── TransferFailed          the rows cannot be exported or imported
"""

from __future__ import annotations


class StorageError(Exception):
    """The base class of all database errors.

    Attributes:
        place: A description of the database for messages, without a password.
        detail: The cause, often the driver's own message.
    """

    def __init__(self, place: str, detail: str = "") -> None:
        super().__init__(place, detail)
        self.place = place
        self.detail = detail


class DatabaseUnreachable(StorageError):
    """The server does not answer, or the file cannot be opened."""


class DatabaseFolderMissing(DatabaseUnreachable):
    """The folder of the SQLite file does not exist. ``detail`` is the folder."""


class DatabaseSlow(DatabaseUnreachable):
    """The server did not answer in time, or ended a statement because of its own limit."""


class DatabaseLocked(StorageError):
    """Another process holds a lock for too long."""


class DatabaseFull(StorageError):
    """The disk is full or failing."""


class DatabaseReadOnly(StorageError):
    """Writing is not permitted."""


class ServerReadOnly(DatabaseReadOnly):
    """The server takes no changes now: it is a replica, or its administrator wants it so."""


class DatabaseCorrupt(StorageError):
    """The file is damaged or is not a database."""


class DatabaseTooNew(StorageError):
    """The schema is from a newer version of Nutgraf. ``detail`` is its revision."""


class DatabaseTaken(StorageError):
    """Another program needs the database for itself, or this one does and another is using it."""


class DatabaseReplaced(StorageError):
    """The file was deleted or replaced while it was open. ``detail`` says which."""


class DatabaseConflict(StorageError):
    """The server rolled back the transaction: a deadlock or a serialisation failure. A retry helps."""


class DatabasePooled(StorageError):
    """A pooler changes the connection to the server between statements, so that a session's locks do not hold."""


class PartLost(StorageError):
    """Another process may do this part of the work now. ``detail`` is its name."""


class DatabaseUnsupported(StorageError):
    """The URL is wrong or names another kind of database."""


class BackupFailed(StorageError):
    """No copy could be made. ``detail`` is the reason."""


class RestoreFailed(StorageError):
    """A backup cannot be restored. ``detail`` is the reason."""


class TransferFailed(StorageError):
    """The rows cannot be exported or imported. ``detail`` is the reason."""
