"""A simulated week of feeds and chats: edits, repeats, outages, moves and floods. Nothing is posted twice or lost."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from bot.chats import Destination
from bot.delivery.model import Delivery, Settled, State
from bot.feeds.model import FeedSource
from bot.jobs import keep_house, poll_feeds, post_due, read_pages
from bot.posting.compositions import Composition
from briefings.scope import OPERATOR
from tests.fakes import Clock, Talk, talk_over
from tests.soak import sample
from tests.web import Everywhere, Web, client_for, item, page, rss, running_web

FEEDS, CHATS, DAYS = sample(8, 60), sample(5, 20), sample(3, 7)
HOUR = timedelta(hours=1)
_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
_MOST_REPORTS = 10_000
#: What leaves a feed while its site is down, or before it is tried again, nobody can read.
_IN_FEED = 100


@dataclass
class Story:
    """A page of a site, with how often it was edited."""

    path: str
    words: str
    published: datetime
    edits: int = 0

    @property
    def title(self) -> str:
        """Its title, which an edit changes."""
        return f"{self.words.title()}{' (updated)' * self.edits}"


@dataclass
class Site:
    """A site with one feed."""

    name: str
    web: Web
    stories: list[Story] = field(default_factory=list)
    moves: int = 0
    is_down: bool = False
    hours_down: int = 0
    renews_ids: bool = False

    def url(self, path: str) -> str:
        """The address of a path there."""
        return f"http://{self.name}.example:{self.web.port}{path}"

    @property
    def feed(self) -> str:
        """The path of the feed now."""
        return f"/{self.name}/feed{self.moves}"


class World:
    """Sites that publish, edit, fail, move and flood, as chance has it."""

    def __init__(self, site: Web, clock: Clock) -> None:
        self.web, self.clock = site, clock
        self.chance = random.Random(7)  # noqa: S311  # the same each time
        self.sites = [Site(f"site{number}", site, renews_ids=number % 4 == 0) for number in range(FEEDS)]
        for one in self.sites:
            self._open_feed(one)
            for _ in range(3):
                self.publish(one)

    def publish(self, site: Site) -> None:
        """One more story, in words that no other story has."""
        words = " ".join(self._word() for _ in range(4))
        story = Story(f"/{site.name}/{len(site.stories)}", words, self.clock())
        site.stories.append(story)
        text = [f"The {self._word()} of {self._word()} {self._word()} on {self._word()} day. " * 3 for _ in range(3)]

        async def answer(_: web.BaseRequest) -> web.Response:
            if site.is_down:
                return web.Response(status=500)
            return web.Response(
                text=page(story.title, *text, f"Edits: {story.edits} so far."), content_type="text/html"
            )

        self.web.serve(story.path, answer)

    def pass_an_hour(self) -> None:
        """What happens at each site in an hour."""
        self.clock.now += HOUR
        for site in self.sites:
            fate = self.chance.random()
            if site.is_down:  # for two days at most
                site.hours_down += 1
                site.is_down = site.hours_down < 48 and self.chance.random() > 0.05
            if fate < 0.10:
                self.publish(site)
            elif fate < 0.13:
                self.chance.choice(site.stories[-3:]).edits += 1
            elif fate < 0.15 and not site.is_down:
                site.is_down, site.hours_down = True, 0
            elif fate < 0.155 and not site.is_down:
                self.web.put(site.feed, status=301, Location=f"/{site.name}/feed{site.moves + 1}")
                site.moves += 1
                self._open_feed(site)
            elif fate < 0.16:
                for _ in range(12):
                    self.publish(site)

    def recover(self) -> None:
        """All sites are up."""
        for site in self.sites:
            site.is_down = False

    def _open_feed(self, site: Site) -> None:
        async def answer(_: web.BaseRequest) -> web.Response:
            if site.is_down:
                return web.Response(status=500)
            stamp = self.clock().timestamp() if site.renews_ids else 0
            items = [
                item(
                    story.title,
                    site.url(f"{story.path}?utm_source=rss"),
                    guid=f"{story.path}-{stamp}",
                    date=format_datetime(self.clock() if site.renews_ids else story.published),
                )
                for story in site.stories[-_IN_FEED:]
            ]
            return web.Response(text=rss(*items), content_type="application/rss+xml")

        self.web.serve(site.feed, answer)

    def _word(self) -> str:
        return "".join(self.chance.choice(_SYLLABLES) for _ in range(self.chance.randint(2, 4)))


@dataclass
class Post:
    """What a chat got: its versions, and its text."""

    delivery: Delivery
    versions: list[str]


class Chats:
    """The far side: takes every post."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._epoch = 0
        self.posts: list[Post] = []

    async def take(self) -> None:
        """Takes all posts that are due."""
        ledger, now = self._talk.bot.ledger, self._talk.clock()
        if not self._epoch:
            self._epoch = await ledger.recover("test", now, None)
        while due := await ledger.due("test", now, 100, frozenset()):
            begun = await ledger.begin(due, now, self._epoch, None)
            for one in begun:
                composition = Composition.read(one.composition)
                versions = [str(told["version"]) for told in composition.items] if composition else []
                self.posts.append(Post(one, versions))
            await ledger.settle([Settled(one, State.SENT, now, remote_id=str(one.id)) for one in begun], self._epoch)
            if not begun:
                break


