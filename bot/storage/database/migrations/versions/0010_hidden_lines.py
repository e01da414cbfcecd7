"""The lines of a version that an operator has hidden."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Adds the column; no line is hidden at first."""
    op.add_column("version", sa.Column("hidden_lines", sa.Text))
