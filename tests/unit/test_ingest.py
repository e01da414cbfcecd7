"""Feeds and pages become stories, over loopback: duplicates, retries, and pages without an article."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ParamSpec, TypeVar

import brotli
import pytest
from aiohttp import web

from bot.answers.feeds import state_message
from bot.feeds.intervals import backoff, is_silent, next_interval, usual_gap
from bot.feeds.model import Feed, FeedSource, Reading
from bot.i18n import Translator
from bot.ingest.intake import Intake
from bot.ingest.pages import PageReader
from bot.ingest.poller import FIRST_ITEMS, Poller
from bot.queues.guard import Guard
from bot.queues.in_process import InProcessQueue
from bot.queues.model import Task
from bot.storage.feeds import Feeds
from bot.storage.job_runs import StoredJobRuns
from bot.storage.stories import Stories
from bot.workers.pool import running_workers
from briefings import errors
from briefings.errors import PageIsNoArticle, PageKind
from briefings.fetching.headers import Validators
from briefings.library import Library
from briefings.scope import OPERATOR
from briefings.sources.decode import MAX_BYTES
from briefings.sources.feeds import FeedItem
from briefings.sources.pages import read_page
from briefings.workers import InProcess
from tests.databases import new_database
from tests.fakes import NOON, Clock
from tests.stalls import measured_stall
from tests.unit.test_feeds import HOSTILE
from tests.web import PORT, Web, client_for, item, page, rss, running_web

HOUR = timedelta(hours=1)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass
class Desk:
    """Everything that makes stories of feeds, over one loopback server."""

    site: Web
    feeds: Feeds
    stories: Stories
    poller: Poller
    intake: Intake
    queue: InProcessQueue
    clock: Clock

    async def add(self, path: str = "/feed", **more: object) -> Feed:
        """A new feed."""
        feed = await self.feeds.add(FeedSource(self.site.url(path), **more), self.clock())  # type: ignore[arg-type]
        assert feed is not None
        return feed

    async def work(self, later: timedelta = timedelta()) -> list[str]:
        """Lets time pass, reads what is due, and returns the titles in the library, the newest first."""
        self.clock.now += later
        await self.poll()
        await self.intake.request()
        steps = {Task.READ: self.intake.read, Task.ANALYSE: self.intake.analyse}
        await self.queue.run_waiting(steps, *steps)
        return await self.titles()

    async def poll(self) -> None:
        """Reads the feeds that are due."""
        await self.poller.request()
        await self.queue.run_waiting({Task.POLL: self.poller.take}, Task.POLL)

    async def titles(self) -> list[str]:
        """The titles in the library, the newest first."""
        found = await self.stories.newest(OPERATOR, 50)
        return [one.version.article.headline().of(one.version.article.text) for one in found]


@pytest.fixture(name="desk")
async def _desk() -> AsyncIterator[Desk]:
    clock, workers = Clock(), InProcess()
    async with running_web() as site, new_database() as database, client_for(site) as client:
        feeds, stories = Feeds(database), Stories(database)
        library = Library(stories, workers)
        queue = InProcessQueue(database, Guard(StoredJobRuns(database, clock)))
        poller = Poller(feeds, client, workers, clock, queue)
        pages = PageReader(client, workers)
        intake = Intake(feeds, pages, library, tags=stories, workers=workers, queue=queue, clock=clock)
        yield Desk(site, feeds, stories, poller, intake, queue, clock)


class Broken(InProcess):
    """Workers that end with an error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def run(self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """Raises the error."""
        del work, args, kwargs
        raise self.error


class TestItemsThatCannotBeRead:
    @pytest.mark.parametrize("error", [errors.LimitExceeded("time"), ZeroDivisionError()], ids=repr)
    async def test_an_item_is_given_up_after_a_few_tries(self, desk: Desk, error: Exception) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port")))
        desk.site.put("/port", page("Port of Harwell closed"))
        await desk.add()
        desk.intake._workers = desk.intake._pages._workers = Broken(error)
        for _ in range(6):
            assert await desk.work(HOUR) == []
        assert desk.site.requests["/port"] == 3
        assert await desk.feeds.pending(desk.clock(), 10) == []

    async def test_an_item_waits_as_long_as_the_bot_is_busy(self, desk: Desk) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port")))
        desk.site.put("/port", page("Port of Harwell closed"))
        await desk.add()
        workers, desk.intake._pages._workers = desk.intake._pages._workers, Broken(errors.LimitExceeded("queue"))
        for _ in range(6):
            assert await desk.work(HOUR) == []
        desk.intake._pages._workers = workers
        assert await desk.work(HOUR) == ["Port of Harwell closed"]


class TestStories:
    async def test_an_item_becomes_a_story_once(self, desk: Desk) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port")))
        desk.site.put("/port", page("Port of Harwell closed"))
        await desk.add(tags=frozenset({"local"}))
        assert await desk.work() == ["Port of Harwell closed"]
        assert await desk.work(HOUR) == ["Port of Harwell closed"]
        assert desk.site.requests["/port"] == 1
        [report] = await desk.stories.newest(OPERATOR, 5)
        assert report.scope.tags == frozenset({"local"})
        assert report.version.article.url == desk.site.url("/port")

    async def test_the_first_read_takes_the_newest_few(self, desk: Desk) -> None:
        numbers = range(1, 21)
        desk.site.put(
            "/feed", rss(*(item(f"Story {n}", f"/{n}", date=f"Thu, 13 Mar 2025 {n:02}:00:00 GMT") for n in numbers))
        )
        for number in numbers:
            desk.site.put(f"/{number}", page(f"Story {number} of the port", *PORT, f"It is number {number} of them."))
        await desk.add()
        newest = [f"Story {number} of the port" for number in numbers][-FIRST_ITEMS:]
        assert sorted(await desk.work()) == sorted(newest)
        assert len(await desk.work(HOUR)) == FIRST_ITEMS

    async def test_ids_and_dates_that_change_tell_nothing_again(self, desk: Desk) -> None:
        desk.site.put("/port", page("Port closed"))
        await desk.add()
        for number in range(3):
            date = f"Fri, 14 Mar 2025 0{number}:00:00 GMT"
            desk.site.put("/feed", rss(item("Port closed", "/port", guid=f"g{number}", date=date)))
            assert await desk.work(HOUR) == ["Port closed"]
        assert desk.site.requests["/port"] == 1

    async def test_an_item_whose_address_changes_is_told_once(self, desk: Desk) -> None:
        desk.site.put("/port", page("Port closed"))
        await desk.add()
        for number in range(3):
            desk.site.put("/feed", rss(item("Port closed", f"/port?session={number}", "".join(PORT))))
            assert await desk.work(HOUR) == ["Port closed"]
        assert desk.site.requests["/port"] == 1

    async def test_short_texts_may_be_those_of_several_items(self, desk: Desk) -> None:
        desk.site.put("/a", page("Briefing"))
        desk.site.put(
            "/b", page("Briefing", "The ferry to Lund was late. Passengers waited for two hours in the rain.")
        )
        await desk.add()
        desk.site.put("/feed", rss(item("Briefing", "/a", "Read more")))
        await desk.work()
        desk.site.put("/feed", rss(item("Briefing", "/b", "Read more"), item("Briefing", "/a", "Read more")))
        assert len(await desk.work(HOUR)) == 2

    async def test_a_column_with_the_same_introduction_each_day_is_told_each_day(self, desk: Desk) -> None:
        await desk.add()
        for number in (14, 15, 16):
            desk.site.put(f"/{number}", page("Morning briefing", *PORT, f"It is the {number}th of March in Norby."))
            date = f"{number} Mar 2025 13:00:00 GMT"
            desk.site.put("/feed", rss(item("Morning briefing", f"/{number}", "".join(PORT), date=date)))
            await desk.work(timedelta(days=1))
        assert all(desk.site.requests[f"/{number}"] == 1 for number in (14, 15, 16))

    async def test_a_date_in_the_future_is_a_mistake(self, desk: Desk) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port", date="Sat, 14 Mar 2099 10:00:00 GMT")))
        desk.site.put("/port", page("Port closed"))
        await desk.add()
        await desk.work()
        [report] = await desk.stories.newest(OPERATOR, 5)
        assert report.version.article.published is None

    async def test_an_edit_becomes_a_version(self, desk: Desk) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port")))
        desk.site.put("/port", page("Port closed"))
        await desk.add()
        await desk.work()
        desk.site.put("/feed", rss(item("Port open again", "/port")))
        desk.site.put("/port", page("Port open again"))
        assert await desk.work(HOUR) == ["Port open again"]
        [report] = await desk.stories.newest(OPERATOR, 5)
        assert report.version.number == 2

    async def test_the_same_item_in_three_feeds_is_one_story_with_all_tags(self, desk: Desk) -> None:
        desk.site.put("/port", page("Port closed"))
        for name in ("a", "b", "c"):
            desk.site.put(f"/{name}", rss(item("Port closed", f"/port?utm_source={name}")))
            await desk.add(f"/{name}", tags=frozenset({name}))
            assert await desk.work() == ["Port closed"]
        [report] = await desk.stories.newest(OPERATOR, 5)
        assert report.scope.tags == frozenset({"a", "b", "c"})
        assert desk.site.requests["/port"] == 1

    async def test_a_page_that_names_another_site_does_not_take_its_story(self, desk: Desk) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port")))
        desk.site.put("/port", page("Port closed", head='<link rel="canonical" href="https://other.example/port">'))
        await desk.add()
        await desk.work()
        [report] = await desk.stories.newest(OPERATOR, 5)
        assert report.version.article.url == desk.site.url("/port")

    async def test_old_items_are_no_news(self, desk: Desk) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port")))
        desk.site.put("/port", page("Port closed"))
        await desk.add()
        await desk.work()
        old = item("Port opened", "/old", date="Sat, 04 Jan 2025 10:00:00 GMT")
        desk.site.put("/feed", rss(item("Port closed", "/port"), old))
        assert await desk.work(HOUR) == ["Port closed"]
        assert "/old" not in desk.site.requests


class TestPagesThatFail:
    FEED_TEXT = "<![CDATA[<p>The port of Harwell was closed on Tuesday, its master said.</p>]]>"

    @pytest.mark.parametrize("status", [403, 404, 410])
    async def test_the_text_of_the_feed_is_taken(self, desk: Desk, status: int) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port", self.FEED_TEXT)))
        desk.site.put("/port", status=status)
        await desk.add()
        assert await desk.work() == ["Port closed"]
        [report] = await desk.stories.newest(OPERATOR, 5)
        assert "its master said" in report.version.article.text
        assert report.version.article.is_excerpt

    async def test_robots_are_obeyed(self, desk: Desk) -> None:
        desk.site.put("/robots.txt", "User-agent: *\nDisallow: /port\n")
        desk.site.put("/feed", rss(item("Port closed", "/port", self.FEED_TEXT)))
        desk.site.put("/port", page("Port closed"))
        await desk.add()
        assert await desk.work() == ["Port closed"]
        assert "/port" not in desk.site.requests

    async def test_a_page_that_fails_for_a_while_is_tried_again(self, desk: Desk) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port", self.FEED_TEXT)))
        desk.site.put("/port", status=500)
        await desk.add()
        assert await desk.work() == []
        desk.site.put("/feed", rss(item("Another", "/another")))  # it is not in the feed any more
        desk.site.put("/port", page("Port of Harwell closed"))
        assert await desk.work(HOUR) == ["Port of Harwell closed"]

    async def test_a_page_that_goes_on_failing_is_replaced_by_the_feed(self, desk: Desk) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port", self.FEED_TEXT)))
        desk.site.put("/port", status=500)
        await desk.add()
        assert [await desk.work(HOUR) for _ in range(3)] == [[], [], ["Port closed"]]

    async def test_without_a_text_there_is_no_story_and_the_next_item_is_read(self, desk: Desk) -> None:
        desk.site.put("/feed", rss(item("Port closed", "/port"), item("Bridge open", "/bridge")))
        desk.site.put("/bridge", page("Bridge open"))
        feed = await desk.add()
        assert await desk.work() == ["Bridge open"]
        counts = await desk.feeds.counts(desk.clock() - HOUR)
        assert (counts[feed.id].stories, counts[feed.id].failed) == (1, 1)


class TestFeedsThatFail:
    async def test_each_failure_is_kept_and_the_next_feed_is_read(self, desk: Desk) -> None:
        desk.site.put("/a", status=404)
        desk.site.put("/b", "<html>")
        desk.site.put("/c", "<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>")
        desk.site.put("/d", rss(item("Port closed", "/port")))
        desk.site.put("/port", page("Port closed"))
        for name in "abcd":
            await desk.add(f"/{name}")
        assert await desk.work() == ["Port closed"]
        kinds = [type(feed.error) for feed in await desk.feeds.all()]
        assert kinds == [errors.StatusRefused, errors.FeedInvalid, errors.FeedUnsafe, type(None)]

    async def test_it_is_read_less_and_less_often_and_recovers(self, desk: Desk) -> None:
        desk.site.put("/feed", status=404)
        await desk.add()
        waits = []
        for _ in range(4):
            await desk.poll()
            [feed] = await desk.feeds.all()
            assert feed.next_poll is not None
            waits.append(feed.next_poll - desk.clock())
            desk.clock.now = feed.next_poll
        assert waits == sorted(set(waits))
        desk.site.put("/feed", rss(item("Port closed", "/port")))
        await desk.poll()
        [feed] = await desk.feeds.all()
        assert (feed.failures, feed.error) == (0, None)

    async def test_one_that_is_gone_ends(self, desk: Desk) -> None:
        desk.site.put("/feed", status=410)
        await desk.add()
        await desk.work()
        await desk.work(timedelta(days=30))
        assert desk.site.requests["/feed"] == 1

    async def test_one_that_moved_is_read_at_its_new_address(self, desk: Desk) -> None:
        desk.site.put("/feed", status=301, Location="/new")
        desk.site.put("/new", rss(item("Port closed", "/port")))
        await desk.add()
        await desk.work()
        await desk.work(timedelta(days=1))
        assert (desk.site.requests["/feed"], desk.site.requests["/new"]) == (1, 2)

    async def test_one_that_moved_to_an_address_that_is_read_already_is_read_once(self, desk: Desk) -> None:
        desk.site.put("/feed", status=301, Location="/new")
        desk.site.put("/new", rss(item("Port closed", "/port")))
        for path, title in (("/port", "Port closed"), ("/open", "Port open")):
            desk.site.put(path, page(title))
        await desk.add(tags=frozenset({"port"}))
        new = await desk.add("/new", tags=frozenset({"news"}))
        await desk.work()
        assert await desk.work(timedelta(days=1)) == ["Port closed"]
        assert desk.site.requests["/feed"] == 1
        [moved, kept] = await desk.feeds.all()
        assert moved.merged_into == new.id
        assert kept.source.tags == {"news", "port"}
        assert "moved to the address of feed 2" in Translator("en").say(state_message(moved, desk.clock()))
        desk.site.put("/new", rss(item("Port open", "/open")))
        await desk.work(timedelta(days=1))
        [report, *_] = await desk.stories.newest(OPERATOR, 1)
        assert report.scope.tags == {"news", "port"}

    async def test_one_that_has_not_changed_is_not_sent_again(self, desk: Desk) -> None:
        async def answer(request: web.BaseRequest) -> web.Response:
            is_known = request.headers.get("If-None-Match") == '"1"'
            return web.Response(status=304) if is_known else web.Response(text=rss(), headers={"ETag": '"1"'})

        desk.site.serve("/feed", answer)
        desk.site.put("/feed", rss(item("Port closed", "/port")), ETag='"1"')
        await desk.add()
        await desk.work()
        desk.site.serve("/feed", answer)
        await desk.work(timedelta(days=1))
        [feed] = await desk.feeds.all()
        assert (feed.error, feed.validators.etag) == (None, '"1"')


async def test_hostile_feeds_cost_themselves_alone(desk: Desk) -> None:
    """Each ends within its limits, most with an error, and the next feed is read. The event loop is not held up."""
    for name in ("300,000 items", "200,000 attributes", "deep item", "JSON items", "text of megabytes", "NULs"):
        desk.site.put(f"/{name}", gzip.compress(HOSTILE[name][:MAX_BYTES]), Content_Encoding="gzip")
        await desk.add(f"/{name}".replace(" ", "%20"))
    desk.site.put("/bomb", brotli.compress(bytes(200_000_000), quality=1), Content_Encoding="br")
    desk.site.put("/good", rss(item("Port closed", "/port")))
    await desk.add("/bomb")
    await desk.add("/good")
    async with running_workers() as workers, client_for(desk.site, limits={"seconds": 60.0}) as client:
        await workers.start()
        async with measured_stall() as stall:
            await replace(desk, poller=Poller(desk.feeds, client, workers, desk.clock, desk.queue)).poll()
    assert stall.longest <= 0.05
    feeds = {feed.source.address.rpartition("/")[2]: feed for feed in await desk.feeds.all()}
    assert type(feeds["bomb"].error) is errors.SourceTooLarge
    assert feeds["good"].error is None
    assert sum(feed.error is not None for feed in feeds.values()) > len(feeds) / 2


class TestIntervals:
    FEED = Feed(1, FeedSource("https://a.example/feed", least=HOUR / 4, most=6 * HOUR), interval=HOUR)

    def test_news_makes_it_shorter_and_silence_longer(self) -> None:
        assert next_interval(self.FEED, has_news=True, hints=()) == HOUR / 2
        assert next_interval(self.FEED, has_news=False, hints=()) == HOUR * 1.5

    def test_hints_are_obeyed_within_the_operators_bounds(self) -> None:
        assert next_interval(self.FEED, has_news=True, hints=(2 * HOUR, None)) == 2 * HOUR
        assert next_interval(self.FEED, has_news=True, hints=(24 * HOUR,)) == 6 * HOUR

    def test_a_server_that_asks_to_wait_is_left_alone(self) -> None:
        assert backoff(self.FEED, 20 * HOUR) == 20 * HOUR

    def test_silence_is_measured_by_what_is_usual(self) -> None:
        gap = usual_gap([NOON, NOON - HOUR, None, NOON - 2 * HOUR, NOON - 3 * HOUR])
        assert gap == HOUR
        feed = Feed(1, self.FEED.source, newest=NOON, usual_gap=gap)
        assert not is_silent(feed, NOON + timedelta(days=1))
        assert is_silent(feed, NOON + timedelta(days=3))
        weekly = Feed(1, self.FEED.source, newest=NOON, usual_gap=timedelta(days=7))
        assert not is_silent(weekly, NOON + timedelta(days=30))


LIVE = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Storm"}</script>'
PAID = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
VIDEO = '<meta property="og:type" content="video.other">'
WEBSITE = '<meta property="og:type" content="website">'
_LINKS = "".join(f'<p><a href="/{n}">Headline number {n} of this front page</a></p>' for n in range(40))
FRONT_PAGE = f"<html><head><title>Gazette</title>{WEBSITE}</head><body>{_LINKS}<p>{PORT[0]}</p></body></html>"


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (page("Storm", head=LIVE), PageKind.LIVE),
        (page("Port closed", head=PAID), PageKind.PAYWALL),
        (page("Port closed", PORT[0], "Subscribe to continue reading."), PageKind.PAYWALL),
        (page("Porto chiuso", PORT[0], "Contenuto riservato agli abbonati."), PageKind.PAYWALL),
        (page("404 - Page not found", "We could not find that page. Try our front page."), PageKind.ERROR),
        (page("Error 404: Not found", "That is an error. The requested address was not found."), PageKind.ERROR),
        (page("503 Service Temporarily Unavailable", "Please come back later. We are sorry."), PageKind.ERROR),
        (page("Gazette", "Please enable JavaScript. Your browser is not supported."), PageKind.ERROR),
        (page("404 | Gazette", "Nothing is here. Try our front page."), PageKind.ERROR),
        (page("Gazette | Sorry, this page does not exist", "Try our front page. Or look for a story."), PageKind.ERROR),
        (page("Seite nicht gefunden - Der Bote", "Vielleicht hilft die Suche. Oder die Startseite."), PageKind.ERROR),
        (page("Pagina non trovata", "Torna alla prima pagina del sito. Oppure cerca un articolo."), PageKind.ERROR),
        (page("Gazette", "We value your privacy. We and our partners store data. Accept all."), PageKind.CONSENT),
        (page("The storm in pictures", "See how the storm hit the port of Harwell.", head=VIDEO), PageKind.VIDEO),
        (FRONT_PAGE, PageKind.INDEX),
    ],
)  # fmt: skip
def test_pages_of_other_kinds_are_recognised(html: str, kind: PageKind) -> None:
    with pytest.raises(PageIsNoArticle) as caught:
        read_page(html.encode(), "https://news.example/x")
    assert caught.value.kind is kind


