"""Brings a database to the newest schema, in one transaction, or says that it is newer than we are."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text

from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseTooNew

_MIGRATIONS = Path(__file__).with_name("migrations")
# Two processes that start at once migrate one after the other; any fixed number of our own does.
_LOCK = 7_464_021


async def upgrade(database: Database, revision: str = "head") -> None:
    """Runs the migrations that the database has not had.

    Raises:
        StorageError: The database is newer, or cannot be opened or written; nothing is changed then.
    """
    async with database.read() as connection:  # a database that is up to date is not written, nor waited for
        is_done = await connection.run_sync(_is_at, database.place, revision)
    if not is_done:
        async with database.write() as connection:
            await connection.run_sync(_upgrade, database.place, revision)


async def current_revision(database: Database) -> str | None:
    """The revision that the database is at; None: it has no tables yet."""
    async with database.read() as connection:
        return await connection.run_sync(_current)


@cache
def revisions() -> list[str]:
    """All revisions, the oldest first."""
    from alembic.script import ScriptDirectory  # slow to import

    return [script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()][::-1]


def _current(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _is_at(connection: Connection, place: str, revision: str) -> bool:
    """Whether the database is at ``revision``, or beyond it.

    Raises:
        DatabaseTooNew: It is at a revision that this program does not know.
    """
    known = revisions()
    current = _current(connection)
    if current is None:
        return False
    if current not in known:
        raise DatabaseTooNew(place, current)
    return known.index(current) >= (len(known) - 1 if revision == "head" else known.index(revision))


def _upgrade(connection: Connection, place: str, revision: str) -> None:
    from alembic.config import Config  # slow to import, and only this needs it
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if _is_at(connection, place, revision):
        return  # another process did it meanwhile
    script = ScriptDirectory(str(_MIGRATIONS))
    config = Config()
    config.attributes["connection"] = connection

    def pending(found: object, _context: object) -> object:
        return script._upgrade_revs(revision, found)  # type: ignore[arg-type]  # noqa: SLF001  # as alembic.command does

    with EnvironmentContext(config, script, fn=pending, destination_rev=revision):
        script.run_env()
