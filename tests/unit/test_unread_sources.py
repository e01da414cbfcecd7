"""Digests name the feeds that could not be read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.answers.digests import quiet_view, unread_note
from bot.feeds.intervals import unread_sources
from bot.feeds.model import Feed, FeedSource
from bot.i18n import Translator
from bot.jobs import poll_feeds, post_due, read_pages
from briefings.errors import FetchTimeout
from briefings.scope import Viewer
from tests.fakes import NOON, Talk, article, talk_over
from tests.integration.test_week_of_feeds import Chats
from tests.shown import said
from tests.web import client_for, item, page, rss, running_web

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def feed(title: str, hours: float | None, failures: int = 1, *tags: str) -> Feed:
    """A feed that was read so many hours before noon and has failed since."""
    error = FetchTimeout("https://a.example/", 20) if failures else None
    last = None if hours is None else NOON - hours * HOUR
    source = FeedSource(f"https://{title}.example/", frozenset(tags))
    return Feed(1, source, title, failures=failures, error=error, last_read=last)


@pytest.mark.parametrize(
    ("found", "named"),
    [
        (feed("Harbour", 25), ["Harbour"]),
        (feed("Harbour", 23), []),  # it was read after the last digest
        (feed("Harbour", 25, 0), []),  # it is well, only rarely due
        (feed("Harbour", 24 * 5), []),  # it was named for three days
        (feed("Harbour", None), []),  # nobody has read anything of it yet
        (feed("Harbour", 25, 1, "local"), ["Harbour"]),
        (feed("Harbour", 25, 1, "sport"), []),
        (feed("Harbour", 25, 1, "local", "secret"), []),
    ],
)
def test_which_feeds_are_named(found: Feed, named: list[str]) -> None:
    tags = ["Local"] if found.source.tags else []
    assert unread_sources([found], NOON - DAY, tags, Viewer(barred=frozenset({"secret"}))) == named


def test_a_few_are_named_and_the_others_counted() -> None:
    note = Translator("en").say(unread_note(["Harbour", "Coast", "x" * 60, "Hills", "Woods"]))
    assert note == f"Could not be read: Harbour, Coast, {'x' * 39}…, and 2 more."


def test_a_digest_without_news_names_them() -> None:
    assert said(quiet_view(["Harbour"], ())).endswith("Could not be read: Harbour.")


async def _digest(talk: Talk, chats: Chats, day: int) -> str:
    """The digest of a day at eight, which arrives."""
    talk.clock.now = NOON.replace(hour=8, minute=0) + day * DAY
    await post_due(talk.bot)
    await chats.take()
    return chats.posts[-1].delivery.payload or ""


async def test_a_digest_names_a_feed_once_it_cannot_be_read() -> None:
    async with running_web() as site, client_for(site) as client, talk_over(client=client) as talk:
        site.put("/feed", rss(item("Port closed", "/port")))
        site.put("/port", page("Port of Harwell closed"))
        desk = talk.bot.ingest
        assert desk is not None
        chats = Chats(talk)
        await desk.add(FeedSource(site.url("/feed")))
        await talk.ask("/subscribe 8:00")
        await poll_feeds(talk.bot)
        await read_pages(talk.bot)
        assert "Could not be read" not in await _digest(talk, chats, 1)
        site.put("/feed", status=500)
        await poll_feeds(talk.bot)
        await talk.add(article("Bridge at Norby collapses", "The bridge at Norby fell into the river."))
        digest = await _digest(talk, chats, 2)
        assert "Bridge at Norby collapses" in digest
        assert "Could not be read: Harbour News." in digest
