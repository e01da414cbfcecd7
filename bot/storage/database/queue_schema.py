"""procrastinate's schema: the tables and functions of the queues of jobs in PostgreSQL."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Connection, text

#: A copy of procrastinate's own schema, so that a migration does the same whatever version is installed.
SCHEMA = Path(__file__).with_name("migrations") / "procrastinate_3_4.sql"
_CREATED = re.compile(r"^CREATE (?:UNIQUE )?(?:TABLE|FUNCTION|TYPE|TRIGGER|INDEX) (\w+)", re.MULTILINE)
_PRESENT = text("""
    SELECT name FROM (
        SELECT relname FROM pg_class UNION SELECT proname FROM pg_proc
        UNION SELECT typname FROM pg_type UNION SELECT tgname FROM pg_trigger
    ) AS present (name) WHERE name = ANY(:names)
""")


def create_queues(connection: Connection) -> None:
    """Creates the queues of jobs. SQLite has none."""
    if connection.dialect.name == "postgresql":
        # The driver takes % for the beginning of a parameter.
        connection.exec_driver_sql(SCHEMA.read_text(encoding="utf-8").replace("%", "%%"))


def missing_queue_objects(connection: Connection) -> list[str]:
    """Returns the names of what the queues of jobs need and the database lacks."""
    if connection.dialect.name != "postgresql":
        return []
    needed = set(_CREATED.findall(SCHEMA.read_text(encoding="utf-8")))
    present = {row[0] for row in connection.execute(_PRESENT, {"names": sorted(needed)})}
    return sorted(needed - present)
