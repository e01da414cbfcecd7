"""Jobs that run now, and jobs in which processes died."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment, Number

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Creates the table; no job has been run with it yet."""
    op.create_table(
        "job_run",
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("number", Number, nullable=False, autoincrement=False),
        sa.Column("started", Moment),
        sa.Column("deaths", sa.Integer, nullable=False),
        sa.Column("aside_until", Moment),
        sa.PrimaryKeyConstraint("task", "number", name="pk_job_run"),
    )
