"""The store of feeds and their items, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.app import open_database
from bot.feeds.model import Feed, FeedCounts, FeedSource, Origin, Reading
from bot.storage.feeds import Feeds
from briefings.errors import AddressGone, ServerBusy, SourceTooLarge
from briefings.fetching.headers import Validators
from briefings.sources.feeds import FeedItem
from tests.fakes import NOON, article

HOUR = timedelta(hours=1)
PORT = FeedSource("https://a.example/feed", frozenset({"local"}), 500, HOUR, 2 * HOUR)
ITEM = FeedItem("https://a.example/1", "1", "Port closed", "<p>It was closed.</p>", NOON)


@pytest.fixture(name="feeds")
async def _feeds(database_url: str) -> AsyncIterator[Feeds]:
    async with open_database(database_url) as database:
        yield Feeds(database)


async def added(feeds: Feeds, source: FeedSource = PORT) -> Feed:
    feed = await feeds.add(source, NOON)
    assert feed is not None
    return feed


def reading(*pending: FeedItem, **more: object) -> Reading:
    return replace(Reading("Harbour News", Validators('"1"', "then"), HOUR, NOON + HOUR, pending=pending), **more)  # type: ignore[arg-type]


async def test_a_feed_is_kept_as_it_was_added(feeds: Feeds) -> None:
    feed = await added(feeds)
    assert (feed.source, feed.next_poll, feed.last_read, feed.ended) == (PORT, NOON, None, False)
    assert await feeds.all() == [feed]
    assert await feeds.get(feed.id) == feed
    assert await feeds.add(replace(PORT, tags=frozenset()), NOON) is None


async def test_a_read_is_recorded(feeds: Feeds) -> None:
    await feeds.record(await added(feeds), reading(ITEM, usual_gap=HOUR), NOON)
    [feed] = await feeds.all()
    assert (feed.title, feed.validators, feed.interval) == ("Harbour News", Validators('"1"', "then"), HOUR)
    assert (feed.next_poll, feed.last_read, feed.newest, feed.usual_gap) == (NOON + HOUR, NOON, NOON, HOUR)
    assert await feeds.fingerprints(feed.id, [ITEM.key, "other"]) == {ITEM.key: ITEM.fingerprint}


async def test_feeds_are_due_in_their_order(feeds: Feeds) -> None:
    late = await added(feeds)
    early = await added(feeds, replace(PORT, address="https://b.example/feed"))
    await feeds.record(late, reading(next_poll=NOON + 2 * HOUR), NOON)
    await feeds.record(early, reading(next_poll=NOON + HOUR), NOON)
    assert [feed.id for feed in await feeds.due(NOON + 2 * HOUR, 10)] == [early.id, late.id]
    assert [feed.id for feed in await feeds.due(NOON + HOUR, 10)] == [early.id]


async def test_a_failure_is_recorded_with_its_data_and_gone_after_a_read(feeds: Feeds) -> None:
    await feeds.record_failure(await added(feeds), ServerBusy("x", 60.0), NOON + HOUR)
    [feed] = await feeds.all()
    await feeds.record_failure(feed, SourceTooLarge("x", 5), NOON + HOUR)
    [feed] = await feeds.all()
    assert (feed.failures, type(feed.error), feed.error and vars(feed.error)) == (
        2,
        SourceTooLarge,
        {"name": "x", "limit": 5},
    )
    await feeds.record(feed, reading(), NOON)
    [feed] = await feeds.all()
    assert (feed.failures, feed.error) == (0, None)


async def test_a_feed_that_is_gone_is_not_read(feeds: Feeds) -> None:
    await feeds.record_failure(await added(feeds), AddressGone("x"), NOON, ended=True)
    assert await feeds.due(NOON + HOUR, 10) == []


async def test_a_feed_moves_unless_the_new_address_is_taken(feeds: Feeds) -> None:
    feed = await added(feeds)
    await added(feeds, replace(PORT, address="https://b.example/feed"))
    await feeds.record(feed, reading(moved_to="https://c.example/feed"), NOON)
    await feeds.record(feed, reading(moved_to="https://b.example/feed"), NOON)
    assert [one.source.address for one in await feeds.all()] == ["https://b.example/feed", "https://c.example/feed"]


async def test_items_wait_until_they_are_finished(feeds: Feeds) -> None:
    feed = await added(feeds)
    other = replace(ITEM, url="https://a.example/2")
    await feeds.record(feed, reading(ITEM, other), NOON)
    second, first = await feeds.pending(NOON, 10)
    assert (first.item, second.item, first.attempts) == (ITEM, other, 0)
    await feeds.finish(first.id, "v1")
    await feeds.postpone(second.id, NOON + HOUR)
    assert await feeds.pending(NOON, 10) == []
    [again] = await feeds.pending(NOON + HOUR, 10)
    assert (again.item, again.attempts) == (other, 1)
    await feeds.give_up(again.id)
    assert await feeds.pending(NOON + HOUR, 10) == []
    assert await feeds.counts(NOON - HOUR) == {feed.id: FeedCounts(1, 1)}


async def test_an_article_is_kept_until_its_item_is_finished(feeds: Feeds) -> None:
    feed = await added(feeds)
    number = (await feeds.record(feed, reading(ITEM), NOON))[ITEM.key]
    found = replace(article("Port closed", "It was closed."), published=NOON.date())
    await feeds.postpone(number, NOON)
    await feeds.keep_article(number, found)
    pending = await feeds.item(number, NOON)
    assert pending is not None
    assert (pending.is_read, pending.attempts, await feeds.article(number)) == (True, 0, found)
    await feeds.finish(number, "v1")
    assert (await feeds.item(number, NOON), await feeds.article(number)) == (None, None)


async def test_an_item_that_is_postponed_is_not_to_be_done(feeds: Feeds) -> None:
    number = (await feeds.record(await added(feeds), reading(ITEM), NOON))[ITEM.key]
    await feeds.postpone(number, NOON + HOUR)
    assert await feeds.item(number, NOON) is None
    assert await feeds.item(number, NOON + HOUR) is not None


async def test_an_article_that_cannot_be_read_is_read_from_its_page_again(database_url: str) -> None:
    async with open_database(database_url) as database:
        feeds = Feeds(database)
        number = (await feeds.record(await added(feeds), reading(ITEM), NOON))[ITEM.key]
        async with database.write() as connection:
            await connection.execute(text("UPDATE feed_item SET article = '{}'"))
        assert await feeds.article(number) is None
        [pending] = await feeds.pending(NOON, 10)
        assert not pending.is_read


async def test_an_item_that_was_edited_waits_again(feeds: Feeds) -> None:
    feed = await added(feeds)
    await feeds.record(feed, reading(ITEM), NOON)
    [first] = await feeds.pending(NOON, 10)
    await feeds.finish(first.id, "v1")
    edited = replace(ITEM, title="Port reopened")
    await feeds.record(feed, reading(edited), NOON)
    assert [one.item for one in await feeds.pending(NOON, 10)] == [edited]


async def test_items_that_are_not_wanted_are_known(feeds: Feeds) -> None:
    feed = await added(feeds)
    await feeds.record(feed, reading(skipped=[ITEM]), NOON)
    assert await feeds.pending(NOON, 10) == []
    assert ITEM.key in await feeds.fingerprints(feed.id, [ITEM.key])


async def test_the_same_item_of_another_feed_is_found(feeds: Feeds) -> None:
    await feeds.record(await added(feeds), reading(ITEM), NOON)
    assert await feeds.twin(ITEM) is None
    [pending] = await feeds.pending(NOON, 10)
    await feeds.finish(pending.id, "v1")
    assert await feeds.twin(ITEM) == "v1"
    assert await feeds.twin(replace(ITEM, title="Port reopened")) is None


async def test_items_are_forgotten_when_no_feed_has_them_any_more(feeds: Feeds) -> None:
    feed = await added(feeds)
    gone = replace(ITEM, url="https://a.example/2")
    await feeds.record(feed, reading(skipped=[ITEM, gone]), NOON)
    later = NOON + timedelta(days=100)
    await feeds.record(feed, reading(present=frozenset({ITEM.key})), later)
    await feeds.prune(later - timedelta(days=90))
    assert set(await feeds.fingerprints(feed.id, [ITEM.key, gone.key])) == {ITEM.key}


async def test_the_configuration_has_its_feeds(feeds: Feeds) -> None:
    """A feed that is declared and was added by hand is the configuration's; one that is not any more goes."""
    by_hand = await added(feeds, replace(PORT, address="https://b.example/feed"))
    declared = replace(PORT, origin=Origin.CONFIG)
    await feeds.declare([declared, replace(declared, address="https://b.example/feed")], NOON)
    found = {feed.source.address: feed for feed in await feeds.all()}
    assert {feed.source.origin for feed in found.values()} == {Origin.CONFIG}
    assert found["https://b.example/feed"].id == by_hand.id
    await feeds.record(found[PORT.address], reading(moved_to="https://c.example/feed"), NOON)
    await feeds.declare([replace(declared, tags=frozenset({"other"}))], NOON)
    [left] = await feeds.all()
    assert (left.source.address, left.source.tags) == ("https://c.example/feed", frozenset({"other"}))


