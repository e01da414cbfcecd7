"""The day an article names, and whether a person joined or split a story."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds both, fills in the days of the stored articles, and indexes merged stories."""
    op.add_column("report", sa.Column("published", sa.Date))
    op.add_column("story", sa.Column("fixed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_story_merged_into", "story", ["merged_into"])
    if op.get_bind().dialect.name == "sqlite":
        day = "json_extract(version.briefing, '$.article.published')"
    else:
        day = "CAST(version.briefing::json -> 'article' ->> 'published' AS date)"
    current = f"SELECT {day} FROM version WHERE version.id = report.current"  # noqa: S608  # constants
    op.execute(f"UPDATE report SET published = ({current})")  # noqa: S608  # the same