@pytest.mark.parametrize(
    "html",
    [
        page("Port closed"),
        page("Why 404 containers were lost", *PORT * 8),
        page("500 containers lost at Harwell"),
        page("Flight 404 lands in Harwell"),
        page("Police page not found for hours after attack"),
        page("Fishing forbidden in the bay of Harwell"),
        page("How cookies work", *PORT * 8, "Accept all. We value your privacy. Manage cookies."),
        page("Port closed", *PORT * 8, head=PAID),
        page("Port closed", head=WEBSITE),
        page("Port closed", *PORT * 8, "Already a subscriber? Log in."),
    ],
)
def test_articles_are_not_taken_for_them(html: str) -> None:
    assert read_page(html.encode(), "https://news.example/x").url == "https://news.example/x"


def test_a_picture_is_no_page() -> None:
    with pytest.raises(errors.SourceUnsupported):
        read_page(b"x", "https://news.example/x", "image/png")


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("", "https://news.example/a/x"),
        ("../y", "https://news.example/y"),
        ("/y?a=1&amp;b=2", "https://news.example/y?a=1&b=2"),
        ("//www.news.example/y", "https://www.news.example/y"),
        ("//other.example/y", "https://news.example/a/x"),
        ("/", "https://news.example/a/x"),
    ],
)
def test_a_page_says_its_address_in_any_form(said: str, address: str) -> None:
    html = page("Port closed", head=f'<link rel="canonical" href="{said}">' if said else "")
    assert read_page(html.encode(), "https://news.example/a/x?utm_source=rss").url == address