@pytest.fixture(name="site")
async def _site() -> AsyncIterator[Web]:
    async with running_web() as found:
        yield found


async def _work(talk: Talk, chats: Chats) -> None:
    await poll_feeds(talk.bot)
    await read_pages(talk.bot)
    before = -1
    while len(chats.posts) > before:  # one run composes some of what is due; the bot runs it every two seconds
        before = len(chats.posts)
        await post_due(talk.bot)
        await chats.take()


def _gets_arrivals(number: int) -> bool:
    """Whether a chat gets every story as it arrives."""
    return number % 5 == 1


async def _subscribe(talk: Talk, number: int) -> None:
    chat = talk.elsewhere(str(number), f"test:{number}")
    await chat.ask(f"/subscribe {7 + number % 5}:00")
    if _gets_arrivals(number):
        await chat.ask("/settings mode arrival")
    if number % 5 == 4:
        await chat.ask("/settings tags even")


@pytest.mark.timeout(3600)
async def test_nothing_is_told_twice_and_nothing_is_lost(site: Web) -> None:
    async with client_for(site, resolver=Everywhere()) as client, talk_over(client=client) as talk:
        world, chats, desk = World(site, talk.clock), Chats(talk), talk.bot.ingest
        assert desk is not None
        for number, one in enumerate(world.sites):
            tags = frozenset({"even"} if number % 2 == 0 else {"odd"})
            await desk.add(FeedSource(one.url(one.feed), tags, most=timedelta(hours=3)))
        for number in range(CHATS):
            await _subscribe(talk, number)
        talk.clock.now += HOUR
        for hour in range(24 * DAYS):
            await _work(talk, chats)
            world.pass_an_hour()
            if hour % 24 == 0:
                await keep_house(talk.bot)
        world.recover()
        for _ in range(60):  # back-off ends, and what is left arrives
            await _work(talk, chats)
            talk.clock.now += HOUR
        reports = await talk.bot.stories.newest(OPERATOR, _MOST_REPORTS)
        _check_library(world, [report.version.article.url or "" for report in reports])
        _check_told_once(chats.posts)
        await _check_told_everything(talk, chats.posts, {report.story for report in reports})
        assert all(feed.error is None for feed in await desk.feeds.all())
        for post in [post for post in chats.posts if len(post.versions) > 1][-3:]:
            print(f"\n--- {post.delivery.destination}\n{post.delivery.payload}")  # noqa: T201  # to be read with -s


def _check_library(world: World, addresses: list[str]) -> None:
    """Every story that was published is there, once; of the first read the newest are."""
    published = {site.url(story.path) for site in world.sites for story in site.stories}
    assert len(addresses) == len(set(addresses))
    assert set(addresses) == published


def _check_told_once(posts: list[Post]) -> None:
    """No chat was told a version twice."""
    told = Counter((post.delivery.destination, version) for post in posts for version in post.versions)
    assert told
    assert max(told.values()) == 1


async def _check_told_everything(talk: Talk, posts: list[Post], stories: set[int]) -> None:
    """A chat that gets stories as they arrive was told of every story, or how many more came at once."""
    told: dict[Destination, set[int]] = {}
    left: Counter[Destination] = Counter()
    for post in posts:
        where = post.delivery.destination
        if _gets_arrivals(int(where.chat)):
            found = [await talk.library.report_of(version) for version in post.versions]
            told.setdefault(where, set()).update(report.story for report in found if report)
            composition = Composition.read(post.delivery.composition)
            left[where] += composition.left if composition and post.delivery.part == post.delivery.parts else 0
    assert told
    for where, known in told.items():
        assert known <= stories
        assert len(known) + left[where] >= len(stories)
