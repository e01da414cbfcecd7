"""Removes a hidden story from published posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.delivery.model import Delivery
from bot.delivery.occasions import OccasionStore
from bot.posting.rebuilding import Rebuilder, deletion_of, edit_of
from bot.storage.database.errors import StorageError
from briefings.story_store import Report

_log = structlog.stdlib.get_logger("nutgraf.posting")


class Withdrawals:
    """Finds the posts that contain a story, and edits or deletes them."""

    def __init__(self, store: OccasionStore, rebuilder: Rebuilder) -> None:
        self._store = store
        self._rebuilder = rebuilder

    async def posts(self, report: Report) -> list[Delivery]:
        """The posts in chats that show any version of a story."""
        found = await self._store.tellings(report.id, report.version.number + 1)
        return [post for post in found if post.remote_id is not None]

    async def withdraw(self, posts: Sequence[Delivery], now: datetime, deletes: bool) -> list[Delivery]:
        """Queues edits that remove hidden stories from these posts.

        Args:
            deletes: Whether posts without any remaining story are deleted. Otherwise they are replaced by a note.

        Returns:
            The edits and deletions.
        """
        found = [edit for post in posts if (edit := await self._edit(post, now, deletes))]
        await self._store.handled((), (), found, now)
        return found

    async def _edit(self, post: Delivery, now: datetime, deletes: bool) -> Delivery | None:
        """The edit or deletion of one post. None if its content is unknown."""
        try:
            rebuilt = await self._rebuilder.rebuilt(post)
            withdrawn = self._rebuilder.withdrawn(post)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  # one post must not hold up all others
            _log.warning("correction_failed", delivery=post.id, error=repr(error))
            return None
        if rebuilt is None and deletes and withdrawn is not None:
            return deletion_of(withdrawn, now)
        changed = rebuilt or withdrawn
        return edit_of(changed, f"withdrawn:{now.isoformat()}", now) if changed else None
