"""Texts in several messages: clients split a text that is too long for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Telegram's clients split a text of more than 4096 characters after a word, and send the parts at once.
_LEAST_SPLIT, _SPLIT_WITHIN = 3_800, timedelta(seconds=10)
#: People split a text by hand where a message may not be so long. The first part then ends inside a sentence.
_LEAST_CUT, _CUT_WITHIN, _LEAST_REST = 1_000, timedelta(minutes=1), 300
#: A text that is longer does not go on, so that nobody makes the bot read an ever longer one again and again.
_LONGEST_JOINED = 100_000


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last message of a user or a channel.

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


def last_message(message: str, text: str, sent: datetime, before: Earlier | None) -> Earlier:
    """Returns a message that the next one may continue.

    Args:
        message: The platform's id of it.
        before: The text that it continues, if it does.
    """
    is_command, rest = text.lstrip().startswith("/"), text.strip()
    whole = before.joined(rest) if before else rest
    may_grow = not is_command and len(whole) < _LONGEST_JOINED
    may_go_on = may_grow and len(text) >= _LEAST_SPLIT
    is_cut = may_grow and len(rest) >= _LEAST_CUT and not _is_whole(rest)
    return Earlier(before.message if before else message, whole, sent, may_go_on, is_cut)
