"""The ledger, the tick and the composer, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import text

from bot.access import Access, Policy
from bot.app import open_database
from bot.chats import Destination
from bot.commands.context import Request
from bot.delivery.model import Dead, Migrated, Paused, Retry, Sent, State, Uncertain
from bot.delivery.occasions import Finished, Telling
from bot.delivery.retry import RetryPolicy, settle
from bot.i18n import Translator
from bot.storage.database.engine import Database
from bot.subscriptions.model import Mode, Quiet, QuietDays
from bot.subscriptions.model import Uncertain as Uncertain_
from bot.subscriptions.pauses import paused
from bot.views.model import View
from briefings.scope import Scope
from tests.fakes import TRUSTED, article
from tests.newsroom import BRIDGE, CHAT, CHEESE, HOUR, MORE, OTHER, Newsroom


class TestSlots:
    async def test_a_slot_is_posted_at_its_minute_and_once(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        assert await newsroom.at(7, minute=59) == []
        [post] = await newsroom.at(8)
        assert "Digest: 1 story" in (post.payload or "")
        assert "The mayor blames a ship." in (post.payload or "")
        for minute in range(1, 5):
            assert await newsroom.at(8, minute=minute) == [post]
        assert post.dedup == "1:slot:2025-03-14T08:00:1"

    async def test_two_ticks_at_once_post_once(self, newsroom: Newsroom, database_url: str) -> None:
        import asyncio

        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        async with open_database(database_url) as second:
            other = Newsroom(second)
            await asyncio.gather(newsroom.at(8), other.at(8), newsroom.at(8), other.at(8))
        assert await newsroom.states() == [State.PENDING]

    async def test_two_subscriptions_of_a_chat_that_are_due_at_once_do_not_repeat_a_story(
        self, newsroom: Newsroom
    ) -> None:
        await newsroom.subscribe()
        await newsroom.subscribe()
        await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE)
        posts = await newsroom.at(8)
        assert [(one.destination, "bridge" in (one.payload or "").lower()) for one in posts] == [
            (CHAT, True),
            (CHAT, False),
            (OTHER, True),
        ]

    async def test_a_post_that_cannot_be_stored_costs_no_other_one(
        self, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The posts of one run are stored together. A report can be removed while they are composed."""
        await newsroom.subscribe()
        await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE)
        finish = newsroom.bot.occasions.finish

        async def without_report(finished: Sequence[Finished], now: datetime) -> None:
            is_lost = [one.occasion.id == 1 and one.parts[0].payload is not None for one in finished]
            lost = [Telling(9999, 1, 1)]
            pairs = zip(finished, is_lost, strict=True)
            await finish([replace(one, tellings=lost) if lose else one for one, lose in pairs], now)

        monkeypatch.setattr(newsroom.bot.occasions, "finish", without_report)
        [post] = await newsroom.at(8)
        assert post.destination == OTHER
        assert await newsroom.states() == [State.DEAD, State.PENDING]

    async def test_after_downtime_only_the_latest_is_posted_and_says_that_it_is_late(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, 8, 18)
        await newsroom.add(BRIDGE)
        [post] = await newsroom.at(21, day=17)
        assert "This post is late. It was due at 18:00." in (post.payload or "")

    async def test_nothing_follows_an_unsubscribe_or_a_pause(self, newsroom: Newsroom, database: Database) -> None:
        first, second = await newsroom.subscribe(), await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE)
        newsroom.clock.now = newsroom.clock.now.replace(hour=8)
        await newsroom.bot.posting.tick.run(newsroom.clock())
        await newsroom.bot.subscriptions.remove(CHAT, [first.id])
        await newsroom.bot.subscriptions.change(OTHER, second.id, paused)
        assert await newsroom.at(8) == []
        async with database.read() as connection:
            states = (await connection.execute(text("SELECT state FROM occasion ORDER BY id"))).scalars().all()
        assert states == ["cancelled", "cancelled"]


