"""Notices of changes on PostgreSQL, so that each process can cache what no other has changed."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"

_TABLES = ("attribution", "chat", "followed", "report", "report_tag", "source_chat", "story", "taste", "version")
_NOTIFY = """
    CREATE FUNCTION nutgraf_changed() RETURNS trigger AS $$
    BEGIN
        PERFORM pg_notify('nutgraf_changes', TG_TABLE_NAME);
        RETURN NULL;
    END $$ LANGUAGE plpgsql
"""


def upgrade() -> None:
    """Creates a trigger for each table whose rows are cached. SQLite needs none."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(_NOTIFY)
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER nutgraf_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION nutgraf_changed()"
        )
