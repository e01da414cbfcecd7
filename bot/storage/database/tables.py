"""The tables, the same on SQLite and PostgreSQL; `fulltext` has what differs."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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
    false,
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
    Column("merged_into", Number, ForeignKey("story.id"), index=True),
    # Whether a person joined or split it. Then it is not merged with others.
    Column("fixed", Boolean, nullable=False, server_default=false()),
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
    # The day that the article itself names.
    Column("published", Date),
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
    # The spans that an operator has hidden, as JSON; NULL: none.
    Column("hidden_lines", Text),
    UniqueConstraint("report", "number"),
)

#: Claims and entities of versions, and the model and rules that found them.
attribution = Table(
    "attribution",
    metadata,
    Column("version", String(12), ForeignKey("version.id", ondelete="CASCADE"), primary_key=True),
    Column("analyser", Text, nullable=False),
    Column("found", Text, nullable=False),
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
    Column("term", Ordered, primary_key=True),
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
    Column("cursor", Text),
    Column("next_due", Moment, index=True),
    # Slots before this are none of its.
    Column("starts", Moment, nullable=False),
    # Up to when stories were looked at for it; the next digest begins there.
    Column("since", Moment),
    # A number is never given twice: a button of one that is gone must not mean another chat's.
    sqlite_autoincrement=True,
)

#: What is to be composed: a slot of a schedule, a story that arrived, or the end of quiet hours.
occasion = Table(
    "occasion",
    metadata,
    Column("id", Number, primary_key=True),
    Column("subscription", Number, nullable=False),
    Column("key", Text, nullable=False),
    Column("due", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Column("version", String(12)),
    Column("state", Text, nullable=False),
    UniqueConstraint("subscription", "key"),
    Index(None, "state", "due"),
)

#: New versions that the tick has not looked at yet.
arrival = Table(
    "arrival",
    metadata,
    Column("id", Number, primary_key=True),
    Column("version", String(12), nullable=False),
)

#: Which versions of a report a destination was told, and by which occasion's post.
told = Table(
    "told",
    metadata,
    Column("destination", Text, primary_key=True),
    Column("report", Number, ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("occasion", Number, nullable=False, index=True),
    Column("part", Integer, nullable=False),
    Index(None, "report"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Number, primary_key=True),
    Column("dedup", Text, nullable=False, unique=True),
    Column("platform", Text, nullable=False),
    Column("subscription", Number, nullable=False),
    Column("occasion", Number, nullable=False, index=True),
    Column("destination", Text, nullable=False),
    Column("op", Text, nullable=False),
    Column("target", Text),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("composition", Text),
    Column("payload", Text),
    Column("remote_id", Text),
    Column("sending_at", Moment),
    Column("error", Text),
    Column("created", Moment, nullable=False),
    Column("resends", Boolean, nullable=False),
    Index(None, "platform", "state", "not_before"),
    Index(None, "platform", "state", "sending_at"),
    Index(None, "destination", "state"),
    Index(None, "subscription", "created"),
    Index(None, "state", "expires_at"),
    Index(None, "state", "created"),
    sqlite_autoincrement=True,
)

#: What platforms told us, from its arrival until it is answered.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Number, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("received", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("reply", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reason", Text),
    UniqueConstraint("platform", "number"),
    Index(None, "state", "received"),
)

#: The epoch of each platform's courier: one that lost its place cannot write any more.
epoch = Table(
    "epoch",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)

#: Feeds that are read regularly. Durations are in seconds.
feed = Table(
    "feed",
    metadata,
    Column("id", Number, primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("shown", Integer),
    Column("least", Integer, nullable=False),
    Column("most", Integer, nullable=False),
    Column("origin", Text, nullable=False),
    # The address in the configuration, which stays although the feed has moved.
    Column("declared", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("interval", Integer, nullable=False),
    Column("next_poll", Moment, nullable=False, index=True),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
    Column("last_read", Moment),
    Column("newest", Moment),
    Column("usual_gap", Integer),
    Column("ended", Boolean, nullable=False),
    sqlite_autoincrement=True,
)

#: The items of feeds. An item is stored before its page is read, so that none is lost.
feed_item = Table(
    "feed_item",
    metadata,
    Column("id", Number, primary_key=True),
    Column("feed", Number, ForeignKey("feed.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("state", Text, nullable=False),
    # The item itself, as JSON, while it is pending.
    Column("body", Text),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("found", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("version", String(12)),
    UniqueConstraint("feed", "key"),
    Index(None, "state", "not_before"),
    Index(None, "key"),
    Index(None, "seen"),
)
