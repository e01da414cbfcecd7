"""The scores of what chats like, from their reactions to stories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "taste",
        sa.Column("destination", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("changed", Moment, nullable=False),
    )
