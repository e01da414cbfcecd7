"""Failures around the ledger, on both databases: nothing is posted twice, and nothing is lost silently."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.access import Access, Policy
from bot.app import open_database
from bot.chats import Destination
from bot.commands.context import Request
from bot.delivery.courier import Courier, Timing
from bot.delivery.model import Dead, Delivery, Migrated, Op, Outcome, Retry, Sent, State, Uncertain
from bot.delivery.pacing import UNLIMITED, Pacing
from bot.delivery.retry import RetryPolicy
from bot.jobs import keep_house
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseTaken
from bot.storage.database.instance_lock import instance_lock
from bot.subscriptions.model import Mode, Quiet
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Button
from tests.fakes import TRUSTED, article
from tests.newsroom import BRIDGE, CHAT, CHEESE, HOUR, MORE, OTHER, Newsroom
from tests.shown import said

KNOWS_REPETITIONS = RetryPolicy(resend_within=timedelta(minutes=2))
NEWEST_CHEESE = article(
    "A cheese wins", "A goat cheese won the prize of the dairies.", "Its maker is ninety.", url="https://a.example/2"
)


async def all_posts(newsroom: Newsroom) -> list[Delivery]:
    return list(reversed(await newsroom.bot.ledger.latest(99)))


async def resend_button(newsroom: Newsroom) -> str:
    """The data of the button in `/status` that sends an uncertain post again."""
    view = await newsroom.bot.dispatcher.answer(Request(CHAT, "/status", "test:7", **TRUSTED))
    assert view is not None
    actions = [one.action for one in view.buttons if isinstance(one, Button) and isinstance(one.action, Control)]
    [action] = [one for one in actions if one.verb is ControlVerb.RESEND]
    return action.encode()


async def pressed(newsroom: Newsroom, button: str) -> str:
    """What the bot answers to a press of a button."""
    view = await newsroom.bot.dispatcher.press(Request(CHAT, button, "test:7", **TRUSTED))
    assert view is not None
    return said(view)


class TestOneBadRow:
    async def test_a_platform_that_is_not_there_any_more_holds_up_no_other(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(Destination("gone", "1"))
        await newsroom.subscribe(CHAT)
        await newsroom.add(BRIDGE)
        [post] = await newsroom.at(8)
        assert post.destination == CHAT

    async def test_a_post_that_cannot_be_composed_is_dead_and_told(
        self, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.subscribe(OTHER, stories=2)
        await newsroom.add(BRIDGE)
        parts = newsroom.bot.posting.composer._parts

        async def failing(occasion: object, subscription: object, *rest: object) -> object:
            if getattr(subscription, "destination", None) == CHAT:
                raise ZeroDivisionError
            return await parts(occasion, subscription, *rest)  # type: ignore[arg-type]  # as it was given

        monkeypatch.setattr(newsroom.bot.posting.composer, "_parts", failing)
        [post] = await newsroom.at(8)
        assert post.destination == OTHER
        dead = [one for one in await all_posts(newsroom) if one.state is State.DEAD]
        said = "the post could not be created (internal error ZeroDivisionError)"
        assert [(one.destination, one.error) for one in dead] == [(CHAT, said)]

    async def test_a_full_platform_takes_no_room_from_another(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.add(BRIDGE)
        now = newsroom.clock()
        waiting = [
            Delivery(0, f"x:{n}", 1, Destination("slow", str(n)), "text", now, now + 9 * HOUR) for n in range(450)
        ]
        await newsroom.bot.occasions.enqueue(waiting, now)
        posts = await newsroom.at(8)
        assert [one.destination for one in posts if one.destination.platform == "test"] == [CHAT]

    async def test_a_busy_chat_takes_nobodys_turn(self, newsroom: Newsroom) -> None:
        now = newsroom.clock()
        posts = [Delivery(0, f"a:{n}", 1, CHAT, "text", now, now + HOUR, occasion=n) for n in range(1, 140)]
        posts.append(Delivery(0, "b", 1, OTHER, "text", now, now + HOUR, occasion=999))
        await newsroom.bot.occasions.enqueue(posts, now)
        due = await newsroom.bot.ledger.due("test", now, 120, frozenset())
        assert {one.destination for one in due} == {CHAT, OTHER}


class TestMoving:
    async def test_a_group_that_was_upgraded_beside_its_old_self_keeps_both(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        assert len(await newsroom.send(Migrated(OTHER.chat), most=1)) == 1
        assert {one.destination for one in await newsroom.bot.subscriptions.all()} == {OTHER}
        while any(one.state is State.PENDING for one in await all_posts(newsroom)):
            await newsroom.send()
        assert await newsroom.states() == [State.SENT, State.SENT]
        assert await newsroom.at(9) == []


class TestDoubt:
    async def _doubted(self, newsroom: Newsroom, then: Outcome) -> Delivery:
        """A post that may have arrived, and then met ``then``, by way of a real courier."""
        outcomes: list[Outcome] = [Uncertain("reset"), then]

        class Scripted:
            async def send(self, delivery: Delivery) -> Outcome:
                del delivery
                return outcomes.pop(0) if outcomes else Sent("late")

        now = newsroom.clock()
        await newsroom.bot.occasions.enqueue(
            [Delivery(0, "a", 1, CHAT, "text", now, now + HOUR, composition='{"items": []}')], now
        )
        courier = Courier(
            "test",
            newsroom.bot.ledger,
            Scripted(),
            pacing=Pacing(UNLIMITED),
            policy=KNOWS_REPETITIONS,
            timing=Timing(newsroom.clock, beat=0.01),
            is_private=lambda _: True,
        )
        for step in (0, 5, 0, 700, 0):
            newsroom.clock.now += timedelta(seconds=step)
            await courier.beat()
            await self._settled(courier)
        [post] = await all_posts(newsroom)
        return post

    async def _settled(self, courier: Courier) -> None:
        import asyncio

        for _ in range(5):
            await asyncio.sleep(0.01)
        await courier.beat()

    @pytest.mark.parametrize(
        "then",
        [Retry("flood", timedelta(minutes=10)), Dead("too long"), Retry("refused")],
        ids=["flood", "dead", "down"],
    )
    async def test_what_may_have_arrived_stays_in_doubt_whatever_a_repetition_meets(
        self, newsroom: Newsroom, then: Outcome
    ) -> None:
        post = await self._doubted(newsroom, then)
        assert post.state in {State.UNCERTAIN, State.SENT}
        if not (isinstance(then, Retry) and then.after is None):
            assert post.state is State.UNCERTAIN

    async def test_what_may_have_arrived_does_not_expire_but_stays_in_doubt(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send(Uncertain("reset"), policy=KNOWS_REPETITIONS)
        assert await newsroom.states() == [State.PENDING]
        await newsroom.at(7, day=16)
        assert (await newsroom.states())[0] is State.UNCERTAIN

    async def test_an_edit_in_doubt_is_made_again(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, corrections=True)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send()
        await newsroom.add(MORE)
        await newsroom.at(9)
        await newsroom.send(Uncertain("reset"))
        newsroom.clock.now += timedelta(minutes=1)
        [edit] = await newsroom.send()
        assert edit.op is Op.EDIT
        assert await newsroom.states() == [State.SENT, State.SENT]


class TestCorrections:
    async def test_a_second_correction_keeps_the_first(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, corrections=True)
        await newsroom.add(CHEESE)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send()
        await newsroom.add(MORE)
        await newsroom.at(9)
        await newsroom.send()
        await newsroom.add(NEWEST_CHEESE)
        [edit] = await newsroom.at(10)
        assert "Its maker is ninety." in (edit.payload or "")
        now, viewer = newsroom.clock(), newsroom.bot.dispatcher.context.access.viewer(CHAT)
        library = newsroom.bot.dispatcher.context.library
        reports = await library.reports([one.report for one in await library.window(viewer, now - 24 * HOUR, now)])
        assert {one.version.number for one in reports} == {2}
        assert all(one.version.id in (edit.composition or "") for one in reports)

    async def test_what_an_edit_told_is_no_update(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, corrections=True, mode=Mode.BOTH)
        await newsroom.add(BRIDGE)
        await newsroom.at(7)
        await newsroom.send()
        await newsroom.add(MORE)
        waiting = await newsroom.at(7, minute=30)
        assert [one.op for one in waiting] == [Op.EDIT]

    async def test_what_is_corrected_while_its_post_is_on_its_way_is_edited_when_it_arrives(
        self, newsroom: Newsroom
    ) -> None:
        await newsroom.subscribe(CHAT, corrections=True)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.add(MORE)
        assert [one.op for one in await newsroom.at(8, minute=1)] == [Op.POST]
        await newsroom.send()
        [edit] = await newsroom.at(8, minute=2)
        assert edit.op is Op.EDIT
        assert "Two people were hurt" in (edit.payload or "")


class TestDecisions:
    async def test_a_dead_post_that_is_sent_again_tells_its_stories(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.add(BRIDGE)
        [post] = await newsroom.at(8)
        await newsroom.send(Dead("bad"))
        now = newsroom.clock()
        assert await newsroom.bot.ledger.decide(await newsroom.post(post.id), State.PENDING, now, now + HOUR)
        await newsroom.send()
        [quiet] = await newsroom.at(8, day=15)
        assert "No news" in (quiet.payload or "")

    async def test_a_post_that_is_said_to_be_lost_gives_its_stories_back(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.add(BRIDGE)
        [post] = await newsroom.at(8)
        await newsroom.send(Uncertain("reset"))
        now = newsroom.clock()
        assert await newsroom.bot.ledger.decide(await newsroom.post(post.id), State.DEAD, now, now + HOUR)
        [again] = await newsroom.at(8, day=15)
        assert "Digest: 1 story" in (again.payload or "")

    async def test_a_button_sends_again_only_the_attempt_that_it_was_shown_for(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send(Uncertain("reset"))
        button = await resend_button(newsroom)
        assert "will be sent again" in await pressed(newsroom, button)
        newsroom.clock.now += timedelta(seconds=1)
        await newsroom.send(Uncertain("reset again"))
        assert "nothing to send again" in await pressed(newsroom, button)
        assert await newsroom.states() == [State.UNCERTAIN]
        assert "will be sent again" in await pressed(newsroom, await resend_button(newsroom))

    async def test_a_second_failure_is_told_too(self, database: Database) -> None:
        newsroom = Newsroom(database, Access(Policy.OPEN, frozenset({"test:9"})))
        await newsroom.subscribe(CHAT)
        await newsroom.add(BRIDGE)
        [post] = await newsroom.at(8)
        await newsroom.send(Dead("bad"))
        await newsroom.at(8, minute=1)
        now = newsroom.clock()
        await newsroom.bot.ledger.decide(await newsroom.post(post.id), State.PENDING, now, now + HOUR)
        await newsroom.send(Dead("bad again"))
        await newsroom.at(8, minute=2)
        alerts = [one for one in await all_posts(newsroom) if one.dedup.startswith("alert:")]
        assert len(alerts) == 2


class TestNights:
    async def test_a_late_digest_waits_for_the_end_of_the_quiet_hours(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, 21, quiet=Quiet(time(22), time(7)))
        await newsroom.add(BRIDGE)
        assert await newsroom.at(23) == []
        [post] = await newsroom.at(7, day=15)
        assert "This post is late" in (post.payload or "")

    async def test_what_quiet_hours_held_back_comes_all(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, mode=Mode.ARRIVAL, quiet=Quiet(time(5), time(7)), stories=2)
        for n, name in enumerate(("Harbour", "Cheese", "Railway", "Volcano")):
            await newsroom.add(article(f"{name} news", f"The {name} did {n} things.", url=f"https://b.example/{n}"))
        await newsroom.at(6, minute=30)
        posts = await newsroom.at(7)
        told = "".join(one.payload or "" for one in posts)
        assert all(name in told for name in ("Harbour", "Cheese", "Railway", "Volcano"))

    async def test_slots_that_were_never_composed_give_way_to_the_latest(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.add(BRIDGE)
        newsroom.clock.now = newsroom.clock().replace(hour=8)
        await newsroom.bot.posting.tick.run(newsroom.clock())  # and killed before it composed
        posts = await newsroom.at(9, day=17)
        assert len(posts) == 1
        assert "Digest: 1 story" in (posts[0].payload or "")


class TestLeaving:
    async def test_nothing_that_waits_follows_an_unsubscribe(self, newsroom: Newsroom) -> None:
        kept = await newsroom.subscribe(CHAT)
        await newsroom.add(BRIDGE)
        assert len(await newsroom.at(8)) == 1
        await newsroom.bot.subscriptions.remove(CHAT, [kept.id])
        assert await newsroom.send() == []
        assert await newsroom.states() == [State.CANCELLED]

    async def test_nor_does_it_follow_who_wants_to_be_forgotten(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.bot.dispatcher.context.privacy.forget(CHAT, "test:7")
        assert await newsroom.send() == []


class TestFirst:
    async def test_a_first_digest_without_news_speaks_of_no_earlier_one(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        [post] = await newsroom.at(8)
        assert "No news this time." in (post.payload or "")
        assert "last digest" not in (post.payload or "")

    async def test_what_came_before_the_subscription_is_told_in_no_later_digest(self, newsroom: Newsroom) -> None:
        newsroom.clock.now = newsroom.clock().replace(hour=7, minute=55)
        await newsroom.add(BRIDGE)
        newsroom.clock.now += timedelta(minutes=2)
        await newsroom.subscribe(CHAT)
        for day in (14, 15):
            [post] = await newsroom.at(8, day=day)
            assert "No news this time." in (post.payload or "")
            await newsroom.send()


class TestTwoBots:
    async def test_a_second_one_is_refused(self, database: Database, database_url: str) -> None:
        async with instance_lock(database), open_database(database_url) as second:
            with pytest.raises(DatabaseTaken):
                async with instance_lock(second):
                    pass
        async with instance_lock(database):
            pass


class TestClocks:
    async def test_a_subscription_that_a_wrong_clock_moved_ahead_comes_back(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.at(9, day=28)
        await newsroom.send()
        newsroom.clock.now = newsroom.clock().replace(day=14, hour=12)
        await keep_house(newsroom.bot)
        await newsroom.add(BRIDGE)
        posts = await newsroom.at(8, day=15)
        assert any("Digest: 1 story" in (one.payload or "") for one in posts)