async def test_a_feed_that_moved_to_a_known_address_is_read_there_with_the_tags_of_both(feeds: Feeds) -> None:
    new = await added(feeds, FeedSource("https://www.a.example/new", frozenset({"news"})))
    old, oldest = await added(feeds), await added(feeds, FeedSource("https://m.a.example/feed", frozenset({"port"})))
    assert await feeds.merge(oldest.id, old.source.address, NOON) == old.id
    await feeds.record(new, reading(), NOON)
    assert await feeds.merge(old.id, new.source.address, NOON) == new.id
    assert await feeds.merge(old.id, "https://nowhere.example/feed", NOON) is None
    [due] = await feeds.due(NOON, 10)
    assert (due.id, due.merged_into) == (new.id, None)
    assert due.source.tags == {"news", "local", "port"}
    assert {feed.id: feed.merged_into for feed in await feeds.all()} == {
        new.id: None,
        old.id: new.id,
        oldest.id: new.id,
    }
    await feeds.tag(old.id, frozenset({"sea"}))
    assert [feed.source.tags for feed in await feeds.all()] == [
        {"local", "sea"},
        {"port"},
        {"news", "local", "port", "sea"},
    ]


async def test_a_feed_of_another_site_leaves_the_tags_of_the_one_it_moved_to(feeds: Feeds) -> None:
    """Otherwise a site could hide another's stories with a redirect, if its own feed has restricted tags."""
    kept = await added(feeds)
    other = await added(feeds, FeedSource("https://b.example/feed", frozenset({"secret"})))
    assert await feeds.merge(other.id, kept.source.address, NOON) == kept.id
    assert {feed.merged_into: feed.source.tags for feed in await feeds.all()} == {None: {"local"}, kept.id: {"secret"}}


async def test_a_feed_is_read_again_when_the_one_in_its_place_is_removed(feeds: Feeds) -> None:
    declared = replace(PORT, address="https://b.example/feed", origin=Origin.CONFIG)
    old = await added(feeds)
    await feeds.declare([declared], NOON)
    for remove in (feeds.remove, lambda _: feeds.declare([], NOON)):
        kept = await feeds.merge(old.id, declared.address, NOON)
        assert kept is not None
        assert [feed.id for feed in await feeds.due(NOON, 10)] == [kept]
        await remove(kept)
        assert [feed.id for feed in await feeds.due(NOON, 10)] == [old.id]
        await feeds.declare([declared], NOON)


async def test_a_feed_is_removed_with_its_items(feeds: Feeds) -> None:
    feed = await added(feeds)
    await feeds.record(feed, reading(ITEM), NOON)
    await feeds.remove(feed.id)
    assert (await feeds.all(), await feeds.pending(NOON, 10), await feeds.get(feed.id)) == ([], [], None)
