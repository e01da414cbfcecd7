"""The process that answers an update, because several processes receive updates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Adds the column. Waiting updates belong to no process, so that the next one to start takes them."""
    op.add_column("inbox", sa.Column("process", sa.Integer))
