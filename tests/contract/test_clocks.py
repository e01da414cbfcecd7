"""After the clock was put back, nothing is repeated: the age of an attempt is unknown then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery.model import State
from bot.storage.database.engine import Database
from tests.newsroom import BRIDGE, Newsroom

#: For so long the platform of these tests knows a message again.
KNOWN = timedelta(minutes=2)
BACK = timedelta(hours=6)


@pytest.fixture(name="newsroom")
def _newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


async def begun(newsroom: Newsroom) -> int:
    """A post that was being sent when the process was killed; returns the courier's epoch."""
    await newsroom.subscribe()
    await newsroom.add(BRIDGE)
    await newsroom.at(8)
    ledger, now = newsroom.bot.ledger, newsroom.clock()
    epoch = await ledger.recover("test", now, KNOWN)
    assert len(await ledger.begin(await ledger.due("test", now, 9, frozenset()), now, epoch, KNOWN)) == 1
    return epoch


@pytest.mark.parametrize(
    ("moved", "state"),
    [(timedelta(seconds=30), State.PENDING), (timedelta(minutes=3), State.UNCERTAIN), (-BACK, State.UNCERTAIN)],
    ids=["soon", "late", "put back"],
)
async def test_after_a_restart_a_post_is_sent_again_only_while_it_is_surely_known(
    newsroom: Newsroom, moved: timedelta, state: State
) -> None:
    await begun(newsroom)
    newsroom.clock.now += moved
    await newsroom.bot.ledger.recover("test", newsroom.clock(), KNOWN)
    assert await newsroom.states() == [state]


async def test_what_waits_to_be_sent_again_is_held_when_the_clock_was_put_back_meanwhile(newsroom: Newsroom) -> None:
    await begun(newsroom)
    ledger = newsroom.bot.ledger
    epoch = await ledger.recover("test", newsroom.clock(), KNOWN)
    waiting = await ledger.due("test", newsroom.clock(), 9, frozenset())
    assert len(waiting) == 1
    newsroom.clock.now -= BACK
    assert await ledger.begin(waiting, newsroom.clock(), epoch, KNOWN) == []
    assert await newsroom.states() == [State.UNCERTAIN]


async def test_what_waits_for_a_moment_waits_no_longer_after_the_clock_was_put_back(newsroom: Newsroom) -> None:
    await newsroom.subscribe()
    await newsroom.add(BRIDGE)
    [post] = await newsroom.at(8)
    ledger = newsroom.bot.ledger
    newsroom.clock.now -= BACK
    assert await ledger.due("test", newsroom.clock(), 9, frozenset()) == []
    await ledger.put_back("test", newsroom.clock(), BACK)
    assert [one.id for one in await ledger.due("test", newsroom.clock(), 9, frozenset())] == [post.id]
