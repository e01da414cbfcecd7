"""Signals: they stop the process, or have it read its settings again."""

from __future__ import annotations

import asyncio
import faulthandler
import signal
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

#: Seconds after which the process ends even if its event loop hangs; service managers kill after ten or more.
PATIENCE = 9.0

Result = TypeVar("Result")


def set_when_told_to_stop(stopped: asyncio.Event) -> None:
    """Sets ``stopped`` on SIGTERM and SIGINT, and ends the process by force if it is still there 9 seconds later.

    What was not written by then is found in the ledger and the inbox at the next start.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
        # asyncio hears of a signal by its file descriptor, and needs no more of this handler than that there is one. A
        # loop that hangs does not come to hear of it; this handler runs all the same, and the timer needs no loop.
        signal.signal(number, _end_soon)


def set_on_hangup(told: asyncio.Event) -> None:
    """Sets ``told`` on SIGHUP, which would otherwise end the process."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, told.set)


def _end_soon(_number: int, _frame: FrameType | None) -> None:
    faulthandler.dump_traceback_later(PATIENCE, exit=True)


async def run_until(stopping: asyncio.Event, work: Coroutine[Any, Any, Result]) -> Result | None:
    """Runs ``work`` to its end, or cancels it when ``stopping`` is set.

    Returns:
        The result of ``work``, or None if it was cancelled.

    Raises:
        Exception: Whatever ``work`` raises.
    """
    working = asyncio.create_task(work)
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        working.cancel()
        await asyncio.wait({working})
    return None if working.cancelled() else working.result()
