"""The bot's messages that answer a user's message, so that an edited message changes its answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Creates the table. Answers from before are not changed any more."""
    op.create_table(
        "answered",
        sa.Column("chat", sa.Text(), primary_key=True),
        sa.Column("request", sa.Text(), primary_key=True),
        sa.Column("messages", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("seen", Moment(), nullable=False),
    )
    op.create_index("ix_answered_seen", "answered", ["seen"])
