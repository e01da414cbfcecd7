"""The tables, the same on SQLite and PostgreSQL; `fulltext` has what differs."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite numbers rows by itself only where the type is INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zone, and gets it back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Text whose order is that of its code points, so that an index knows what begins with something.
Ordered = Text().with_variant(Text(collation="C"), "postgresql")


story = Table(
    "story",
    metadata,
    Column("id", Number, primary_key=True),
    # Where several stories turned out to be one, the others forward to it.
    Column("merged_into", Number, ForeignKey("story.id")),
)

report = Table(
    "report",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("story", Number, ForeignKey("story.id"), nullable=False, index=True),
    Column("owner", Text, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("site", Text),
    Column("current", String(12), nullable=False),
    Column("updated", Moment, nullable=False),
    Index(None, "updated"),
    Index(None, "owner", "hidden", "updated"),
)

version = Table(
    "version",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("report", Number, ForeignKey("report.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("received", Moment, nullable=False),
    Column("briefing", Text, nullable=False),
    Column("changes", Text),
    UniqueConstraint("report", "number"),
)

report_tag = Table(
    "report_tag",
    metadata,
    Column("report", Number, ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    Column("tag", Text, primary_key=True),
    Index(None, "tag"),
)

title_term = Table(
    "title_term",
    metadata,
    Column("term", Ordered, primary_key=True),
    Column("report", Number, ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "report"),
)

#: In how many of everybody's reports a term occurs; the empty term counts the reports.
term = Table(
    "term",
    metadata,
    Column("term", Text, primary_key=True),
    Column("reports", Integer, nullable=False),
)

conversation = Table(
    "conversation",
    metadata,
    Column("destination", Text, primary_key=True),
    Column("told", Text, nullable=False),
    Column("story", String(12)),
    Column("seen", Moment, nullable=False, index=True),
)

posted = Table(
    "posted",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("message", Text, primary_key=True),
    Column("versions", Text, nullable=False),
    Column("seen", Moment, nullable=False, index=True),
)

chat = Table(
    "chat",
    metadata,
    Column("destination", Text, primary_key=True),
    Column("language", Text, nullable=False),
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", Number, primary_key=True),
    Column("destination", Text, nullable=False, index=True),
    Column("created_by", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("paused", Text),
    Column("cursor", Text, nullable=False),
    Column("next_due", Moment, index=True),
)
