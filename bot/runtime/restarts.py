"""The waiting time before a service is restarted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

_FIRST, _LONGEST = 5.0, 300.0
#: Seconds: a service that has worked so long is healthy.
_HEALTHY = 600.0


class RestartPatience:
    """Waits twice as long after each failure, until a service has worked for a while."""

    def __init__(
        self,
        stopping: asyncio.Event,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        first: float = _FIRST,
        longest: float = _LONGEST,
        healthy: float = _HEALTHY,
    ) -> None:
        """Prepares to wait.

        Args:
            first: Seconds after the first failure.
            longest: The most seconds.
            healthy: After so many seconds of work, the next failure is a first one again.
        """
        self.seconds = self._first = first
        self._longest = longest
        self._healthy = healthy
        self._stopping = stopping
        self._monotonic = monotonic
        self._began = monotonic()

    def begins(self) -> None:
        """The service is started."""
        self._began = self._monotonic()

    async def wait(self) -> None:
        """Waits after a failure, unless it is told to stop."""
        if self._monotonic() - self._began > self._healthy:
            self.seconds = self._first
        try:
            await asyncio.wait_for(self._stopping.wait(), self.seconds)
        except TimeoutError:
            self.seconds = min(2 * self.seconds, self._longest)
