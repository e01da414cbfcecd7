"""Keys of reports in the order of code points, so that PostgreSQL's index finds all keys that begin with an address."""

from __future__ import annotations

from alembic import op

from bot.storage.database.columns import Ordered

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Changes the order of the column on PostgreSQL, which rebuilds its index. SQLite has that order already."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("report", "key", type_=Ordered)
