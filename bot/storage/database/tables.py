"""The tables, the same in SQLite and PostgreSQL. `chat_tables` has those of chats, `fulltext` the differences."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.storage.database import chat_tables, statements
from bot.storage.database.columns import Moment, Number, Ordered

#: It has all tables.
metadata = chat_tables.metadata

story = Table(
    "story",
    metadata,
    Column("id", Number, primary_key=True),
    # If several stories are found to be one, the others forward to it.
    Column("merged_into", Number, ForeignKey("story.id"), index=True),
    # Whether a person joined or split it. Then it is not merged with others.
    Column("fixed", Boolean, nullable=False, server_default=false()),
)

report = Table(
    "report",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", Ordered, nullable=False, unique=True),
    Column("story", Number, ForeignKey("story.id"), nullable=False, index=True),
    Column("owner", Text, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("site", Text),
    Column("current", String(12), nullable=False),
    Column("updated", Moment, nullable=False),
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

#: The number of public reports with each term. The empty term counts all reports.
term = Table(
    "term",
    metadata,
    Column("term", Ordered, primary_key=True),
    Column("reports", Integer, nullable=False),
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
    Column("starts", Moment, nullable=False),
    # Stories up to this time have been considered. The next digest begins here.
    Column("since", Moment),
    Column("is_channel", Boolean, nullable=False, server_default=false()),
    Column("paused_until", Moment, index=True),
    Index("ix_subscription_halted", "id", sqlite_where=statements.IS_HALTED, postgresql_where=statements.IS_HALTED),
    # Numbers are never reused, so that an old button cannot reach another chat's subscription.
    sqlite_autoincrement=True,
)

#: Reasons to post: a slot, a new story, or the end of quiet hours.
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

#: New versions that the tick has not handled yet.
arrival = Table(
    "arrival",
    metadata,
    Column("id", Number, primary_key=True),
    Column("version", String(12), nullable=False),
)

#: The versions of a report that a destination was shown, and the occasion of the post.
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
    Index(None, "destination", "created"),
    Index(None, "created"),
    Index(None, "subscription", "created"),
    Index(None, "state", "expires_at"),
    Index(None, "state", "created"),
    sqlite_autoincrement=True,
)

#: Updates from platforms, from their arrival until they are answered.
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
    # The process that answers it (`bot.storage.database.presence`), or None: any process may take it.
    Column("process", Integer),
    UniqueConstraint("platform", "number"),
    Index(None, "state", "received"),
)

#: The epoch of each platform's courier. A courier with an old epoch cannot write.
epoch = Table(
    "epoch",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)

#: The parts of the work that only one process at a time may do, and who does them (`bot.storage.database.elections`).
part = Table(
    "part",
    metadata,
    Column("name", Text, primary_key=True),
    # The number of tenures so far. A process with an older number cannot write.
    Column("epoch", Integer, nullable=False),
    Column("holder", Text, nullable=False),
    Column("since", Moment, nullable=False),
)

#: Jobs that run now, and jobs in which processes died (`bot.queues.guard`).
job_run = Table(
    "job_run",
    metadata,
    Column("task", Text, primary_key=True),
    Column("number", Number, primary_key=True, autoincrement=False),
    # While a process runs it.
    Column("started", Moment),
    Column("deaths", Integer, nullable=False),
    # When it is run again, if it is set aside.
    Column("aside_until", Moment),
)

#: Chats whose posts become stories.
source_chat = Table(
    "source_chat",
    metadata,
    Column("destination", Text, primary_key=True),
    Column("tags", Text, nullable=False),
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
    # The feed at the address to which this one has moved. It is read in its place.
    Column("merged_into", Number, index=True),
    Index("ix_feed_failing", "address", sqlite_where=statements.IS_FAILING, postgresql_where=statements.IS_FAILING),
    sqlite_autoincrement=True,
)

#: The items of feeds. While one is pending, ``body`` has the item and ``article`` what was read of its page, as JSON.
feed_item = Table(
    "feed_item",
    metadata,
    Column("id", Number, primary_key=True),
    Column("feed", Number, ForeignKey("feed.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", Text),
    Column("article", Text),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("found", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("version", String(12)),
    UniqueConstraint("feed", "key"),
    Index(None, "state", "not_before"),
    Index(None, "feed", "found", "state"),
    Index(None, "key"),
    Index(None, "seen"),
)
