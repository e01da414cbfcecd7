"""Chats whose posts become stories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "source_chat",
        sa.Column("destination", sa.Text, primary_key=True),
        sa.Column("tags", sa.Text, nullable=False),
    )
