"""After the clock was put back, nothing is repeated: the age of an attempt is unknown then. Servers tell the time."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from bot.delivery.model import State
from bot.jobs import keep_house, post_due
from bot.runtime.clock import Clock as SystemClock
from bot.runtime.clock import clock
from bot.storage.database.elections import open_election
from bot.storage.database.engine import Database
from tests.fakes import article
from tests.newsroom import BRIDGE, CHAT, HOUR, Newsroom
from tests.soak import some

#: For so long the platform of these tests knows a message again.
KNOWN = timedelta(minutes=2)
BACK = timedelta(hours=6)


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


#: Titles and texts that have nothing in common.
_STORIES = {
    "Bridge in Norby collapses": "The bridge fell into the river.",
    "A cheese wins": "A goat cheese won the prize of the dairies.",
    "Teachers strike": "Schools stay shut until Monday.",
    "Comet seen": "Astronomers photographed a comet near Jupiter.",
    "Ferry tickets cost more": "Island residents pay nine euros.",
    "Orchestra plays Brahms": "The concert sold out within hours.",
}


#: When the clock jumps, in minutes of the day, by how much, and for how long.
_JUMPS = list(product(range(7 * 60 + 5, 9 * 60, 30), (HOUR, -HOUR), (timedelta(hours=1), timedelta(days=2))))


@pytest.mark.soak
@pytest.mark.parametrize(("at", "jump", "until"), some(_JUMPS, 15))
async def test_a_jump_by_an_hour_posts_every_story_once(
    newsroom: Newsroom, jump: timedelta, until: timedelta, at: int
) -> None:
    """The true time goes on in steps of ten minutes; the clock of the machine jumps, and jumps back perhaps."""
    await newsroom.subscribe(CHAT, 8, 9, 10)
    midnight, begin = newsroom.clock().replace(hour=0), timedelta(minutes=at)
    stories = iter([article(*one) for one in _STORIES.items()])
    for minutes in range(6 * 60, 36 * 60, 10):
        true = timedelta(minutes=minutes)
        newsroom.clock.now = midnight + true + (jump if begin <= true < begin + until else timedelta())
        if minutes % 30 == 0 and (story := next(stories, None)) is not None:
            await newsroom.add(story)
        if minutes % 60 == 0:
            await keep_house(newsroom.bot)
        await post_due(newsroom.bot)
        await newsroom.send()
    said = "\n".join(one.payload or "" for one in await newsroom.bot.ledger.latest(999) if one.state is State.SENT)
    assert {title: said.count(title) for title in _STORIES} == dict.fromkeys(_STORIES, 1)


@pytest.mark.parametrize(
    "wrong", [timedelta(minutes=10), timedelta(minutes=-10), timedelta(days=1), timedelta(days=-1)]
)
async def test_the_clock_of_the_server_counts_on_all_machines(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, wrong: timedelta
) -> None:
    skewed = SystemClock(lambda: clock() + wrong)
    monkeypatch.setattr("bot.storage.database.server_clock.clock", skewed)
    database = Database(postgres_url)
    async with open_election(database, skewed):
        assert abs(skewed() - clock()) < timedelta(seconds=5)
    await database.close()
