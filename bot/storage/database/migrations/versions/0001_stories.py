"""Stories, their reports and versions, and what they are found by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.database.columns import Moment, Number, Ordered

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the tables of the library."""
    op.create_table(
        "story",
        sa.Column("id", Number, nullable=False),
        sa.Column("merged_into", Number),
        sa.PrimaryKeyConstraint("id", name="pk_story"),
        sa.ForeignKeyConstraint(["merged_into"], ["story.id"], name="fk_story_merged_into"),
    )
    op.create_table(
        "report",
        sa.Column("id", Number, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("story", Number, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("site", sa.Text),
        sa.Column("current", sa.String(12), nullable=False),
        sa.Column("updated", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("key", name="uq_report_key"),
        sa.ForeignKeyConstraint(["story"], ["story.id"], name="fk_report_story"),
    )
    op.create_index("ix_report_story", "report", ["story"])
    op.create_index("ix_report_updated", "report", ["updated"])
    op.create_index("ix_report_owner_hidden_updated", "report", ["owner", "hidden", "updated"])
    op.create_table(
        "version",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("report", Number, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("received", Moment, nullable=False),
        sa.Column("briefing", sa.Text, nullable=False),
        sa.Column("changes", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_version"),
        sa.UniqueConstraint("report", "number", name="uq_version_report_number"),
        sa.ForeignKeyConstraint(["report"], ["report.id"], name="fk_version_report", ondelete="CASCADE"),
    )
    op.create_table(
        "report_tag",
        sa.Column("report", Number, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("report", "tag", name="pk_report_tag"),
        sa.ForeignKeyConstraint(["report"], ["report.id"], name="fk_report_tag_report", ondelete="CASCADE"),
    )
    op.create_table(
        "title_term",
        sa.Column("term", Ordered, nullable=False),
        sa.Column("report", Number, nullable=False),
        sa.PrimaryKeyConstraint("term", "report", name="pk_title_term"),
        sa.ForeignKeyConstraint(["report"], ["report.id"], name="fk_title_term_report", ondelete="CASCADE"),
    )
    op.create_index("ix_report_tag_tag", "report_tag", ["tag"])
    op.create_index("ix_title_term_report", "title_term", ["report"])
    op.create_table(
        "term",
        sa.Column("term", Ordered, nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("term", name="pk_term"),
    )
    for table in ("report_text", "own_text"):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5 (terms, tokenize = \"unicode61 categories 'L* N* M* Co'\")"
            )
        else:
            op.execute(
                f"CREATE TABLE {table} "
                "(report bigint PRIMARY KEY REFERENCES report (id) ON DELETE CASCADE, terms tsvector NOT NULL)"
            )
            op.execute(f"CREATE INDEX ix_{table}_terms ON {table} USING gin (terms)")
