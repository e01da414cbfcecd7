"""The parts of a platform's work that only one process at a time may do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine

#: Runs work whenever this process holds a part, which is given by its name. Returns when the work ends by itself.
Hold = Callable[[str, Callable[[], Awaitable[None]]], Coroutine[None, None, None]]


async def hold_alone(_part: str, work: Callable[[], Awaitable[None]]) -> None:
    """A `Hold` for a process that competes with no other."""
    await work()
