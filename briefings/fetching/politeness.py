"""Makes one request at a time to each host, with a pause between two, and none while the host asks to wait."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from briefings.errors import ServerBusy

_MOST_HOSTS = 10_000


@dataclass(slots=True)
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    pause: float = 0.0
    free_at: float = 0.0
    busy_until: float = 0.0


class Politeness:
    """Schedules the requests to each host.

    Args:
        pause: Seconds between the end of a request and the next to the same host.
        monotonic: A clock in seconds.
    """

    def __init__(self, pause: float, monotonic: Callable[[], float]) -> None:
        self._pause = pause
        self._monotonic = monotonic
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @asynccontextmanager
    async def turn(self, host: str, url: str) -> AsyncIterator[None]:
        """Waits for a turn at ``host``.

        Raises:
            ServerBusy: The host asked to wait, and the time is not over.
        """
        found = self._host(host)
        found.waiting += 1
        try:
            async with found.turn:
                self._refuse_if_busy(found, url)
                if (wait := found.free_at - self._monotonic()) > 0:
                    await asyncio.sleep(wait)
                try:
                    yield
                finally:
                    found.free_at = self._monotonic() + max(self._pause, found.pause)
        finally:
            found.waiting -= 1

    def wait(self, host: str, seconds: float) -> None:
        """Records that the host asks to wait for so many seconds."""
        self._host(host).busy_until = self._monotonic() + seconds

    def slow_down(self, host: str, pause: float) -> None:
        """Records that the host asks for a longer pause between two requests."""
        self._host(host).pause = pause

    def _refuse_if_busy(self, host: _Host, url: str) -> None:
        if (left := host.busy_until - self._monotonic()) > 0:
            raise ServerBusy(url, left)

    def _host(self, name: str) -> _Host:
        found = self._hosts.setdefault(name, _Host())
        self._hosts.move_to_end(name)
        if len(self._hosts) > _MOST_HOSTS:
            self._drop_one()
        return found

    def _drop_one(self) -> None:
        """Forgets the host that was requested longest ago and that no request waits for."""
        now = self._monotonic()
        idle = (name for name, host in self._hosts.items() if not host.waiting and host.busy_until <= now)
        if (oldest := next(idle, None)) is not None:
            del self._hosts[oldest]
