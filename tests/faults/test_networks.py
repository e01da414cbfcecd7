"""A network between a bot and PostgreSQL that fails in silence, in one direction or both."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.faults.proxy import Proxy
from tests.faults.test_holders import PARTS, Fleet, check_parts, check_posts, idle_fleet, is_done, named
from tests.soak import SOAK_ONLY

pytestmark = SOAK_ONLY
fleet = idle_fleet
#: The server frees the parts of a process after four seconds of silence. A second group of shards is taken a second
#: later. The rest is for a loaded machine.
LONGEST_TAKEOVER = 7.0
#: After so many seconds a process has given up all connections that the network has swallowed.
RECOVERED = 60.0


@contextmanager
def proxied(url: str) -> Iterator[tuple[Proxy, str]]:
    """Runs a proxy in a thread. Yields it with the URL of the database behind it."""
    proxy, address = Proxy(url), list[str]()
    is_running, loop = threading.Event(), asyncio.new_event_loop()
    ended = asyncio.Event()

    async def run() -> None:
        async with proxy.running() as behind:
            address.append(behind)
            is_running.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    is_running.wait()
    try:
        yield proxy, address[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("directions", [{"from"}, {"to", "from"}], ids=["one direction", "both"])
def test_a_process_that_is_cut_off_is_replaced_and_comes_back(fleet: Fleet, directions: set[str]) -> None:
    with proxied(fleet.url) as (proxy, behind):
        first = _started(fleet, behind)
        _until(lambda: _held(fleet, first) == len(PARTS))
        second = _started(fleet, fleet.url)
        _until(lambda: fleet.connected() == 2)
        proxy.swallows, began = directions, time.monotonic()
        _until(lambda: _held(fleet, second) == len(PARTS))
        assert time.monotonic() - began < LONGEST_TAKEOVER
        _until(lambda: is_done(fleet))
        proxy.swallows = set()
        fleet.running.remove(second)
        os.kill(second, signal.SIGKILL)
        os.waitpid(second, 0)
        _until(lambda: _held(fleet, first) == len(PARTS), RECOVERED)
        fleet.end()
    check_posts(fleet)
    check_parts(fleet)


def _started(fleet: Fleet, url: str) -> int:
    direct, fleet.url = fleet.url, url
    fleet.start(fleet.running)
    fleet.url = direct
    return fleet.running[-1]


def _held(fleet: Fleet, process: int) -> int:
    return int(fleet.query("SELECT count(*) FROM part WHERE holder = %s", named(process))[0][0])


def _until(is_true: Callable[[], bool], seconds: float = 200.0) -> None:
    ends = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.05)
