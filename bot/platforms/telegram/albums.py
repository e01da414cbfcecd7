"""Albums: several pictures or files, each of them a message."""

from __future__ import annotations

from collections import deque

from bot.platforms.telegram.updates import Typed

_MOST_KEPT = 200


class Albums:
    """Keeps in memory which albums were answered last."""

    def __init__(self) -> None:
        self._answered: deque[str] = deque(maxlen=_MOST_KEPT)

    def has_answered(self, typed: Typed) -> bool:
        """Whether a message is a further picture of an album. The first part has the caption, and gets the answer."""
        is_known = typed.album in self._answered
        if typed.album and not is_known:
            self._answered.append(typed.album)
        return is_known and not typed.text and typed.file is None
