"""Texts in several messages: long ones that were split, and a comment before a forwarded post."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands.context import Request
from briefings.caches import register

#: Telegram's clients split a text of more than 4096 characters after a word, and send the parts at once.
_LEAST_SPLIT, _SPLIT_WITHIN = 3_800, timedelta(seconds=10)
#: People split a text by hand where a message may not be so long. The first part then ends inside a sentence.
_LEAST_CUT, _CUT_WITHIN, _LEAST_REST = 1_000, timedelta(minutes=1), 300
#: Telegram's clients send the comment on a forwarded post as a message of its own, right before the post.
_COMMENT_WITHIN = timedelta(seconds=1)
_LONGEST_COMMENT = 500
#: A text that is longer does not go on, so that nobody makes the bot read an ever longer one again and again.
_LONGEST_JOINED = 100_000
_MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class Earlier:
    """A user's last message.

    Attributes:
        message: The platform's id of it. Of a split text, that of its first part.
        text: Its text. Of a split text, all parts so far.
        ended: When it was sent. Of a split text, when its last part was sent.
        may_go_on: Whether it is so long that a client may have split it.
        is_cut: Whether it is long and ends inside a sentence.
    """

    message: str
    text: str
    ended: datetime
    may_go_on: bool
    is_cut: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it is the beginning of a text, and no comment."""
        return self.may_go_on or self.is_cut

    def goes_on_with(self, text: str, gap: timedelta) -> bool:
        """Returns whether a text that came so much later is the next part."""
        if text.startswith("/") or gap < timedelta():
            return False
        is_rest = self.is_cut and text[:1].islower() and len(text) >= _LEAST_REST
        return (self.may_go_on and gap <= _SPLIT_WITHIN) or (is_rest and gap <= _CUT_WITHIN)

    def joined(self, text: str) -> str:
        """Returns the text with its continuation. A client may have split it inside a sentence."""
        return f"{self.text}\n\n{text}" if _is_whole(self.text) else f"{self.text} {text}"


def _is_whole(text: str) -> bool:
    """Whether a text ends with a sentence."""
    return text.endswith((".", "!", "?", "”", "»", '"', ":"))


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
        text = request.text.strip()
        is_typed = text.startswith("/")
        is_long = len(request.text) >= _LEAST_SPLIT and not is_typed
        is_cut = len(text) >= _LEAST_CUT and not is_typed and not _is_whole(text)
        if not request.is_private or request.is_edit or not (is_long or is_cut or len(text) <= _LONGEST_COMMENT):
            return
        is_part = before is not None and before.is_text
        whole = before.joined(text) if before and is_part else text
        message, may_grow = before.message if before and is_part else request.message, len(whole) < _LONGEST_JOINED
        self._kept[request.user] = Earlier(
            message, whole, request.sent or now, is_long and may_grow, is_cut and may_grow
        )
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
