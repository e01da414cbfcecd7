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
        shards: Session starts that each start of the bot uses: the number of shards.
        resets_after: The time until all session starts are available again.
        at_once: How many shards may start a session at the same time.
        recommended: The number of shards that Discord recommends.
    """

    shards: int
    total: int
    remaining: int
    resets_after: timedelta
    at_once: int = 1
    recommended: int = 1

    @classmethod
    def read(cls, answer: dict[str, Any], shards: int | None = None) -> SessionStarts:
        """Parses Discord's description of its gateway.

        Args:
            shards: The number of shards. None means as many as Discord recommends.
        """
        limit, recommended = answer["session_start_limit"], int(answer["shards"])
        after, at_once = timedelta(milliseconds=int(limit["reset_after"])), int(limit.get("max_concurrency") or 1)
        used = recommended if shards is None else shards
        return cls(used, int(limit["total"]), int(limit["remaining"]), after, at_once, recommended)

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
