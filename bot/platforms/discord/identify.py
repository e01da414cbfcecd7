"""Limits how often the bot starts a session at Discord's gateway.

Discord resets the token of a bot that starts more sessions than its daily limit
(https://docs.discord.com/developers/events/gateway#session-start-limit-object). A bot that restarts again and again
would reach it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class SessionStarts:
    """The remaining session starts.

    Attributes:
        shards: Session starts that each start of the bot uses.
        resets_after: The time until all session starts are available again.
    """

    shards: int
    total: int
    remaining: int
    resets_after: timedelta

    @classmethod
    def read(cls, answer: dict[str, Any]) -> SessionStarts:
        """Parses Discord's description of its gateway."""
        limit = answer["session_start_limit"]
        after = timedelta(milliseconds=int(limit["reset_after"]))
        return cls(int(answer["shards"]), int(limit["total"]), int(limit["remaining"]), after)

    @property
    def wait(self) -> timedelta:
        """The time to wait before the next start.

        Zero while half of the starts are left. After that, the remaining starts are spread over the time until the
        reset.
        """
        starts = self.remaining // max(self.shards, 1)
        if starts < 1:
            return self.resets_after
        return self.resets_after / starts if self.remaining < self.total / 2 else timedelta(0)