async def test_a_server_says_the_address_of_a_page(desk: Desk) -> None:
    desk.site.put("/print", page("Port closed"), Link='<style.css>; rel=preload, </port>; rel="canonical"')
    desk.site.put("/feed", rss(item("Port closed", "/print")))
    await desk.add()
    await desk.work()
    [report] = await desk.stories.newest(OPERATOR, 1)
    assert report.version.article.url == desk.site.url("/port")


async def test_a_page_that_sends_its_readers_on_is_followed_once(desk: Desk) -> None:
    def sending(target: str) -> str:
        return f"<html><head><meta http-equiv=Refresh content=\"0; URL='{target}'\"></head><body>Moving.</body></html>"

    desk.site.put("/short", sending("/port"))
    desk.site.put("/port", page("Port closed"))
    desk.site.put("/again", sending("/short"))
    desk.site.put("/inside", sending("http://10.0.0.1/port"))
    pages = desk.intake._pages
    assert (await pages.read(desk.site.url("/short"))).url == desk.site.url("/port")
    for path, error in (("/again", errors.RedirectFailed), ("/inside", errors.AddressNotPublic)):
        with pytest.raises(error):
            await pages.read(desk.site.url(path))


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="refresh" content="300">',
        '<meta http-equiv="refresh" content="5; url=/x?at=1725">',
        '<meta http-equiv="refresh" content="5; url=#top">',
        '<noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript>',
        '<meta http-equiv="refresh" content="5; url=/tomorrow">',
    ],
)
def test_a_page_that_browsers_do_not_leave_is_read(head: str) -> None:
    text = (
        *PORT,
        "The port is expected to open again on Friday, when the storm has passed and the quays are clear.",
    )
    assert read_page(page("Port closed", *text, head=head).encode(), "https://news.example/x?at=1720").blocks


