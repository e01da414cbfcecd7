"""Whether only administrators write in a subscribed chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Adds the column. Chats that were subscribed before count as groups."""
    op.add_column("subscription", sa.Column("is_channel", sa.Boolean, nullable=False, server_default=sa.false()))
