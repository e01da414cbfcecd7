"""The stories that chats follow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment, Number

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "followed",
        sa.Column("destination", sa.Text, primary_key=True),
        sa.Column("story", Number, sa.ForeignKey("story.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("since", Moment, nullable=False),
    )
    op.create_index("ix_followed_story", "followed", ["story"])
