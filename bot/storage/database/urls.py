"""Database URLs: which are supported, and how each is opened."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.storage.database.errors import DatabaseFolderMissing, DatabaseUnsupported

#: The URL of a database in memory, which is lost when the process ends.
IN_MEMORY = "sqlite://"

_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def sqlite_file(url: str) -> Path | None:
    """Returns the file of an SQLite database, or None for a database in memory or on a server.

    Raises:
        DatabaseUnsupported: The URL is wrong, or no supported database has it.
    """
    return file_of(parse_url(url))


def file_of(url: URL) -> Path | None:
    """Returns the file of an SQLite database, or None for a database in memory or on a server."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database).removeprefix("file:"))


def check_folder(path: Path) -> None:
    """Checks that the folder of an SQLite file exists. It is never created, because the path may be mistyped.

    Raises:
        DatabaseFolderMissing: It does not exist.
    """
    if not path.parent.is_dir():
        raise DatabaseFolderMissing(path.as_posix(), path.parent.absolute().as_posix())


def parse_url(url: str) -> URL:
    """Returns the URL with the driver that opens it.

    Raises:
        DatabaseUnsupported: The URL is wrong, or no supported database has it.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnsupported(
            "the `database` setting", "it is no URL"
        ) from error  # the URL itself may hold a password
    driver = _DRIVERS.get(parsed.drivername)
    if parsed.drivername == "sqlite" and not parsed.database and url != IN_MEMORY:
        raise DatabaseUnsupported(url, "the file name is missing")
    if "@" in (parsed.host or ""):  # part of the password, which must not be shown
        raise DatabaseUnsupported("the `database` setting", "write an @ in a password as %40")
    if parsed.drivername == "sqlite" and parsed.query and not str(parsed.database).startswith("file:"):
        raise DatabaseUnsupported(f"sqlite:///{parsed.database}", "options after ? are not supported")
    if driver is None:
        raise DatabaseUnsupported(
            f"{parsed.drivername}://{parsed.host or ''}", "only SQLite and PostgreSQL are supported"
        )
    return parsed.set(drivername=driver)
