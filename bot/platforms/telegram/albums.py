"""Albums: several pictures or files, each of them a message."""

from __future__ import annotations

from bot.platforms.telegram.updates import Typed

_MOST_KEPT = 200


class Albums:
    """Keeps in memory the first messages of the last albums."""

    def __init__(self) -> None:
        self._firsts: dict[str, int] = {}

    def has_answered(self, typed: Typed) -> bool:
        """Whether a message is a further picture of an album. The first part has the caption, and gets the answer."""
        if not typed.album:
            return False
        first = self._firsts.setdefault(typed.album, typed.message)  # which may be handled again after an error
        if len(self._firsts) > _MOST_KEPT:
            del self._firsts[next(iter(self._firsts))]
        return first != typed.message and not typed.text and typed.file is None
