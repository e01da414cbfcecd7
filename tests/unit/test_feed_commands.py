"""/feeds and links in chat: for operators, and links for the chats that they allow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.access import Access, Policy
from bot.answers.common import section_action
from bot.answers.feeds import state_message
from bot.answers.sections import full_view
from bot.feeds.intervals import trouble
from bot.feeds.model import Feed, FeedSource
from bot.i18n import Translator
from bot.jobs import keep_house, poll_feeds, read_pages
from bot.views.buttons import Verb
from briefings.errors import (
    FeedEmpty,
    FeedUnsafe,
    FetchTimeout,
    OpmlInvalid,
    SourceError,
    SourceTooLarge,
    StatusRefused,
)
from briefings.scope import Viewer
from briefings.sources.opml import Outline, read_opml, write_opml
from tests.fakes import NOON, Talk, talk_over
from tests.shown import said
from tests.web import Web, client_for, item, page, rss, running_web

OPERATOR = "test:7"
ALLOWED = "test:allowed"
DAY = timedelta(days=1)


@pytest.fixture(name="site")
async def _site() -> AsyncIterator[Web]:
    async with running_web() as site:
        site.put("/feed", rss(item("Port closed", "/port")))
        site.put("/port", page("Port of Harwell closed"))
        yield site


@pytest.fixture(name="talk")
async def _talk(site: Web) -> AsyncIterator[Talk]:
    access = Access(Policy.OPEN, frozenset({OPERATOR}), links=frozenset({ALLOWED}))
    async with client_for(site) as client, talk_over(access=access, client=client) as talk:
        yield talk


async def test_an_operator_adds_lists_checks_and_removes_a_feed(talk: Talk, site: Web) -> None:
    assert "No feeds yet" in said(await talk.ask("/feeds"))
    assert "Added: Harbour News" in said(await talk.ask(f"/feeds add {site.url('/feed')} #local"))
    assert "was added before" in said(await talk.ask(f"/feeds add {site.url('/feed')} #port"))
    assert "not read yet" in said(await talk.ask("/feeds"))
    assert "works" in said(await talk.ask("/feeds check 1"))
    await read_pages(talk.bot)
    assert "(stories this week: 1)" in said(await talk.ask("/feeds"))
    [version] = await talk.library.newest(Viewer(), 5)
    report = await talk.library.report_of(version.id)
    assert report is not None
    assert report.scope.tags == frozenset({"local", "port"})
    assert "works" in said(await talk.ask("/feeds controlla harbour news"))
    assert "Removed: Harbour News" in said(await talk.ask("/feeds elimina Harbour News"))
    assert "no such feed" in said(await talk.ask("/feeds remove 1"))
    assert "Added" in said(await talk.ask(f"/feed aggiungi {site.url('/feed')} sport, harbour"))
    assert "I did not understand “perhaps”." in said(await talk.ask("/feeds perhaps"))
    assert "no such feed" in said(await talk.ask("/feeds check x"))


async def test_a_site_with_several_feeds_asks_which(talk: Talk, site: Web) -> None:
    site.put("/sport", rss(item("Match drawn", "/match")))
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{one}">' for one in ("feed", "sport"))
    site.put("/", f"<html><head><title>Harbour</title>{links}</head><body><p>Hi</p></body></html>")
    answer = said(await talk.ask(f"/feeds add {site.url()}"))
    assert f"/feeds add {site.url('/feed')}" in answer
    assert f"/feeds add {site.url('/sport')}" in answer


async def test_a_feed_where_most_sites_have_it_is_found(talk: Talk, site: Web) -> None:
    site.put("/", "<html><head><title>Harbour</title></head><body><p>Hi</p></body></html>")
    assert f"Added: Harbour News ({site.url('/feed')})" in said(await talk.ask(f"/feeds add {site.url()}"))


async def test_feeds_are_found_relative_to_the_base_of_a_page_and_those_of_comments_come_last(
    talk: Talk, site: Web
) -> None:
    site.put("/sub/news.xml", rss(item("Port closed", "/port")))
    site.put("/sub/all.xml", rss(item("Re: port", "/port#1")))
    names = (("Comments Feed", "all.xml"), ("News", f"feed:{site.url('/sub/news.xml')}"))
    links = "".join(f'<link rel="alternate" type="application/rss+xml" title="{a}" href="{b}">' for a, b in names)
    site.put("/", f'<html><head><base href="/sub/">{links}</head><body><p>Hi</p></body></html>')
    answer = said(await talk.ask(f"/feeds add {site.url()}"))
    assert 0 < answer.index("/sub/news.xml") < answer.index("/sub/all.xml")


async def test_feeds_that_a_page_about_them_lists_are_found(talk: Talk, site: Web) -> None:
    site.put("/news.xml", rss(item("Port closed", "/port")))
    site.put("/", '<html><body><p>Hi</p><a href="/service/feeds">Our RSS feeds</a></body></html>')
    site.put("/service/feeds", '<html><body><h1>Feeds</h1><a href="/news.xml">News</a></body></html>')
    assert f"Added: Harbour News ({site.url('/news.xml')})" in said(await talk.ask(f"/feeds add {site.url()}"))


async def test_what_is_no_feed_is_told(talk: Talk, site: Web) -> None:
    site.put("/gone", status=410)
    assert "gone for good" in said(await talk.ask(f"/feeds add {site.url('/gone')}"))
    assert "is not a web address" in said(await talk.ask("/feeds add gazette"))
    assert "Which feed?" in said(await talk.ask("/feeds add"))


async def test_others_may_not(talk: Talk, site: Web) -> None:
    other = talk.elsewhere("2")
    assert "Only an operator" in said(await other.ask("/feeds"))
    assert "cannot open links" in said(await other.ask(site.url("/port")))
    assert not site.requests


async def test_a_link_is_briefed_for_that_chat_alone(talk: Talk, site: Web) -> None:
    for chat in (talk, talk.elsewhere("allowed")):
        assert "Port of Harwell closed" in said(await chat.ask(site.url("/port")))
    assert await talk.library.newest(Viewer(), 5) == []
    assert "Port of Harwell closed" in said(await talk.ask("/summary"))


async def test_a_question_beside_a_link_is_answered_too(talk: Talk, site: Web) -> None:
    answer = said(await talk.ask(f"when was it closed? {site.url('/port')}"))
    assert "When" in answer
    assert answer.count("Port of Harwell closed") == 1  # one title is enough


async def test_a_link_beside_a_question_of_somebody_who_may_send_none_is_not_opened(talk: Talk, site: Web) -> None:
    other = talk.elsewhere("2")
    assert "no stories yet" in said(await other.ask(f"when was it closed? {site.url('/port')}"))
    assert not site.requests


async def test_a_link_that_fails_says_why(talk: Talk, site: Web) -> None:
    assert "no such page" in said(await talk.ask(site.url("/nothing")))
    assert "private network" in said(await talk.ask("http://127.0.0.2/"))


async def test_without_a_client_the_bot_stays_offline(site: Web) -> None:
    async with talk_over(access=Access(Policy.OPEN, frozenset({OPERATOR}))) as talk:
        assert "offline" in said(await talk.ask("/feeds"))
        assert "cannot open links" in said(await talk.ask(site.url("/port")))
        await poll_feeds(talk.bot)
        await read_pages(talk.bot)
    assert not site.requests


async def test_operators_are_told_once_of_a_feed_that_is_gone(talk: Talk, site: Web) -> None:
    await talk.ask(f"/feeds add {site.url('/feed')}")
    site.put("/feed", status=410)
    await poll_feeds(talk.bot)
    for _ in range(2):
        await keep_house(talk.bot)
    [alert] = await talk.bot.ledger.latest(10)
    assert str(alert.destination) == OPERATOR
    assert "gone for good" in said(await talk.ask("/feeds"))


async def test_a_story_of_a_feed_s_text_says_so(talk: Talk, site: Web) -> None:
    site.put("/feed", rss(item("Port closed", "/port", "The port of Harwell was closed on Tuesday, its master said.")))
    site.put("/port", status=403)
    await talk.ask(f"/feeds add {site.url('/feed')}")
    await poll_feeds(talk.bot)
    await read_pages(talk.bot)
    assert "This is the text of the outlet's feed" in said(await talk.ask("/brief"))


async def test_no_more_of_a_section_is_shown_than_the_operator_allows(talk: Talk, site: Web) -> None:
    paragraphs = [f"The storm hit the port at {hour} o'clock, and lasted for an hour." for hour in range(1, 12)]
    site.put("/port", page("Port closed", "<h2>What happened</h2>", *paragraphs))
    desk = talk.bot.ingest
    assert desk is not None
    await desk.add(FeedSource(site.url("/feed"), shown=200))
    await poll_feeds(talk.bot)
    await read_pages(talk.bot)
    [version] = await talk.library.newest(Viewer(), 5)
    [section, *_] = version.briefing.sections
    full = said(full_view(version, section_action(version, section, Verb.FULL)))
    assert "at 1 o'clock" in full
    assert "at 11 o'clock" not in full
    assert "The rest is at the source." in full
    assert "at 11 o'clock" in version.article.text


class TestHealth:
    SOURCE = FeedSource("https://a.example/feed")
    SILENT = Feed(1, SOURCE, last_read=NOON, newest=NOON - 9 * DAY, usual_gap=DAY)
    FAILED = Feed(1, SOURCE, failures=4, error=FetchTimeout("x", 20.0), last_read=NOON - 2 * DAY)

    @pytest.mark.parametrize(
        ("feed", "words", "occasion"),
        [
            (Feed(1, SOURCE), "not read yet", None),
            (Feed(1, SOURCE, last_read=NOON), "works", None),
            (Feed(1, SOURCE, ended=True), "gone for good", "ended"),
            (SILENT, "silent since", "silent"),
            (FAILED, "took more than 20 seconds", "failing"),
            (Feed(1, SOURCE, failures=2, error=FeedEmpty("x"), last_read=NOON - 2 * DAY), "without items", None),
            (Feed(1, SOURCE, failures=1, error=StatusRefused("x", 403)), "Ask the site for an open feed", None),
            (Feed(1, SOURCE, failures=1, error=SourceTooLarge("x", 5_000_000)), "Look for a shorter feed", None),
        ],
    )
    def test_is_told(self, feed: Feed, words: str, occasion: str | None) -> None:
        assert words in Translator("en").say(state_message(feed, NOON))
        found = trouble(feed, NOON)
        assert (found.split(":")[0] if found else None) == occasion


class TestLists:
    OUTLINES = (Outline("https://a.example/feed?a=1&b=2", "A & B", ("local",)), Outline("https://b.example/feed"))

    def test_what_is_written_is_read(self) -> None:
        (first, second), left_out = read_opml(write_opml(self.OUTLINES).encode(), "x.opml")
        assert left_out == []
        assert first == self.OUTLINES[0]
        assert second.address == "https://b.example/feed"

    def test_folders_are_tags(self) -> None:
        feed = '<outline xmlUrl="feed://a.example/x"/>'
        raw = f'<opml version="2.0"><body><outline text="Sport">{feed}</outline></body></opml>'
        assert read_opml(raw.encode(), "x").feeds == [Outline("https://a.example/x", "", ("Sport",))]

    def test_lists_of_other_readers_are_read(self) -> None:
        nested = '<outline title="Europe"><outline title="A" xmlurl="https://a.example/feed?x=1&amp;y=2"/></outline>'
        others = '<outline text="B" type="atom" xmlUrl="feed:https://b.example/atom"/>'
        others += '<outline text="C" xmlUrl="https://c.example/rss" category="/World/Asia,Sport"/>'
        raw = f'<opml version="1.1"><body><outline title="Politics">{nested}</outline>{others}</body></opml>'
        assert read_opml(raw.encode("utf-16"), "x").feeds == [
            Outline("https://a.example/feed?x=1&y=2", "A", ("Politics", "Europe")),
            Outline("https://b.example/atom", "B"),
            Outline("https://c.example/rss", "C", ("World", "Asia", "Sport")),
        ]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_letters_of_all_languages_are_kept(self, encoding: str) -> None:
        title, address = "Zürich Straße, 新聞 & более", "https://www.zürich.example/ö?a=1&b=ü"
        feed = f'<outline text="{title.replace("&", "&amp;")}" xmlUrl="{address.replace("&", "&amp;")}"/>'
        raw = f'<opml version="2.0"><body><outline text="Büro-intern">{feed}</outline></body></opml>'
        feeds = read_opml(raw.encode(encoding), "x").feeds
        assert feeds == [Outline(address, title, ("Büro-intern",))]
        assert [(one.title, one.address) for one in read_opml(write_opml(feeds).encode(), "x").feeds] == [
            (title, address)
        ]

    @pytest.mark.parametrize(
        ("title", "kept"),
        [("News :// us", "News :// us"), ("https://a.example/x", ""), ("www.a.example/x", ""), ("a" * 999, "a" * 200)],
    )
    def test_titles_are_short_and_no_addresses(self, title: str, kept: str) -> None:
        raw = f'<opml version="2.0"><body><outline text="{title}" xmlUrl="https://a.example/x"/></body></opml>'
        assert read_opml(raw.encode(), "x").feeds[0].title == kept

    def test_entries_without_an_address_are_named(self) -> None:
        without = (
            '<outline type="rss" title="No address" htmlUrl="https://a.example/"/>'
            '<outline type="rss" text="Empty" xmlUrl=""/><outline text="Script" xmlUrl="javascript:x"/>'
            '<outline type="rss" htmlUrl="https://b.example/"/>'
        )
        folder = f'<outline text="Sport"><outline text="A" xmlUrl="https://a.example/x"/>{without}</outline>'
        feeds, left_out = read_opml(f'<opml version="2.0"><body>{folder}</body></opml>'.encode(), "x")
        assert [feed.title for feed in feeds] == ["A"]
        assert sorted(left_out) == ["Empty", "No address", "Script", "https://b.example/"]

    @pytest.mark.parametrize(
        ("raw", "error"),
        [
            (b"", OpmlInvalid),
            (b"hello", OpmlInvalid),
            (b"<html></html>", OpmlInvalid),
            (b'<opml version="2.0"><body/></opml>', OpmlInvalid),
            (b'<opml version="2.0"><body><outline xmlUrl="javascript:x"/></body></opml>', OpmlInvalid),
            (b'<!DOCTYPE o [<!ENTITY a "b">]><opml version="2.0"/>', FeedUnsafe),
            (b"<opml " + b" ".join(b'a%d="1"' % n for n in range(2000)) + b"/>", OpmlInvalid),
        ],
    )
    def test_what_is_none_is_refused(self, raw: bytes, error: type[SourceError]) -> None:
        with pytest.raises(error):
            read_opml(raw, "x")
