"""The holders of the parts of the work that only one process at a time may do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Creates the table; nobody holds anything at first."""
    op.create_table(
        "part",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_part"),
    )
