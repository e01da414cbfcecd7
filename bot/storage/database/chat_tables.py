"""The tables of chats: their settings, and what the bot remembers of its answers. `tables` has the others."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

from bot.storage.database.columns import Moment, Number

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

conversation = Table(
    "conversation",
    metadata,
    Column("destination", Text, primary_key=True),
    Column("told", Text, nullable=False),
    Column("story", String(12)),
    Column("seen", Moment, nullable=False, index=True),
)

#: The versions that a message of the bot shows.
posted = Table(
    "posted",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("message", Text, primary_key=True),
    Column("versions", Text, nullable=False),
    Column("seen", Moment, nullable=False, index=True),
)

#: The bot's messages that answer a user's message. If the user edits it, they are replaced.
answered = Table(
    "answered",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("request", Text, primary_key=True),
    Column("messages", Text, nullable=False),
    # A digest of the user's text, so that only a changed text is answered again.
    Column("asked", Text, nullable=False),
    Column("seen", Moment, nullable=False, index=True),
)

chat = Table(
    "chat",
    metadata,
    Column("destination", Text, primary_key=True),
    Column("language", Text),
    Column("zone", Text),
    Column("title", Text),
)

#: The stories that chats follow.
followed = Table(
    "followed",
    metadata,
    Column("destination", Text, primary_key=True),
    Column("story", Number, ForeignKey("story.id", ondelete="CASCADE"), primary_key=True),
    Column("since", Moment, nullable=False),
    Index(None, "story"),
)

#: The scores of tags, outlets and words of titles, from a chat's reactions to stories.
taste = Table(
    "taste",
    metadata,
    Column("destination", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("score", Integer, nullable=False),
    Column("changed", Moment, nullable=False),
)

#: One-time links and sessions of the dashboard, by the SHA-256 of their secret.
sign_in = Table(
    "sign_in",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("expires", Moment, nullable=False),
)
