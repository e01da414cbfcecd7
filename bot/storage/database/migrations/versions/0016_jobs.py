"""The article of an item that is to be analysed; in PostgreSQL also the queues of jobs.

The queues are procrastinate's tables. When procrastinate changes them, a migration of ours has to apply its own files
(`procrastinate/sql/migrations`) since the version that `queue_schema` names.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.queue_schema import create_queues

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Adds the column and the queues. Both are empty at first."""
    op.add_column("feed_item", sa.Column("article", sa.Text()))
    create_queues(op.get_bind())
