"""Takes a story out of the posts that told it, after an operator has hidden it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.delivery.model import Delivery
from bot.delivery.occasions import OccasionStore
from bot.posting.rebuilding import Rebuilder, edit_of
from briefings.story_store import Report


class Withdrawals:
    """Finds the posts that tell a story, and edits them."""

    def __init__(self, store: OccasionStore, rebuilder: Rebuilder) -> None:
        self._store = store
        self._rebuilder = rebuilder

    async def posts(self, report: Report) -> list[Delivery]:
        """The posts that stand in their chats and tell any version of a story."""
        found = await self._store.tellings(report.id, report.version.number + 1)
        return [post for post in found if post.remote_id is not None]

    async def edit(self, posts: Sequence[Delivery], now: datetime) -> None:
        """Puts edits of these posts into the ledger: without what is hidden now."""
        occasion = f"withdrawn:{now.isoformat()}"
        rebuilt = [await self._rebuilder.rebuilt(post) or self._rebuilder.withdrawn(post) for post in posts]
        edits = [edit_of(post, occasion, now) for post in rebuilt if post is not None]
        await self._store.handled((), (), edits, now)
