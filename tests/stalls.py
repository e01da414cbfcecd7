"""Measures for how long the event loop is held up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

_BEAT = 0.005


@dataclass
class Stall:
    """The longest time in which nobody else had a turn, in seconds of processor time of the loop's thread."""

    longest: float = 0.0


@asynccontextmanager
async def measured_stall() -> AsyncIterator[Stall]:
    """Measures the longest stall in the block.

    It is measured in processor time: other programs on a busy machine make no difference.
    """
    stall = Stall()

    async def beat() -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(_BEAT)
            now = time.thread_time()
            stall.longest = max(stall.longest, now - before)
            before = now

    beating = asyncio.create_task(beat())
    try:
        yield stall
    finally:
        beating.cancel()
