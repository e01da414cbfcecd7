"""The sign-ins of the dashboard, and indexes for its lists of posts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Creates the table and the indexes."""
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("operator", sa.Text, nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_delivery_created", "delivery", ["created"])
    op.create_index("ix_delivery_destination_created", "delivery", ["destination", "created"])
