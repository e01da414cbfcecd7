"""The title and the time zone of a chat, which need not have chosen a language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Adds the columns; no chat has a title or a zone at first."""
    with op.batch_alter_table("chat") as chat:
        chat.alter_column("language", existing_type=sa.Text(), nullable=True)
        chat.add_column(sa.Column("zone", sa.Text()))
        chat.add_column(sa.Column("title", sa.Text()))
