"""Feeds and their items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment, Number

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Creates the tables of the feeds."""
    op.create_table(
        "feed",
        sa.Column("id", Number, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("shown", sa.Integer),
        sa.Column("least", sa.Integer, nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("declared", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("interval", sa.Integer, nullable=False),
        sa.Column("next_poll", Moment, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("last_read", Moment),
        sa.Column("newest", Moment),
        sa.Column("usual_gap", sa.Integer),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("address", name="uq_feed_address"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feed_next_poll", "feed", ["next_poll"])
    op.create_table(
        "feed_item",
        sa.Column("id", Number, nullable=False),
        sa.Column("feed", Number, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("not_before", Moment, nullable=False),
        sa.Column("found", Moment, nullable=False),
        sa.Column("seen", Moment, nullable=False),
        sa.Column("version", sa.String(12)),
        sa.PrimaryKeyConstraint("id", name="pk_feed_item"),
        sa.ForeignKeyConstraint(["feed"], ["feed.id"], name="fk_feed_item_feed", ondelete="CASCADE"),
        sa.UniqueConstraint("feed", "key", name="uq_feed_item_feed_key"),
    )
    op.create_index("ix_feed_item_state_not_before", "feed_item", ["state", "not_before"])
    op.create_index("ix_feed_item_key", "feed_item", ["key"])
    op.create_index("ix_feed_item_seen", "feed_item", ["seen"])
