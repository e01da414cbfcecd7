"""The inbox: what platforms told us and we have not answered yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment, Number

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Creates it."""
    op.create_table(
        "inbox",
        sa.Column("id", Number, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("received", Moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("reply", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("platform", "number", name="uq_inbox_platform_number"),
    )
    op.create_index("ix_inbox_state_received", "inbox", ["state", "received"])
