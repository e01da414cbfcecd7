"""Claims and entities of versions, with the model and the rules that found them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Adds the table. Stories that were stored before are analysed again, since they have no row in it."""
    op.create_table(
        "attribution",
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("analyser", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.id"], name="fk_attribution_version", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version", name="pk_attribution"),
    )
