"""Notices times in which the whole process did not run: it was stopped, its machine slept, or something blocked it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

_log = structlog.stdlib.get_logger("nutgraf")

_LOOK_SECONDS = 2.0
#: A shorter stall is usual on a busy machine.
_LONG_SECONDS = 10.0
_MOST = 100
#: A clock that also counts while the machine sleeps, where there is one.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _seconds() -> float:
    return time.clock_gettime(_CLOCK)


class Stalls:
    """The last stalls of this process, each with its beginning and its end."""

    def __init__(self) -> None:
        self._known: deque[tuple[datetime, datetime]] = deque(maxlen=_MOST)

    async def watch(self, clock: Callable[[], datetime], seconds: Callable[[], float] = _seconds) -> bool:
        """Notes and logs stalls. Never returns."""
        last = seconds()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            now = seconds()
            if (stalled := now - last - _LOOK_SECONDS) > _LONG_SECONDS:
                self.add(clock(), timedelta(seconds=stalled))
                _log.warning("process_stalled", seconds=round(stalled))
            last = now

    def add(self, ended: datetime, length: timedelta) -> None:
        """Notes a stall."""
        self._known.append((ended - length, ended))

    def between(self, since: datetime, until: datetime) -> timedelta:
        """Returns for how long the process stood still between two moments."""
        parts = (min(until, ended) - max(since, began) for began, ended in self._known)
        return sum((part for part in parts if part > timedelta()), timedelta())
