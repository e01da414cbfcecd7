"""Indexes for the lists of the dashboard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_HALTED = sa.text("next_due IS NULL AND paused <> ''")
_FAILING = sa.text("failures > 0 OR ended")


def upgrade() -> None:
    """Creates the indexes."""
    op.create_index("ix_feed_item_feed_found_state", "feed_item", ["feed", "found", "state"])
    op.create_index("ix_subscription_halted", "subscription", ["id"], sqlite_where=_HALTED, postgresql_where=_HALTED)
    op.create_index("ix_feed_failing", "feed", ["address"], sqlite_where=_FAILING, postgresql_where=_FAILING)
