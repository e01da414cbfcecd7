"""Posts that come late or wait: after an outage, in quiet hours, on days without posts, during a pause."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.commands.context import Request
from bot.delivery.model import Delivery
from bot.jobs import post_due
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Mode, Quiet, Schedule, Subscription
from bot.views.model import Button
from tests.fakes import TRUSTED, article
from tests.newsroom import BRIDGE, CHAT, CHEESE, Newsroom
from tests.shown import said

WORDS = ("apple", "banana", "cherry", "damson", "elder", "figs")
MANY = [article(f"The {word}", f"{word} {word}s are {word}ed.", url=f"https://a.example/{word}") for word in WORDS]
WORKDAYS = frozenset(range(5))


async def _on_workdays(newsroom: Newsroom) -> Subscription:
    one = await newsroom.subscribe(mode=Mode.ARRIVAL)
    schedule = Schedule((time(8),), WORKDAYS)

    def edit(found: Subscription) -> Subscription:
        return scheduled(replace(found, settings=replace(found.settings, schedule=schedule)))

    kept = await newsroom.bot.subscriptions.change(CHAT, one.id, edit)
    assert kept is not None
    return kept


def _payloads(posts: list[Delivery]) -> str:
    return "\n".join(post.payload or "" for post in posts)


class TestAfterAnOutage:
    async def test_late_digests_of_one_chat_are_one_post(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, 8, include=("bridge",))
        await newsroom.subscribe(CHAT, 9, include=("cheese",))
        await newsroom.add(BRIDGE)
        await newsroom.add(CHEESE)
        [post] = await newsroom.at(15)
        assert "Digest: 2 stories" in (post.payload or "")
        assert "This post is late." in (post.payload or "")
        assert await newsroom.at(16) == [post]

    async def test_digests_that_are_on_time_are_a_post_each(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, 8, include=("bridge",))
        await newsroom.subscribe(CHAT, 8, include=("cheese",))
        await newsroom.add(BRIDGE)
        await newsroom.add(CHEESE)
        assert len(await newsroom.at(8)) == 2

    async def test_a_few_stories_that_arrive_are_a_post_each(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(mode=Mode.ARRIVAL)
        for one in MANY[:3]:
            await newsroom.add(one)
        assert len(await newsroom.at(9)) == 3

    async def test_many_that_arrive_at_once_are_one_post_that_says_it_is_late(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(mode=Mode.ARRIVAL)
        for one in MANY:
            await newsroom.add(one)
        posts = await newsroom.at(9)
        text = _payloads(posts)
        assert "News: 5 stories" in text
        assert "This post is late. The first story arrived today at 06:00." in text
        assert "And 1 more story" in text
        await newsroom.send()
        assert [post for post in await newsroom.at(10) if post not in posts] == []


class TestWaiting:
    async def test_stories_wait_for_a_chosen_day(self, newsroom: Newsroom) -> None:
        await _on_workdays(newsroom)
        newsroom.clock.now += timedelta(days=1)  # a Saturday
        await newsroom.add(BRIDGE)
        await post_due(newsroom.bot)
        assert await newsroom.at(20, day=16) == []
        assert "1 story waits: tomorrow at 08:00" in await newsroom.ask("/status")
        [post] = await newsroom.at(8, day=17)
        assert "News: 1 story" in (post.payload or "")

    async def test_stories_that_wait_stand_in_the_status_and_come_when_quiet_hours_end_for_good(
        self, newsroom: Newsroom
    ) -> None:
        await newsroom.subscribe(mode=Mode.ARRIVAL, quiet=Quiet(time(5), time(7)))
        await newsroom.add(BRIDGE)
        assert await newsroom.at(6, minute=30) == []
        assert "1 story waits: today at 07:00" in await newsroom.ask("/status")
        await newsroom.ask("/settings quiet none")
        [post] = await newsroom.at(6, minute=31)
        assert "Bridge in Norby" in (post.payload or "")
        assert "waits" not in await newsroom.ask("/status")


class TestPauses:
    async def test_what_came_meanwhile_is_offered(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe()
        await newsroom.ask("/pause")
        await newsroom.add(BRIDGE)
        assert await newsroom.at(12) == []
        view = await newsroom.bot.dispatcher.answer(Request(CHAT, "/resume", "test:7", **TRUSTED))
        assert view is not None
        assert ", 1 story came meanwhile" in said(view)
        [data] = [one.action.encode() for one in view.buttons if isinstance(one, Button)]
        shown = await newsroom.bot.dispatcher.press(Request(CHAT, data, "test:7", **TRUSTED))
        assert shown is not None
        assert "Bridge in Norby" in said(shown)

    async def test_a_pause_that_skips_no_digest_loses_nothing_and_offers_nothing(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.ask("/pause")
        assert "meanwhile" not in await newsroom.ask("/resume")
        [post] = await newsroom.at(8)
        assert "Bridge in Norby" in (post.payload or "")

    async def test_what_each_of_several_missed_has_its_own_button(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe()
        await newsroom.subscribe(CHAT, 9)
        await newsroom.ask("/pause")
        await newsroom.add(BRIDGE)
        assert await newsroom.at(12) == []
        answer = await newsroom.ask("/resume")
        assert answer.count("1 story came meanwhile") == 2
        assert "[1] 1: Show what came meanwhile  [2] 2: Show what came meanwhile" in answer

    async def test_nothing_is_offered_if_nothing_came(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe()
        await newsroom.ask("/pause")
        assert "meanwhile" not in await newsroom.ask("/resume")

    @pytest.mark.parametrize(
        "forged", ["c1|missed|1||x", "c1|missed|99||1", "c1|missed|1||9999999999999", "c1|missed|1||"]
    )
    async def test_a_forged_button_shows_nothing(self, newsroom: Newsroom, forged: str) -> None:
        await newsroom.subscribe()
        view = await newsroom.bot.dispatcher.press(Request(CHAT, forged, "test:7", **TRUSTED))
        assert view is not None
        assert "There is no subscription here." in said(view)
