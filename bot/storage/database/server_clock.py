"""Takes the time from the PostgreSQL server, so that all processes agree on what is due."""

from __future__ import annotations

import time
from datetime import timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.runtime.clock import clock

_log = structlog.stdlib.get_logger("nutgraf.storage")

_TIME = text("SELECT clock_timestamp()")
#: A smaller difference between the clocks of this machine and of the server does no harm.
_MARGIN = timedelta(seconds=1)


async def follow_clock(session: AsyncConnection) -> None:
    """Keeps this program's clock to that of the server."""
    began = time.monotonic()
    told = (await session.execute(_TIME)).scalar_one()
    underway = timedelta(seconds=time.monotonic() - began)
    if changed := clock.follow(told, _MARGIN + underway):
        _log.warning("clock_differs", seconds=round(changed.total_seconds()))