async def test_the_text_of_a_feed_does_not_replace_that_of_a_page(desk: Desk) -> None:
    desk.site.put("/feed", rss(item("Port closed", "/port")))
    desk.site.put("/port", page("Port closed"))
    await desk.add()
    await desk.work()
    desk.site.put("/port", status=403)
    desk.site.put("/feed", rss(item("Port sold", "/port", "The port was sold to pirates on Friday, a feed says.")))
    assert await desk.work(timedelta(days=1)) == ["Port closed"]


async def test_the_text_of_a_feed_of_another_site_replaces_nothing(desk: Desk) -> None:
    text = "The port was closed on Friday, says the feed of the site itself."
    desk.site.put("/port", status=403)
    desk.site.put("/feed", rss(item("Port closed", "/port", text)))
    await desk.add()
    assert await desk.work() == ["Port closed"]
    desk.site.put("/feed", rss(item("Port open", "/port", text)))
    assert await desk.work(timedelta(days=1)) == ["Port open"]
    elsewhere = await desk.feeds.add(FeedSource("http://other.example/feed"), desk.clock())
    assert elsewhere is not None
    sold = FeedItem(desk.site.url("/port"), "1", "Port sold", "The port was sold to pirates on Friday, a feed says.")
    await desk.feeds.record(elsewhere, Reading("Other", Validators(), HOUR, desk.clock() + HOUR, pending=[sold]), NOON)
    assert await desk.work() == ["Port open"]
