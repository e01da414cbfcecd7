"""What a check-up finds."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import Message


@dataclass(frozen=True, slots=True)
class Finding:
    """What one question came to.

    Attributes:
        is_wrong: Whether somebody has to do something.
    """

    said: Message
    is_wrong: bool = False
