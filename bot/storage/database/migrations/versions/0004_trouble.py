"""Indexes by which what is over, dead or in doubt is found in a long ledger."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Creates them."""
    op.create_index("ix_delivery_state_expires_at", "delivery", ["state", "expires_at"])
    op.create_index("ix_delivery_state_created", "delivery", ["state", "created"])
