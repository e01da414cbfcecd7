"""A user's last message, if the next one continues it: a text that was split, or a comment before a forwarded post."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from bot.commands.context import Request
from bot.split_texts import Earlier, last_message
from briefings.caches import register

#: Telegram's clients send the comment on a forwarded post as a message of its own, right before the post.
_COMMENT_WITHIN = timedelta(seconds=1)
_LONGEST_COMMENT = 500
_MOST_KEPT = 200


class LastMessages:
    """Keeps the last message of each user in memory. After a restart, a text that was split is two texts."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Earlier] = OrderedDict()
        register(self)

    def clear(self) -> None:
        """Deletes all messages."""
        self._kept.clear()

    def before(self, request: Request, now: datetime) -> Earlier | None:
        """Returns the user's last message in a private chat, if the request continues it."""
        last = self._kept.get(request.user)
        if last is None or not request.is_private or request.is_edit:
            return None
        gap = (request.sent or now) - last.ended
        if request.forwarded:
            is_comment = not last.is_text and timedelta() <= gap <= _COMMENT_WITHIN
            return last if is_comment else None
        return last if last.goes_on_with(request.text, gap) else None

    def keep(self, request: Request, now: datetime, before: Earlier | None) -> None:
        """Keeps a message that the next one may continue."""
        self._kept.pop(request.user, None)
        if not request.is_private or request.is_edit:
            return
        first = before if before is not None and before.is_text else None
        last = last_message(request.message, request.text, request.sent or now, first)
        if last.is_text or len(last.text) <= _LONGEST_COMMENT:
            self._kept[request.user] = last
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
