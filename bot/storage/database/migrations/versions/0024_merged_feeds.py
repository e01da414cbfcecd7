"""Feeds that moved to the address of another feed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Number

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Adds the column with its index. The next read of a feed that has moved fills it."""
    op.add_column("feed", sa.Column("merged_into", Number))
    op.create_index("ix_feed_merged_into", "feed", ["merged_into"])
