"""Pauses that end by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Adds the column with its index. Earlier pauses have no end."""
    op.add_column("subscription", sa.Column("paused_until", Moment))
    op.create_index("ix_subscription_paused_until", "subscription", ["paused_until"])
