"""The command that each user gave when the bot had to ask which story they mean."""

from __future__ import annotations

from collections import OrderedDict

from briefings.caches import register

_MOST_KEPT = 2_000


class PendingCommands:
    """Keeps the commands in memory. After a restart a chosen story is shown with its briefing instead."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, tuple[str, ...]]] = OrderedDict()
        register(self)

    def clear(self) -> None:
        """Deletes all commands."""
        self._kept.clear()

    def keep(self, user: str, text: str, versions: tuple[str, ...]) -> None:
        """Stores what a user asked, with the stories among which they can choose."""
        self._kept[user] = text, versions
        self._kept.move_to_end(user)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    def drop(self, user: str) -> None:
        """Forgets what a user asked: they have asked something else since."""
        self._kept.pop(user, None)

    def about(self, user: str, version: str) -> str:
        """Returns what the user asked if they could choose this story, or an empty text."""
        text, versions = self._kept.get(user, ("", ()))
        return text if version in versions else ""