class TestDigests:
    async def test_there_is_no_backlog_at_the_first(self, newsroom: Newsroom) -> None:
        await newsroom.add(CHEESE)
        newsroom.clock.now += HOUR
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        [post] = await newsroom.at(8)
        assert "Bridge" in (post.payload or "")
        assert "cheese" not in (post.payload or "")

    async def test_a_story_is_told_once_and_then_only_what_is_new(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, 8, 10, 12)
        await newsroom.add(BRIDGE)
        assert "Bridge" in ((await newsroom.at(8))[0].payload or "")
        await newsroom.send()
        [quiet] = await newsroom.at(10)
        assert "No news this time." in (quiet.payload or "")
        await newsroom.send()
        await newsroom.add(MORE)
        [update] = await newsroom.at(12)
        assert "Update:" in (update.payload or "")
        assert "Two people were hurt" in (update.payload or "")
        assert "The mayor blames" not in (update.payload or "")

    async def test_another_outlets_report_of_a_told_story_is_no_news(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, 8, 10)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send()
        same = article(
            "Bridge in Norby collapses",
            "The bridge fell.",
            "## Who is responsible?",
            "The mayor blames a ship.",
            url="https://b.example/9",
        )
        await newsroom.add(same)
        assert "No news" in ((await newsroom.at(10))[0].payload or "")

    async def test_at_most_as_many_as_wished_in_parts_that_say_so(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(stories=5)
        for number, word in enumerate(("apple", "banana", "cherry", "damson", "elder", "figs", "grape")):
            await newsroom.add(article(f"{word} {word}", f"The {word} number {number} {word}ed in {word}town."))
        posts = await newsroom.at(8)
        assert [(post.part, post.parts) for post in posts] == [(1, 3), (2, 3), (3, 3)]
        assert "(part 1 of 3)" in (posts[0].payload or "")
        assert "/unsubscribe" not in (posts[1].payload or "")
        assert "/unsubscribe" in (posts[2].payload or "")

    async def test_what_found_no_place_is_counted_and_may_come_the_next_day(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(stories=1)
        newsroom.clock.now += HOUR
        for one in (BRIDGE, CHEESE):
            await newsroom.add(one)
        [first] = await newsroom.at(8)
        assert "And 1 more story: /latest" in (first.payload or "")
        await newsroom.send()
        [second] = await newsroom.at(8, day=15)
        assert "more stor" not in (second.payload or "")
        assert ("Bridge" in (first.payload or "")) != ("Bridge" in (second.payload or ""))
        await newsroom.send()
        assert "No news" in ((await newsroom.at(8, day=16))[0].payload or "")

    async def test_a_day_without_news_is_skipped_unless_the_chat_wants_to_know(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, quiet_days=QuietDays.SKIP)
        await newsroom.subscribe(OTHER, quiet_days=QuietDays.SAY)
        [said] = await newsroom.at(8)
        assert (said.destination, "No news this time." in (said.payload or "")) == (OTHER, True)
        await newsroom.send()
        assert await newsroom.at(13, day=15) == []  # it would be late

    async def test_the_first_digest_tells_the_best_of_the_last_day(self, newsroom: Newsroom) -> None:
        await newsroom.add(BRIDGE)
        newsroom.clock.now += HOUR / 2
        ask = newsroom.bot.dispatcher.answer
        await ask(Request(CHAT, "/subscribe 8:00 UTC", "test:9", **TRUSTED))
        [post] = await newsroom.at(8)
        assert "Bridge" in (post.payload or "")

    async def test_wishes_are_kept(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, tags=("food",))
        await newsroom.subscribe(OTHER, include=("goat cheeses",))
        await newsroom.subscribe(Destination("test", "3"), exclude=("bridge",))
        await newsroom.subscribe(Destination("test", "4"), exclude=("cheese",), language="it")
        await newsroom.add(BRIDGE)
        await newsroom.add(CHEESE, Scope(tags=frozenset({"food"})))
        posts = await newsroom.at(8)
        told = [("Bridge" in (post.payload or ""), "cheese" in (post.payload or "")) for post in posts]
        assert told == [(False, True), (False, True), (False, True), (True, False)]
        assert "Riepilogo: 1 notizia" in (posts[3].payload or "")

    async def test_what_is_private_or_restricted_is_in_no_digest(self, database: Database) -> None:
        newsroom = Newsroom(database, Access(Policy.OPEN, restricted={"internal": frozenset({"test:2"})}))
        await newsroom.subscribe(CHAT)
        await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE, Scope(CHAT.owner))
        await newsroom.add(CHEESE, Scope(tags=frozenset({"internal"})))
        first, second = await newsroom.at(8)
        assert "No news" in (first.payload or "")
        assert "cheese" in (second.payload or "")


class TestArrivals:
    async def test_each_story_is_posted_as_it_arrives(self, newsroom: Newsroom) -> None:
        await newsroom.add(CHEESE)
        await newsroom.at(6, minute=1)
        await newsroom.subscribe(mode=Mode.ARRIVAL)
        await newsroom.at(6, minute=2)
        await newsroom.add(BRIDGE)
        [post] = await newsroom.at(6, minute=3)
        assert post.dedup == "1:report:2:v1:1"
        assert "Bridge in Norby" in (post.payload or "")
        assert "Bridge" in (post.payload or "")

    async def test_what_quiet_hours_held_back_comes_as_one_post_at_their_end(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, 12, mode=Mode.ARRIVAL, quiet=Quiet(time(22), time(7)))
        for found in (BRIDGE, CHEESE):
            await newsroom.add(found)
            assert await newsroom.at(6, minute=30) == []
        [post] = await newsroom.at(7)
        assert "In the quiet hours: 2 stories" in (post.payload or "")

    async def test_a_story_told_as_it_arrived_is_not_told_again(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(mode=Mode.BOTH)
        await newsroom.add(BRIDGE)
        assert len(await newsroom.at(7)) == 1
        await newsroom.send()
        assert await newsroom.at(8) == []


class TestCorrections:
    async def test_a_new_version_edits_the_posts_that_told_the_old_one(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, corrections=True)
        await newsroom.subscribe(OTHER)
        for found in (CHEESE, BRIDGE):
            await newsroom.add(found)
        await newsroom.at(8)
        await newsroom.send()
        await newsroom.add(MORE)
        [edit] = await newsroom.at(9)
        assert (edit.op, edit.destination, edit.target) == ("edit", CHAT, "m1")
        assert "Corrected:" in (edit.payload or "")
        assert "Two people were hurt" in (edit.payload or "")
        assert "A cheese wins" in (edit.payload or "")
        await newsroom.send()
        assert await newsroom.at(10) == []


class TestLedger:
    @pytest.fixture(name="posted")
    async def _posted(self, newsroom: Newsroom) -> Newsroom:
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        return newsroom

    async def test_what_is_sent_is_remembered_for_replies(self, posted: Newsroom) -> None:
        await posted.send(Sent("55"))
        assert await posted.states() == [State.SENT]
        [version] = await posted.bot.chats.about(CHAT, "55")
        assert version

    async def test_a_crash_in_sending_is_uncertain_and_told_to_its_operator(self, posted: Newsroom) -> None:
        ledger = posted.bot.ledger
        epoch = await ledger.recover("test", posted.clock(), None)
        await ledger.begin(await ledger.due("test", posted.clock(), 9, frozenset()), posted.clock(), epoch, None)
        assert await posted.states() == [State.SENDING]
        await ledger.recover("test", posted.clock(), None)
        assert await posted.states() == [State.UNCERTAIN]

    async def test_a_crash_in_sending_is_repeated_where_the_platform_knows_it(self, posted: Newsroom) -> None:
        ledger, two = posted.bot.ledger, timedelta(minutes=2)
        for wait, state in ((119, State.PENDING), (2, State.UNCERTAIN)):
            epoch = await ledger.recover("test", posted.clock(), two)
            due = await ledger.due("test", posted.clock(), 9, frozenset())
            await ledger.begin(due, posted.clock(), epoch, two)
            posted.clock.now += wait * timedelta(seconds=1)
            await ledger.recover("test", posted.clock(), two)
            assert await posted.states() == [state]

    async def test_what_waited_too_long_to_be_repeated_is_not(self, posted: Newsroom) -> None:
        ledger, two = posted.bot.ledger, timedelta(minutes=2)
        epoch = await ledger.recover("test", posted.clock(), two)
        due = await ledger.due("test", posted.clock(), 9, frozenset())
        await ledger.begin(due, posted.clock(), epoch, two)
        epoch = await ledger.recover("test", posted.clock(), two)  # it may be repeated, and the bot dies before it is
        posted.clock.now += timedelta(minutes=3)
        due = await ledger.due("test", posted.clock(), 9, frozenset())
        assert await ledger.begin(due, posted.clock(), epoch, two) == []
        assert await posted.states() == [State.UNCERTAIN]

    async def test_a_crash_before_the_clock_was_put_back_is_not_repeated(self, posted: Newsroom) -> None:
        """Nobody can tell whether the platform would still know the message again."""
        ledger, two = posted.bot.ledger, timedelta(minutes=2)
        epoch = await ledger.recover("test", posted.clock(), two)
        due = await ledger.due("test", posted.clock(), 9, frozenset())
        await ledger.begin(due, posted.clock(), epoch, two)
        posted.clock.now -= timedelta(hours=6)
        await ledger.recover("test", posted.clock(), two)
        assert await posted.states() == [State.UNCERTAIN]

    async def test_a_wait_is_as_long_after_the_clock_was_put_back(self, posted: Newsroom) -> None:
        await posted.send(Retry("flood", timedelta(seconds=5)))
        posted.clock.now -= timedelta(hours=6)
        await posted.bot.ledger.put_back("test", posted.clock(), timedelta(hours=6))
        posted.clock.now += timedelta(seconds=5)
        assert await posted.bot.ledger.due("test", posted.clock(), 9, frozenset())

    async def test_who_would_rather_have_it_twice_gets_it_again(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(uncertain=Uncertain_.RESEND)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send(Uncertain("reset"))
        assert await newsroom.states() == [State.PENDING]
        newsroom.clock.now += timedelta(minutes=1)
        await newsroom.send()
        assert await newsroom.states() == [State.SENT]

    async def test_a_courier_that_lost_its_place_writes_nothing(self, posted: Newsroom) -> None:
        ledger = posted.bot.ledger
        old = await ledger.recover("test", posted.clock(), None)
        begun = await ledger.begin(await ledger.due("test", posted.clock(), 9, frozenset()), posted.clock(), old, None)
        new = await ledger.recover("test", posted.clock(), None)
        await ledger.settle([settle(begun[0], Sent("1"), posted.clock(), 0, RetryPolicy())], old)
        await ledger.release(begun, old)
        assert await posted.states() == [State.UNCERTAIN]
        assert await ledger.begin(begun, posted.clock(), old, None) == []
        assert new == old + 1

    async def test_numbers_in_the_chat_are_those_of_the_last_post(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe()
        for found in (BRIDGE, CHEESE, article("A third story", "It is short.", url="https://a.example/3")):
            await newsroom.add(found)
        await newsroom.bot.chats.remember(CHAT, ("of", "an", "old", "list"), is_list=True)
        await newsroom.at(8)
        [first], [second] = await newsroom.send(), await newsroom.send()
        shown = [await newsroom.bot.chats.about(CHAT, f"m{post.id}") for post in (first, second)]
        assert [len(one) for one in shown] == [2, 3]
        assert await newsroom.bot.chats.told(CHAT) == (*shown[0], shown[1][2])

    async def test_a_post_about_one_story_becomes_the_story_that_commands_are_about(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(mode=Mode.ARRIVAL)
        await newsroom.at(7)
        await newsroom.add(BRIDGE)
        await newsroom.bot.chats.remember(CHAT, ("a", "list"), is_list=True)
        await newsroom.at(7, minute=1)
        [post] = await newsroom.send()
        assert (await newsroom.bot.chats.story(CHAT),) == await newsroom.bot.chats.about(CHAT, f"m{post.id}")
        assert await newsroom.bot.chats.told(CHAT) == ("a", "list")

    async def test_parts_go_in_their_order_each_when_the_last_has_arrived(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe()
        for word in ("apple", "banana", "cherry", "damson", "elder"):
            await newsroom.add(article(f"{word} {word}", f"The {word} {word}ed in {word}town."))
        await newsroom.at(8)
        assert [one.part for one in await newsroom.send()] == [1]
        assert [one.part for one in await newsroom.send(Retry("refused"))] == [2]
        assert await newsroom.send() == []  # part 3 waits for part 2
        newsroom.clock.now += timedelta(minutes=1)
        assert [one.part for one in await newsroom.send()] == [2]
        assert [one.part for one in await newsroom.send(Uncertain("reset"))] == [3]

    async def test_a_complaint_is_obeyed_over_a_restart_by_all_posts_of_its_chat(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.subscribe(CHAT)
        await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        due = await newsroom.bot.ledger.due("test", newsroom.clock(), 1, frozenset())
        epoch = newsroom.epoch = await newsroom.bot.ledger.recover("test", newsroom.clock(), None)
        begun = await newsroom.bot.ledger.begin(due, newsroom.clock(), epoch, None)
        complaint = settle(begun[0], Retry("flood", HOUR), newsroom.clock(), 0, RetryPolicy())
        await newsroom.bot.ledger.settle([complaint], epoch)
        newsroom.epoch = 0  # a restart
        assert [one.destination for one in await newsroom.send()] == [OTHER]
        newsroom.clock.now += HOUR
        assert [one.destination for one in await newsroom.send()] == [CHAT]

    async def test_a_chat_that_moved_keeps_everything(self, posted: Newsroom) -> None:
        await posted.send(Migrated("-100"))
        [subscription] = await posted.bot.subscriptions.of(Destination("test", "-100"))
        assert subscription.id == 1
        [sent] = await posted.send()
        assert sent.destination == Destination("test", "-100")
        assert await posted.states() == [State.SENT]

    async def test_a_chat_that_is_gone_pauses_and_its_stories_wait(self, posted: Newsroom) -> None:
        await posted.send(Paused("the bot was kicked"))
        [subscription] = await posted.bot.subscriptions.of(CHAT)
        assert (subscription.paused, subscription.next_due) == ("the bot was kicked", None)
        assert await posted.states() == [State.CANCELLED]
        assert (await posted.bot.occasions.told(CHAT, [1])).numbers == {}

    async def test_what_is_over_expires_and_its_stories_come_with_the_next(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, 8, 10)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        [post] = await newsroom.at(10)
        assert "No news" not in (post.payload or "")
        assert await newsroom.states() == [State.EXPIRED, State.PENDING]

    async def test_a_dead_post_gives_its_stories_back(self, posted: Newsroom) -> None:
        await posted.send(Dead("too long"))
        [post] = await posted.bot.ledger.latest(9)
        assert (post.state, post.error) == (State.DEAD, "too long")
        assert (await posted.bot.occasions.told(CHAT, [1])).numbers == {}

    async def test_a_person_decides_what_is_in_doubt(self, posted: Newsroom) -> None:
        await posted.send(Uncertain("reset"))
        ledger, now = posted.bot.ledger, posted.clock()
        assert await ledger.decide(await posted.post(1), State.PENDING, now, now + HOUR)
        assert [one.id for one in await posted.send()] == [1]
        assert await posted.states() == [State.SENT]
        assert not await ledger.decide(await posted.post(1), State.PENDING, now, now + HOUR)  # it is settled

    async def test_a_decision_about_an_earlier_attempt_does_nothing(self, posted: Newsroom) -> None:
        await posted.send(Uncertain("reset"))
        ledger, seen = posted.bot.ledger, await posted.post(1)
        posted.clock.now += HOUR
        assert await ledger.decide(seen, State.PENDING, posted.clock(), posted.clock() + HOUR)
        await posted.send(Uncertain("reset"))
        for state in (State.PENDING, State.SENT, State.DEAD):
            assert not await ledger.decide(seen, state, posted.clock(), posted.clock() + HOUR)
        assert await posted.states() == [State.UNCERTAIN]

    async def test_no_post_is_sent_again_to_a_chat_that_has_unsubscribed(self, posted: Newsroom) -> None:
        await posted.send(Uncertain("reset"))
        await posted.bot.subscriptions.remove(CHAT, [1])
        ledger, now = posted.bot.ledger, posted.clock()
        assert not await ledger.decide(await posted.post(1), State.PENDING, now, now + HOUR)
        assert await posted.states() == [State.UNCERTAIN]
        assert await ledger.decide(await posted.post(1), State.SENT, now, now + HOUR)

    async def test_a_lost_post_is_not_sent_again_when_a_later_one_has_told_its_stories(self, posted: Newsroom) -> None:
        await posted.send(Dead("too long"))
        [later] = await posted.at(8, day=15)
        assert "Bridge in Norby" in (later.payload or "")
        ledger, now = posted.bot.ledger, posted.clock()
        assert not await ledger.decide(await posted.post(1), State.PENDING, now, now + HOUR)
        assert await posted.states() == [State.DEAD, State.PENDING]

    async def test_a_lost_post_that_is_sent_again_keeps_its_stories_out_of_the_next(self, posted: Newsroom) -> None:
        await posted.send(Dead("too long"))
        ledger, now = posted.bot.ledger, posted.clock()
        assert await ledger.decide(await posted.post(1), State.PENDING, now, now + HOUR)
        await posted.send()
        [later] = await posted.at(8, day=15)
        assert "No news" in (later.payload or "")

    async def test_a_post_in_doubt_is_sent_again_although_a_newer_version_was_told(self, posted: Newsroom) -> None:
        await posted.send(Uncertain("reset"))
        await posted.add(MORE)
        [update] = await posted.at(8, day=15)
        await posted.send()
        ledger, now = posted.bot.ledger, posted.clock()
        assert "Two people were hurt" in (update.payload or "")
        assert await ledger.decide(await posted.post(1), State.PENDING, now, now + HOUR)

    @pytest.mark.parametrize("ends", ["unsubscribes", "is paused by an operator"])
    async def test_a_post_that_fails_while_its_chat_leaves_is_not_tried_again(
        self, posted: Newsroom, ends: str
    ) -> None:
        ledger, now = posted.bot.ledger, posted.clock()
        epoch = await ledger.recover("test", now, None)
        begun = await ledger.begin(await ledger.due("test", now, 9, frozenset()), now, epoch, None)
        if ends == "unsubscribes":
            await posted.bot.subscriptions.remove(CHAT, [1])
        else:
            await posted.bot.subscriptions.hold(1, "the operator")
        await ledger.settle([settle(begun[0], Retry("refused"), now, 0, RetryPolicy())], epoch)
        assert await ledger.due("test", now + HOUR / 60, 9, frozenset()) == []
        await ledger.expire(now + HOUR / 60)
        assert await posted.states() == [State.EXPIRED]

    async def test_content_is_blanked_after_a_time_and_the_row_stays(self, posted: Newsroom) -> None:
        await posted.send()
        await posted.bot.ledger.blank(posted.clock() + HOUR)
        [post] = await posted.bot.ledger.latest(9)
        assert (post.payload, post.composition, post.state) == (None, None, State.SENT)


class TestAlerts:
    async def test_operators_are_told_of_trouble_once(self, database: Database) -> None:
        newsroom = Newsroom(database, Access(Policy.OPEN, frozenset({"test:boss", "other:boss"})))
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send(Uncertain("reset after the body"))
        [alert] = await newsroom.at(8, minute=1)
        assert alert.destination == Destination("test", "boss")
        assert "Send all again" in (alert.payload or "")
        await newsroom.send()
        assert await newsroom.at(8, minute=2) == []
        again = Newsroom(database, Access(Policy.OPEN, frozenset({"test:boss"})))  # after a restart
        assert await again.at(8, minute=3) == []

    async def test_posts_that_fail_in_the_same_way_are_told_in_one_message(self, database: Database) -> None:
        newsroom = Newsroom(database, Access(Policy.OPEN, frozenset({"test:boss"})))
        for chat in range(10, 30):
            await newsroom.subscribe(Destination("test", str(chat)))
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send(Uncertain("reset after the body"), most=15)
        assert len(await newsroom.at(8)) == 5  # there may be more in the same minute
        await newsroom.send(Dead("too long"))
        told = [one.payload or "" for one in await newsroom.at(8, minute=1)]
        assert len(told) == 2
        assert "whether 15 posts arrived (chats: 15): reset after the body" in told[0]
        assert "5 posts were not sent (chats: 5): too long" in told[1]
        again = Newsroom(database, Access(Policy.OPEN, frozenset({"test:boss"})))  # after a restart
        assert len(await again.at(8, minute=3)) == 2

    async def test_a_platform_that_stops_is_told_once_a_day(self, database: Database) -> None:
        newsroom = Newsroom(database, Access(Policy.OPEN, frozenset({"test:boss"})))
        for _ in range(3):
            await newsroom.bot.posting.alerts.stopped("telegram", "401: Unauthorized", newsroom.clock())
        [alert] = await newsroom.bot.ledger.latest(9)
        assert "The bot has stopped on telegram (401: Unauthorized)" in (alert.payload or "")

    async def test_a_post_that_does_not_leave_is_trouble(self, database: Database) -> None:
        newsroom = Newsroom(database, Access(Policy.OPEN, frozenset({"test:boss"})))
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        posts = await newsroom.at(9, minute=5)
        assert any("waiting for over an hour" in (post.payload or "") for post in posts)


class TestStatus:
    async def test_tells_what_became_of_the_last_posts_and_sends_again(self, newsroom: Newsroom) -> None:
        from bot.commands.context import Request
        from bot.platforms.console.render import ConsoleRenderer, as_text
        from bot.views.model import Button

        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send(Uncertain("reset after the body"))
        dispatcher = newsroom.bot.dispatcher
        view = await dispatcher.answer(Request(CHAT, "/status", "test:7", **TRUSTED))
        assert view is not None
        said = as_text(ConsoleRenderer().render(view, Translator("en")), 1000)
        assert "• today at 08:00: uncertain: it may or may not have arrived (reset after the body)" in said
        button = view.buttons[0]
        assert isinstance(button, Button)
        stranger = await dispatcher.press(Request(OTHER, button.action.encode(), "test:8", **TRUSTED))
        assert "nothing to send again" in as_text(ConsoleRenderer().render(stranger or View(()), Translator("en")))
        again = await dispatcher.press(Request(CHAT, button.action.encode(), "test:7", **TRUSTED))
        assert "The post will be sent again." in as_text(ConsoleRenderer().render(again or View(()), Translator("en")))
        assert [one.id for one in await newsroom.send()] == [1]
