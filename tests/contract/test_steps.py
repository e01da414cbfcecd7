"""Steps after a post, a thread and its publishing, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery.model import Dropped, Op, Retry, State, Uncertain
from bot.storage.database.engine import Database
from tests.newsroom import BRIDGE, CHEESE, HOUR, Newsroom


@pytest.fixture(name="newsroom")
async def _newsroom(database: Database) -> Newsroom:
    newsroom = Newsroom(database)
    await newsroom.subscribe(thread=True, publish=True)
    await newsroom.add(BRIDGE)
    await newsroom.at(8)
    return newsroom


async def test_they_follow_once_and_are_about_the_message(newsroom: Newsroom) -> None:
    [post] = await newsroom.send()
    [thread] = await newsroom.send()
    [published] = await newsroom.send()
    assert [thread.op, published.op] == [Op.THREAD, Op.PUBLISH]
    assert {thread.target, published.target} == {f"m{post.id}"}
    assert thread.payload == post.payload
    assert await newsroom.send() == []
    assert await newsroom.states() == [State.SENT] * 3


async def test_a_post_that_never_arrived_has_none(newsroom: Newsroom) -> None:
    await newsroom.send(Uncertain("who knows"))
    assert await newsroom.send() == []


async def test_the_next_post_does_not_wait_for_one_that_has_to(newsroom: Newsroom) -> None:
    await newsroom.send()
    await newsroom.send(Retry("ten an hour", HOUR, same_kind=True))
    [published] = await newsroom.send(Retry("ten an hour", HOUR, same_kind=True))
    assert published.op is Op.PUBLISH
    await newsroom.add(CHEESE)
    await newsroom.at(8, day=15)
    [post, *_] = [one for one in await newsroom.send() if one.op is Op.POST]
    assert "cheese" in (post.payload or "").lower()


async def test_others_of_the_same_kind_wait_too_and_posts_do_not(newsroom: Newsroom) -> None:
    await newsroom.send()
    [thread] = await newsroom.send(Retry("busy", timedelta(minutes=5), same_kind=True))
    [published] = await newsroom.send()
    assert (thread.op, published.op) == (Op.THREAD, Op.PUBLISH)


async def test_one_that_is_refused_pauses_nothing_and_tells_the_story_still(newsroom: Newsroom) -> None:
    await newsroom.send()
    await newsroom.send(Dropped("create-threads"))
    [kept] = await newsroom.bot.subscriptions.all()
    assert kept.paused is None
    assert await newsroom.states() == [State.SENT, State.CANCELLED, State.PENDING]
    await newsroom.at(8, day=15)
    posts = [one for one in await newsroom.bot.ledger.latest(9) if one.op is Op.POST]
    assert sum("bridge" in (one.payload or "").lower() for one in posts) == 1  # it is not repeated


async def test_one_that_was_being_done_at_a_crash_is_done_again(newsroom: Newsroom) -> None:
    await newsroom.send()
    due = await newsroom.bot.ledger.due("test", newsroom.clock(), 9, frozenset())
    await newsroom.bot.ledger.begin(due, newsroom.clock(), newsroom.epoch, None)
    newsroom.epoch = await newsroom.bot.ledger.recover("test", newsroom.clock(), None)
    [thread] = await newsroom.send()
    assert thread.op is Op.THREAD
