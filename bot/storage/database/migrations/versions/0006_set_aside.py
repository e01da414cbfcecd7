"""Adds the attempts of an update, and the reason why it was set aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds both to the inbox."""
    op.add_column("inbox", sa.Column("attempts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("inbox", sa.Column("reason", sa.Text))
