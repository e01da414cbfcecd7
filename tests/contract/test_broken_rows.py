"""A row that cannot be read does not affect others: every loop over rows goes on with the next row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert, select, update

from bot.chats import Destination
from bot.delivery.model import Delivery, State
from bot.feeds.model import FeedSource, Reading
from bot.jobs import keep_house, post_due
from bot.platforms.checks import checked
from bot.storage.database.tables import (
    arrival,
    delivery,
    feed,
    feed_item,
    inbox,
    occasion,
    source_chat,
    subscription,
    version,
)
from bot.storage.feeds import Feeds
from bot.storage.source_chats import SourceChats
from bot.subscriptions.model import Mode
from bot.subscriptions.pauses import resumed
from bot.views.findings import Finding
from briefings.fetching.headers import Validators
from briefings.scope import EVERYBODY, Viewer
from briefings.sources.feeds import FeedItem
from tests.fakes import TRUSTED, Talk
from tests.newsroom import BRIDGE, CHAT, CHEESE, HOUR, MORE, OTHER, Newsroom

Breaking = dict[str, Any]

#: What may stand in a row that damage, another machine or a newer version left behind.
SETTINGS: dict[str, Breaking] = {
    "unknown time zone": {"settings": '{"schedule": {"zone": "Mars/Olympus"}}'},
    "unknown section": {"settings": '{"sections": ["a section of a newer version"]}'},
    "unknown mode": {"settings": '{"mode": "hologram"}'},
    "broken JSON": {"settings": "{"},
    "JSON of another kind": {"settings": "[7]"},
    "broken moment": {"cursor": "at noon"},
}
DELIVERIES: dict[str, Breaking] = {
    "unknown operation": {"op": "sing"},
    "broken destination": {"destination": "test"},
    "broken JSON": {"composition": "{"},
    "JSON of another kind": {"composition": "[7]"},
    "composition of a newer version": {"composition": '{"items": [{"story": 7}]}'},
}
VERSIONS: dict[str, Breaking] = {
    "broken JSON": {"briefing": "{"},
    "unknown section": {"briefing": '{"sections": [{"kind": "a section of a newer version"}]}'},
    "broken changes": {"changes": "{"},
}


async def damage(newsroom: Newsroom, table: Table, breaking: Breaking, number: object = 1) -> None:
    """Writes something into a row that cannot be used."""
    async with newsroom.bot.database.write() as connection:
        await connection.execute(update(table).where(table.c.id == number).values(breaking))


async def column(newsroom: Newsroom, table: Table, name: str, number: object = 1) -> Any:
    async with newsroom.bot.database.read() as connection:
        return await connection.scalar(select(table.c[name]).where(table.c.id == number))


async def two_posts(newsroom: Newsroom) -> list[Delivery]:
    """A digest that waits for each of two chats; the first of them is the one that is damaged."""
    await newsroom.subscribe(CHAT)
    await newsroom.subscribe(OTHER)
    await newsroom.add(BRIDGE)
    return await newsroom.at(8)


class TestDeliveries:
    @pytest.mark.parametrize("breaking", DELIVERIES.values(), ids=DELIVERIES.keys())
    async def test_courier_claims(self, newsroom: Newsroom, breaking: Breaking) -> None:
        await two_posts(newsroom)
        await damage(newsroom, delivery, breaking)
        assert [one.destination for one in await newsroom.send()] == [OTHER]
        assert await column(newsroom, delivery, "state") == State.DEAD
        assert "cannot read it" in await column(newsroom, delivery, "error")

    @pytest.mark.parametrize("breaking", DELIVERIES.values(), ids=DELIVERIES.keys())
    async def test_courier_writes_outcomes(self, newsroom: Newsroom, breaking: Breaking) -> None:
        first, second = await two_posts(newsroom)
        broken = replace(first, composition=breaking.get("composition", first.composition))
        epoch = await newsroom.bot.ledger.recover("test", newsroom.clock(), None)
        await newsroom.bot.ledger.begin([first, second], newsroom.clock(), epoch, None)
        from bot.delivery.model import Sent
        from bot.delivery.retry import RetryPolicy, settle

        settled = [settle(one, Sent(f"m{one.id}"), newsroom.clock(), 0, RetryPolicy()) for one in (broken, second)]
        await newsroom.bot.ledger.settle(settled, epoch)
        assert await newsroom.states() == [State.SENT, State.SENT]

    @pytest.mark.parametrize("breaking", DELIVERIES.values(), ids=DELIVERIES.keys())
    async def test_search_for_posts_in_doubt(self, newsroom: Newsroom, breaking: Breaking) -> None:
        _, second = await two_posts(newsroom)
        await damage(newsroom, delivery, {"state": State.UNCERTAIN, **breaking})
        await damage(newsroom, delivery, {"state": State.UNCERTAIN}, second.id)
        assert second.id in [one.id for one in await newsroom.bot.ledger.in_doubt("test", 9)]

    @pytest.mark.parametrize("breaking", [*DELIVERIES.values(), {"state": "levitating"}])
    async def test_lists_and_alerts(self, newsroom: Newsroom, breaking: Breaking) -> None:
        _, second = await two_posts(newsroom)
        await damage(newsroom, delivery, {"state": State.DEAD, **breaking})
        await damage(newsroom, delivery, {"state": State.DEAD}, second.id)
        assert second.id in [one.id for one in await newsroom.bot.ledger.latest(9)]
        assert second.id in [one.id for one in await newsroom.bot.ledger.troubles(newsroom.clock() - HOUR)]
        await newsroom.bot.posting.alerts.run(newsroom.clock() + HOUR)

    @pytest.mark.parametrize("breaking", DELIVERIES.values(), ids=DELIVERIES.keys())
    async def test_corrections(self, newsroom: Newsroom, breaking: Breaking) -> None:
        for chat in (CHAT, OTHER):
            await newsroom.subscribe(chat, corrections=True)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send()
        await damage(newsroom, delivery, breaking)
        await newsroom.add(MORE)
        edits = await newsroom.at(9)
        assert str(OTHER) in [str(one.destination) for one in edits]
        assert await newsroom.bot.occasions.arrived(9) == []

    @pytest.mark.parametrize("breaking", DELIVERIES.values(), ids=DELIVERIES.keys())
    async def test_expiry_and_housekeeping(self, newsroom: Newsroom, breaking: Breaking) -> None:
        await two_posts(newsroom)
        await damage(newsroom, delivery, breaking)
        newsroom.clock.now += timedelta(days=40)
        await post_due(newsroom.bot)
        await keep_house(newsroom.bot)
        assert {await column(newsroom, delivery, "state", one) for one in (1, 2)} == {State.EXPIRED}
        assert [await column(newsroom, delivery, "payload", one) for one in (1, 2)] == [None, None]


class TestSubscriptions:
    @pytest.mark.parametrize("breaking", SETTINGS.values(), ids=SETTINGS.keys())
    async def test_tick(self, newsroom: Newsroom, breaking: Breaking) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE)
        await damage(newsroom, subscription, breaking)
        assert [one.destination for one in await newsroom.at(8)] == [OTHER]
        assert "cannot be used" in await column(newsroom, subscription, "paused")

    @pytest.mark.parametrize("breaking", SETTINGS.values(), ids=SETTINGS.keys())
    async def test_composer(self, newsroom: Newsroom, breaking: Breaking) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE)
        newsroom.clock.now = newsroom.clock().replace(hour=8)
        await newsroom.bot.posting.tick.run(newsroom.clock())
        await damage(newsroom, subscription, breaking)
        await newsroom.bot.posting.composer.run()
        waiting = [one for one in await newsroom.bot.ledger.latest(9) if one.state is State.PENDING]
        assert OTHER in [one.destination for one in waiting]
        assert await newsroom.bot.posting.composer.run() == 0

    @pytest.mark.parametrize("breaking", SETTINGS.values(), ids=SETTINGS.keys())
    async def test_stories_as_they_arrive(self, newsroom: Newsroom, breaking: Breaking) -> None:
        for chat in (CHAT, OTHER):
            await newsroom.subscribe(chat, mode=Mode.ARRIVAL)
        await damage(newsroom, subscription, breaking)
        await newsroom.add(BRIDGE)
        assert OTHER in [one.destination for one in await newsroom.at(7)]

    @pytest.mark.parametrize("breaking", SETTINGS.values(), ids=SETTINGS.keys())
    async def test_review_of_admission_and_clock(self, newsroom: Newsroom, breaking: Breaking) -> None:
        ahead = {"since": newsroom.clock() + timedelta(days=9)}
        for chat in (CHAT, OTHER):
            await newsroom.subscribe(chat)
        for number in (1, 2):
            await damage(newsroom, subscription, ahead, number)
        await damage(newsroom, subscription, breaking)
        await keep_house(newsroom.bot)
        assert await column(newsroom, subscription, "since", 2) <= newsroom.clock()

    @pytest.mark.parametrize("breaking", SETTINGS.values(), ids=SETTINGS.keys())
    async def test_a_chat_that_lets_the_bot_in_again(self, newsroom: Newsroom, breaking: Breaking) -> None:
        topics = [Destination("test", "1", thread) for thread in ("7", "8")]
        for topic in topics:
            await newsroom.subscribe(topic)
        await newsroom.bot.subscriptions.bar(CHAT, "the bot was removed")
        await damage(newsroom, subscription, breaking)
        now = newsroom.clock()
        await newsroom.bot.subscriptions.let_in(CHAT, lambda one: resumed(one, now))
        assert await column(newsroom, subscription, "paused", 2) is None
        assert await column(newsroom, subscription, "paused")

    @pytest.mark.parametrize("breaking", SETTINGS.values(), ids=SETTINGS.keys())
    async def test_lists_of_the_check_and_of_the_commands(self, newsroom: Newsroom, breaking: Breaking) -> None:
        await newsroom.subscribe(CHAT)
        await newsroom.subscribe(CHAT, 18)
        await damage(newsroom, subscription, breaking)
        assert [one.id for one in await newsroom.bot.subscriptions.all()] == [2]
        assert await newsroom.bot.subscriptions.unreadable() == [(1, str(CHAT))]
        talk = Talk(newsroom.bot, newsroom.clock, CHAT)
        for command in ("/status", "/settings", "/pause", "/resume", "/mydata", "/unsubscribe all", "/forgetme yes"):
            view = await talk.ask(command)
            assert "Something went wrong" not in str(view.blocks), command


class TestStories:
    @pytest.mark.parametrize("breaking", VERSIONS.values(), ids=VERSIONS.keys())
    @pytest.mark.parametrize("where", ["lists", "digest", "housekeeping"])
    async def test_story_loops(self, newsroom: Newsroom, breaking: Breaking, where: str) -> None:
        await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE)
        await newsroom.add(CHEESE)
        broken = (await newsroom.bot.stories.newest(Viewer(EVERYBODY), 9))[-1].version.id
        await damage(newsroom, version, breaking, broken)
        fresh = Newsroom(newsroom.bot.database)  # which remembers no version
        fresh.clock.now = newsroom.clock()
        if where == "lists":
            titles = [one.version.article.text for one in await fresh.bot.stories.newest(Viewer(EVERYBODY), 9)]
            assert len(titles) == 1
            assert "cheese" in str((await Talk(fresh.bot, fresh.clock).ask("/latest")).about) or titles
        elif where == "digest":
            [post] = await fresh.at(8)
            assert "A cheese wins" in (post.payload or "")
        else:
            fresh.clock.now += timedelta(days=400)
            await keep_house(fresh.bot)
            assert await fresh.bot.stories.count(Viewer(EVERYBODY)) == 0

    async def test_arrivals(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(CHAT, mode=Mode.ARRIVAL)
        async with newsroom.bot.database.write() as connection:
            await connection.execute(insert(arrival).values(version="nothing here"))
        await newsroom.add(BRIDGE)
        assert [one.destination for one in await newsroom.at(7)] == [CHAT]
        assert await newsroom.bot.occasions.arrived(9) == []


class TestFeeds:
    """Of two feeds or sources the first is damaged."""

    SOURCES = tuple(FeedSource(f"https://{name}.example/feed") for name in ("a", "b"))
    BREAKING: tuple[Breaking, ...] = ({"tags": "{"}, {"tags": "7"}, {"origin": "a moon"})

    @pytest.mark.parametrize("breaking", BREAKING, ids=str)
    async def test_feeds(self, newsroom: Newsroom, breaking: Breaking) -> None:
        feeds, now = Feeds(newsroom.bot.database), newsroom.clock()
        first, second = [one.id for source in self.SOURCES if (one := await feeds.add(source, now))]
        await damage(newsroom, feed, breaking, first)
        assert [one.id for one in await feeds.all()] == [second]
        assert [one.id for one in await feeds.due(now, 1)] == []
        assert [one.id for one in await feeds.due(now, 1)] == [second]  # the broken one waits for a day

    @pytest.mark.parametrize("body", ["{", "[7]", '{"url": "https://a.example/1"}'])
    async def test_items(self, newsroom: Newsroom, body: str) -> None:
        feeds, now = Feeds(newsroom.bot.database), newsroom.clock()
        known = await feeds.add(self.SOURCES[0], now)
        assert known is not None
        items = [FeedItem(f"https://a.example/{number}", f"id {number}", "Title", "Text.", now) for number in (1, 2)]
        await feeds.record(known, Reading("Feed", Validators(), HOUR, now, pending=items), now)
        first, second = [one.id for one in await feeds.pending(now, 9)]
        await damage(newsroom, feed_item, {"body": body}, first)
        assert [one.id for one in await feeds.pending(now, 1)] == []
        assert [one.id for one in await feeds.pending(now, 1)] == [second]

    async def test_source_chats(self, newsroom: Newsroom) -> None:
        chats = SourceChats(newsroom.bot.database)
        for chat in (CHAT, OTHER):
            await chats.add(chat, frozenset({"news"}))
        async with newsroom.bot.database.write() as connection:
            broken = update(source_chat).where(source_chat.c.destination == CHAT.owner)
            await connection.execute(broken.values(tags="{"))
        assert [chat for chat, _ in await chats.all()] == [Destination(OTHER.platform, OTHER.chat)]


class TestOthers:
    async def test_notices_of_pauses(self, newsroom: Newsroom) -> None:
        for chat in (CHAT, OTHER):
            await newsroom.subscribe(chat)
        changed = {"paused": "it was removed", "created_by": "test:9"}
        for number in (1, 2):
            await damage(newsroom, subscription, changed, number)
        await damage(newsroom, subscription, {"created_by": "nobody that can be read"}, 1)
        await newsroom.bot.posting.notices.run(newsroom.clock())
        told = [one.destination for one in await newsroom.bot.ledger.latest(9)]
        assert told == [Destination("test", "9")]

    async def test_occasions(self, newsroom: Newsroom) -> None:
        for chat in (CHAT, OTHER):
            await newsroom.subscribe(chat)
        await newsroom.add(BRIDGE)
        newsroom.clock.now = newsroom.clock().replace(hour=8)
        await newsroom.bot.posting.tick.run(newsroom.clock())
        await damage(newsroom, occasion, {"key": "parade:2025"})
        await newsroom.bot.posting.composer.run()
        assert OTHER in [one.destination for one in await newsroom.bot.ledger.latest(9) if one.state is State.PENDING]

    async def test_messages_that_were_set_aside(self, newsroom: Newsroom) -> None:
        now = newsroom.clock()
        await newsroom.bot.inbox.store("test", [(1, "{"), (2, "[]"), (3, "{}")], now)
        assert len(await newsroom.bot.inbox.claim("test", with_own=True)) == 3
        async with newsroom.bot.database.write() as connection:
            await connection.execute(update(inbox).values(state="aside", reason=None))
        await post_due(newsroom.bot)
        await Talk(newsroom.bot, newsroom.clock, CHAT).ask("/forgetme yes", **TRUSTED)

    async def test_places_of_the_check(self) -> None:
        async def fails() -> Finding:
            raise KeyError("a field of a newer version")

        found = await checked(str(CHAT), fails())
        assert found.is_wrong
        assert str(CHAT) in str(found.said)

    async def test_steps_of_the_tick_and_of_housekeeping(self) -> None:
        from bot.posting.steps import StepFailed, take_all

        taken: list[str] = []

        def step(name: str, error: Exception | None = None) -> Callable[[], Awaitable[None]]:
            async def take() -> None:
                taken.append(name)
                if error:
                    raise error

            return take

        with pytest.raises(StepFailed, match="KeyError"):
            await take_all(step("prune", KeyError("x")), step("alerts"))
        assert taken == ["prune", "alerts"]
