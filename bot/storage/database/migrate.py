"""Upgrades a database to the newest schema, in one transaction, or refuses a newer one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseTaken, DatabaseTooNew
from bot.storage.database.instance_lock import INSTANCE_KEY
from bot.storage.database.queue_schema import missing_queue_objects
from bot.storage.database.tables import metadata

_MIGRATIONS = Path(__file__).with_name("migrations")
#: The tables of the full-text index and of the queues of jobs. They are unknown to SQLAlchemy.
_FOREIGN = ("report_text", "own_text", "procrastinate_")
# A lock, so that two processes that start together migrate one after the other. Any fixed number works.
_LOCK = 7_464_021
#: Whether a bot runs over the database. Each one holds a share of this lock. A command that replaces the content of the
#: database holds the whole lock, and may migrate it.
_IS_IN_USE = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ShareLock'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND (classid::bigint << 32) + objid::bigint = :key AND objsubid = 1)"
)


async def upgrade(database: Database, revision: str = "head") -> None:
    """Runs the missing migrations.

    Raises:
        StorageError: The database is newer, or an older program is using it, or it cannot be opened or written.
            Nothing is changed.
    """
    async with database.read() as connection:  # a database that is up to date is not locked or written
        is_done = await connection.run_sync(_is_at, database.place, revision)
    if not is_done:
        # On SQLite it stays in this thread: nothing else runs yet.
        async with database.write(long_running=not database.is_sqlite) as connection:
            await connection.run_sync(_upgrade, database.place, revision)


async def current_revision(database: Database) -> str | None:
    """Returns the revision of the database, or None if it has no tables."""
    async with database.read() as connection:
        return await connection.run_sync(_current)


async def check_revision(connection: AsyncConnection, place: str) -> None:
    """Checks that no newer program has upgraded the database, such as while this one was cut off from it.

    Raises:
        DatabaseTooNew: One has.
    """
    await connection.run_sync(_is_at, place, "head")


async def schema_differences(database: Database) -> list[str]:
    """Returns the differences of the schema from its revision, one line each. An older revision has none."""
    async with database.read(long_running=True) as connection:
        return await connection.run_sync(_differences, database.place)


def _differences(connection: Connection, place: str) -> list[str]:
    from alembic.autogenerate import compare_metadata  # slow to import, and only this needs it
    from alembic.runtime.migration import MigrationContext

    if not _is_at(connection, place, "head"):
        return [f"the schema is at revision {_current(connection)}; nutgraf db upgrade brings it to {revisions()[-1]}"]
    is_ours = {"include_name": lambda name, kind, _: kind != "table" or not str(name).startswith(_FOREIGN)}
    found = compare_metadata(MigrationContext.configure(connection, opts=is_ours), metadata)
    missing = [f"the queues of jobs lack {name}" for name in missing_queue_objects(connection)]
    return [*(f"the schema differs from its revision: {_described(one)}" for one in found), *missing]


def _described(difference: Any) -> str:
    """Returns a difference found by Alembic as text, such as ``remove_index ix_report_key``."""
    kind, *about = difference[0] if isinstance(difference, list) else difference
    names = [str(getattr(one, "name", one)) for one in about if one is not None and not isinstance(one, dict)]
    return f"{kind} {' '.join(names)}"


@cache
def revisions() -> list[str]:
    """Returns all revisions, the oldest first."""
    from alembic.script import ScriptDirectory  # slow to import

    return [script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()][::-1]


def _current(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _is_at(connection: Connection, place: str, revision: str) -> bool:
    """Returns whether the database is at ``revision`` or newer.

    Raises:
        DatabaseTooNew: This program does not know the revision of the database.
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
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # a limit of the server's is for shorter statements
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))  # and so is the one of ours
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if _is_at(connection, place, revision):
        return  # another process did it meanwhile
    if connection.dialect.name == "postgresql" and connection.scalar(_IS_IN_USE, {"key": INSTANCE_KEY}):
        raise DatabaseTaken(place)  # it is an older program's, which does not know the new schema
    script = ScriptDirectory(str(_MIGRATIONS))
    config = Config()
    config.attributes["connection"] = connection

    def pending(found: object, _context: object) -> object:
        return script._upgrade_revs(revision, found)  # type: ignore[arg-type]  # noqa: SLF001  # as alembic.command does

    with EnvironmentContext(config, script, fn=pending, destination_rev=revision):
        script.run_env()
