"""Collects the posts of one run of the composer, so that one transaction stores many of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.chats import Destination
from bot.delivery.occasions import Finished
from bot.storage.database.errors import StorageError


class FinishedStore(Protocol):
    """Stores composed posts."""

    async def finish(self, finished: Sequence[Finished], now: datetime) -> None:
        """Stores the parts of posts with their stories, and the states of the occasions, in one transaction."""


class FinishedPosts:
    """Composed posts that are not stored yet.

    If the database refuses one of them, the others are stored one by one.
    """

    def __init__(
        self, store: FinishedStore, now: datetime, refused: Callable[[Finished, Exception], Awaitable[None]]
    ) -> None:
        """Creates an empty collection.

        Args:
            refused: Is called for a post that cannot be stored.
        """
        self._store = store
        self._now = now
        self._refused = refused
        self._finished: list[Finished] = []
        self._destinations: set[Destination] = set()

    def add(self, *finished: Finished) -> None:
        """Adds occasions that are stored together with the others."""
        self._finished += finished
        self._destinations |= {part.destination for one in finished for part in one.parts}

    def has_post_for(self, where: Destination) -> bool:
        """Whether a post to ``where`` is not stored yet. Its stories are not among those that the chat was told."""
        return where in self._destinations

    async def store(self) -> None:
        """Stores all of them.

        Raises:
            StorageError: The database failed. The occasions stay pending and are composed again.
        """
        finished, self._finished, self._destinations = self._finished, [], set()
        if not finished:
            return
        try:
            await self._store.finish(finished, self._now)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001  # one post must not hold up all others
            for one in finished:
                await self._store_alone(one)

    async def _store_alone(self, one: Finished) -> None:
        try:
            await self._store.finish([one], self._now)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  # the same
            await self._refused(one, error)
