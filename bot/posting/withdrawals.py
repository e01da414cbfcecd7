"""Hides and removes stories, also from posts that show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.delivery.model import Delivery, Op
from bot.delivery.occasions import OccasionStore
from bot.posting.rebuilding import Rebuilder, deletion_of, edit_of
from bot.storage.database.errors import StorageError
from briefings.story_store import Report, StoryStore

_log = structlog.stdlib.get_logger("nutgraf.posting")


class Withdrawals:
    """Hides and removes stories, and edits or deletes the posts that show them."""

    def __init__(self, stories: StoryStore, store: OccasionStore, rebuilder: Rebuilder) -> None:
        self._stories = stories
        self._store = store
        self._rebuilder = rebuilder

    async def hide(self, report: Report, op: Op | None, now: datetime) -> list[Delivery]:
        """Hides a story.

        Args:
            op: What to do with the posts that show it: edit or delete them, or None to leave them.

        Returns:
            The edits and deletions, which wait to be sent.
        """
        await self._stories.hide(report.id, hidden=True)
        return await self.withdraw(await self.posts(report), op, now)

    async def remove(self, report: Report, op: Op | None, now: datetime) -> list[Delivery]:
        """Deletes a story with all its versions. It is hidden first: otherwise its posts would be rebuilt with it."""
        changes = await self.hide(report, op, now)
        await self._stories.remove(report.id)
        return changes

    async def posts(self, report: Report) -> list[Delivery]:
        """The posts in chats that show any version of a story."""
        found = await self._store.tellings(report.id, report.version.number + 1)
        return [post for post in found if post.remote_id is not None]

    async def withdraw(self, posts: Sequence[Delivery], op: Op | None, now: datetime) -> list[Delivery]:
        """Queues edits that remove hidden stories or lines from these posts.

        Args:
            op: With DELETE, posts without any remaining story are deleted. With EDIT, a note replaces them. With None,
                nothing is done.

        Returns:
            The edits and deletions.
        """
        if op is None:
            return []
        found = [edit for post in posts if (edit := await self._edit(post, now, deletes=op is Op.DELETE))]
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
