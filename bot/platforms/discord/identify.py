"""How often the bot may introduce itself to Discord's gateway, and the patience that keeps it from being shut out.

Discord resets the token of a bot that identifies more than its daily number of times
(https://docs.discord.com/developers/events/gateway#session-start-limit-object); a bot that is restarted over and over
would use them up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class SessionStarts:
    """How many sessions may still be started.

    Attributes:
        shards: How many each start of the bot takes.
        resets_after: When there are all of them again.
    """

    shards: int
    total: int
    remaining: int
    resets_after: timedelta

    @classmethod
    def read(cls, answer: dict[str, Any]) -> SessionStarts:
        """What Discord says of its gateway."""
        limit = answer["session_start_limit"]
        after = timedelta(milliseconds=int(limit["reset_after"]))
        return cls(int(answer["shards"]), int(limit["total"]), int(limit["remaining"]), after)

    @property
    def wait(self) -> timedelta:
        """How long to wait before the next start.

        Nothing while half of them are left; then so long that what is left lasts until there are all of them again.
        """
        starts = self.remaining // max(self.shards, 1)
        if starts < 1:
            return self.resets_after
        return self.resets_after / starts if self.remaining < self.total / 2 else timedelta(0)
