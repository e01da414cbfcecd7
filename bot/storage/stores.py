"""All stores of one database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.storage.chats import Chats
from bot.storage.database.engine import Database
from bot.storage.feeds import Feeds
from bot.storage.following import Following
from bot.storage.inbox import Updates
from bot.storage.occasions import Occasions
from bot.storage.privacy import Privacy
from bot.storage.sign_ins import SignIns
from bot.storage.source_chats import SourceChats
from bot.storage.stories import Stories
from bot.storage.subscriptions import Subscriptions
from bot.storage.tags import Tags
from bot.storage.tastes import TasteScores
from bot.storage.write_behind import WriteBehindChats


@dataclass(frozen=True)
class Stores:
    """The stores that need nothing but the database.

    Attributes:
        chats: What chats were told, as it stands in the database.
        memory: The same with the writes of the last milliseconds. Commands use it.
    """

    stories: Stories
    feeds: Feeds
    chats: Chats
    memory: WriteBehindChats
    subscriptions: Subscriptions
    occasions: Occasions
    inbox: Updates
    following: Following
    tastes: TasteScores
    tags: Tags
    sources: SourceChats
    sign_ins: SignIns
    privacy: Privacy

    @classmethod
    def of(cls, database: Database, now: Callable[[], datetime], memory: timedelta) -> Stores:
        """Creates the stores.

        Args:
            memory: How long the bot remembers which stories an answer was about.
        """
        chats = Chats(database, now, memory)
        written_behind = WriteBehindChats(database, chats)
        return cls(
            stories=Stories(database),
            feeds=Feeds(database),
            chats=chats,
            memory=written_behind,
            subscriptions=Subscriptions(database),
            occasions=Occasions(database),
            inbox=Updates(database),
            following=Following(database),
            tastes=TasteScores(database),
            tags=Tags(database),
            sources=SourceChats(database),
            sign_ins=SignIns(database, now),
            privacy=Privacy(database, written_behind),
        )
