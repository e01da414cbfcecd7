"""Adds subscriptions, and the memory of what chats were shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment, Number

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the tables of the chats."""
    op.create_table(
        "conversation",
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("story", sa.String(12)),
        sa.Column("seen", Moment, nullable=False),
        sa.PrimaryKeyConstraint("destination", name="pk_conversation"),
    )
    op.create_index("ix_conversation_seen", "conversation", ["seen"])
    op.create_table(
        "posted",
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("versions", sa.Text, nullable=False),
        sa.Column("seen", Moment, nullable=False),
        sa.PrimaryKeyConstraint("chat", "message", name="pk_posted"),
    )
    op.create_index("ix_posted_seen", "posted", ["seen"])
    op.create_table(
        "chat",
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("destination", name="pk_chat"),
    )
    op.create_table(
        "subscription",
        sa.Column("id", Number, nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("paused", sa.Text),
        sa.Column("cursor", sa.Text),
        sa.Column("next_due", Moment),
        sa.Column("starts", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscription_destination", "subscription", ["destination"])
    op.create_index("ix_subscription_next_due", "subscription", ["next_due"])
