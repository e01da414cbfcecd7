"""The findings of `nutgraf check`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import Message


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        is_wrong: Whether the operator must do something.
    """

    said: Message
    is_wrong: bool = False
