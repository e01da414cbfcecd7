"""The ledger: what is to be posted, what was, and what every destination was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment, Number

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Creates the tables of delivery."""
    op.add_column("subscription", sa.Column("since", Moment))
    op.create_table(
        "occasion",
        sa.Column("id", Number, nullable=False),
        sa.Column("subscription", Number, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("due", Moment, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("version", sa.String(12)),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_occasion"),
        sa.UniqueConstraint("subscription", "key", name="uq_occasion_subscription_key"),
    )
    op.create_index("ix_occasion_state_due", "occasion", ["state", "due"])
    op.create_table(
        "arrival",
        sa.Column("id", Number, nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_arrival"),
    )
    op.create_table(
        "told",
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("report", Number, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("occasion", Number, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("destination", "report", "number", name="pk_told"),
        sa.ForeignKeyConstraint(["report"], ["report.id"], name="fk_told_report", ondelete="CASCADE"),
    )
    op.create_index("ix_told_occasion", "told", ["occasion"])
    op.create_index("ix_told_report", "told", ["report"])
    op.create_table(
        "delivery",
        sa.Column("id", Number, nullable=False),
        sa.Column("dedup", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("subscription", Number, nullable=False),
        sa.Column("occasion", Number, nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("op", sa.Text, nullable=False),
        sa.Column("target", sa.Text),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("not_before", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("composition", sa.Text),
        sa.Column("payload", sa.Text),
        sa.Column("remote_id", sa.Text),
        sa.Column("sending_at", Moment),
        sa.Column("error", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.Column("resends", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("dedup", name="uq_delivery_dedup"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_occasion", "delivery", ["occasion"])
    op.create_index("ix_delivery_platform_state_not_before", "delivery", ["platform", "state", "not_before"])
    op.create_index("ix_delivery_platform_state_sending_at", "delivery", ["platform", "state", "sending_at"])
    op.create_index("ix_delivery_destination_state", "delivery", ["destination", "state"])
    op.create_index("ix_delivery_subscription_created", "delivery", ["subscription", "created"])
    op.create_table(
        "epoch",
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("platform", name="pk_epoch"),
    )
