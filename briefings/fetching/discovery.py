"""Finds the feeds of a site: the address itself, the feeds that its page names, or common feed addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from briefings.addresses import web_address
from briefings.errors import FeedError, FetchError, LimitExceeded, SourceError
from briefings.fetching.client import ACCEPT_FEED, Client, Fetched
from briefings.sources.decode import decode
from briefings.sources.feeds import Feed, read_feed
from briefings.sources.html.loading import load_page
from briefings.sources.text import one_line
from briefings.workers import Workers

_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
    }
)
_USUAL_PLACES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
_FEED_ENDINGS = (".rss", "/rss", "/rss/", "rss.xml", ".atom", "/atom", "atom.xml", "/feed", "/feed/", "feed.xml")
_MOST_LINKS = 5_000
_MOST_FEEDS = 20
_MOST_TITLE = 200


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed of a site.

    Attributes:
        title: The title of the feed, or the page's title for it.
        items: The number of its items now.
    """

    url: str
    title: str
    items: int


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    title: str


async def discover(client: Client, workers: Workers, url: str) -> list[FoundFeed]:
    """The feeds at an address, each of them read: the address itself if it is a feed, or else those of the page.

    Raises:
        FetchError: The address cannot be fetched.
        FeedInvalid: It is neither a feed nor a page.
    """
    start = await client.fetch(url, ACCEPT_FEED)
    place = start.moved_to or start.url
    try:
        return [_found(place, place, await _read(workers, start))]
    except (FeedError, LimitExceeded) as error:
        links = await _links(workers, start)
        if links is None:
            raise error from None
    usual = [_Link(urljoin(place, path), "") for path in _USUAL_PLACES]
    return await _those_that_are(client, workers, links) or await _those_that_are(client, workers, usual, most=1)


def feed_links(body: bytes, url: str) -> list[tuple[str, str]]:
    """The addresses of the feeds that a page names, with their titles.

    Raises:
        SourceError: It is not a page.
    """
    tree = load_page(decode(body, url), url)
    found: dict[str, str] = {}
    for href, title in islice(_named(tree), _MOST_LINKS):
        if (address := web_address(href, url)) and len(found) < _MOST_FEEDS:
            found.setdefault(address, one_line(title)[:_MOST_TITLE])
    return list(found.items())


def _named(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The links in the page's head that are declared as feeds, then the links in its body that look like feeds."""
    for link in tree.iter("link"):
        kind = link.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in link.get("rel", "").lower().split() and kind in _FEED_TYPES:
            yield link.get("href", ""), link.get("title", "")
    for link in tree.iter("a"):
        href = link.get("href", "")
        if _path(href).lower().endswith(_FEED_ENDINGS):
            yield href, ""


def _path(href: str) -> str:
    try:
        return urlsplit(href).path
    except ValueError:
        return ""


async def _links(workers: Workers, start: Fetched) -> list[_Link] | None:
    """The feeds that a page names. None if it is not a page."""
    try:
        return [_Link(*link) for link in await workers.run(feed_links, start.body, start.url)]
    except (SourceError, LimitExceeded):
        return None


async def _those_that_are(
    client: Client, workers: Workers, links: list[_Link], most: int = _MOST_FEEDS
) -> list[FoundFeed]:
    """The links that lead to feeds with items, up to ``most``."""
    found: dict[str, FoundFeed] = {}
    for link in links:
        try:
            fetched = await client.fetch(link.url, ACCEPT_FEED)
            feed = await _read(workers, fetched)
        except (FetchError, SourceError, LimitExceeded):
            continue
        place = fetched.moved_to or link.url
        found.setdefault(place, _found(place, link.title, feed))
        if len(found) >= most:
            break
    return list(found.values())


async def _read(workers: Workers, fetched: Fetched) -> Feed:
    return await workers.run(read_feed, fetched.body, fetched.url, fetched.charset)


def _found(url: str, title: str, feed: Feed) -> FoundFeed:
    return FoundFeed(url, feed.title or title or url, len(feed.items))
