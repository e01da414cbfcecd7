"""Finds the feeds of a site: the address itself, the feeds that its page names, or common feed addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from briefings.addresses import feed_address
from briefings.errors import FeedError, FeedInvalid, FetchError, LimitExceeded, SourceError
from briefings.fetching.client import ACCEPT_FEED, Client, Fetched
from briefings.sources.decode import decode
from briefings.sources.feeds import Feed, read_feed
from briefings.sources.html.loading import load_page
from briefings.sources.html.refresh import refresh_target
from briefings.sources.text import one_line
from briefings.workers import Workers

_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
_USUAL_PLACES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
_FEED_ENDINGS = (".rss", "/rss", "/rss/", ".atom", "/atom", "/feed", "/feed/", ".xml")
#: A parameter that asks for a feed, as in ``?feed=rss2`` or ``?format=rss``.
_PARAMETER = re.compile(r"[?&;][^=&]{1,20}=(?:rss|rss2|atom)(?:[&;#]|$)", re.IGNORECASE)
_MOST_LINKS = 5_000
_MOST_FEEDS = 20
_MOST_TITLE = 200
#: Pages that list a site's feeds: so many are read, and their links have at most so many words.
_MOST_PAGES, _MOST_WORDS = 3, 4


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

    If the page names none, but has a link to a page about its feeds, they are those of that page.

    Raises:
        FetchError: The address cannot be fetched.
        FeedError: It is a feed that cannot be read.
    """
    start = await client.fetch(url, ACCEPT_FEED)
    place = start.moved_to or start.url
    try:
        return [_found(place, place, await _read(workers, start))]
    except (FeedError, LimitExceeded) as error:
        links = await _links(workers, start)
        if links is None and not isinstance(error, FeedInvalid):
            raise error from None
    found, pages = await _those_that_are(client, workers, links or [])
    for page in pages[:_MOST_PAGES]:
        if not found:
            found, _ = await _those_that_are(client, workers, await _links(workers, page) or [])
    usual = [_Link(urljoin(place, path), "") for path in _USUAL_PLACES]
    return found or (await _those_that_are(client, workers, usual, most=1))[0]


def feed_links(body: bytes, url: str) -> list[tuple[str, str]]:
    """The addresses of the feeds that a page names, with their titles.

    Raises:
        SourceError: It is not a page.
    """
    tree = load_page(decode(body, url), url)
    base = next((href for element in tree.iter("base") if (href := feed_address(element.get("href", ""), url))), url)
    target = refresh_target(tree, base)
    found: dict[str, str] = {target: ""} if target else {}
    for href, title in islice(_named(tree), _MOST_LINKS):
        if address := feed_address(href, base):
            found.setdefault(address, one_line(title)[:_MOST_TITLE])
    # Most sites have a feed of comments, too. It is not what somebody wants who names the site.
    return sorted(found.items(), key=_is_of_comments)[:_MOST_FEEDS]


def _is_of_comments(link: tuple[str, str]) -> bool:
    return "comment" in " ".join(link).lower()


def _named(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The links in the page's head that are declared as feeds, then the links in its body that look like feeds."""
    for link in tree.iter("link"):
        kind = link.get("type", "").partition(";")[0].strip().lower()
        relations = link.get("rel", "").lower().split()
        if "feed" in relations or ("alternate" in relations and kind in _FEED_TYPES):
            yield link.get("href", ""), link.get("title", "")
    for link in tree.iter("a"):
        href = link.get("href", "")
        is_typed = link.get("type", "").strip().lower() in _FEED_TYPES
        is_rss = _PARAMETER.search(href) or _path(href).lower().endswith(_FEED_ENDINGS)
        if is_typed or is_rss or _is_called_rss(link):
            yield href, ""


def _is_called_rss(link: HtmlElement) -> bool:
    pictures = (picture.get("alt", "") for picture in islice(link.iter("img"), 1))
    said = str(link.text_content()).strip() or link.get("title") or link.get("aria-label") or next(pictures, "")
    words = said[:_MOST_TITLE].lower().replace("-", " ").split()
    return "rss" in words and len(words) <= _MOST_WORDS


def _path(href: str) -> str:
    try:
        return urlsplit(href).path
    except ValueError:
        return ""


async def _links(workers: Workers, start: Fetched) -> list[_Link] | None:
    """The feeds that a response's headers and its page name. None if there are none and it is not a page."""
    declared = _declared(start)
    try:
        named = [_Link(*link) for link in await workers.run(feed_links, start.body, start.url)]
    except (SourceError, LimitExceeded):
        return declared or None
    known = {link.url for link in declared}
    return [*declared, *(link for link in named if link.url not in known)]


def _declared(start: Fetched) -> list[_Link]:
    """The feeds that a response's headers name."""
    links = [one for one in start.links if "alternate" in one.relations and one.media in _FEED_TYPES]
    found = [(feed_address(one.href, start.url), one.title) for one in links]
    return [_Link(url, one_line(title)[:_MOST_TITLE]) for url, title in found if url]


async def _those_that_are(
    client: Client, workers: Workers, links: list[_Link], most: int = _MOST_FEEDS
) -> tuple[list[FoundFeed], list[Fetched]]:
    """Returns the links that lead to feeds with items, up to ``most``, and what was fetched but is no feed."""
    found: dict[str, FoundFeed] = {}
    others = []
    for link in links:
        try:
            fetched = await client.fetch(link.url, ACCEPT_FEED)
        except FetchError:
            continue
        try:
            feed = await _read(workers, fetched)
        except (SourceError, LimitExceeded):
            others.append(fetched)
            continue
        place = fetched.moved_to or link.url
        found.setdefault(place, _found(place, link.title, feed))
        if len(found) >= most:
            break
    return list(found.values()), others


async def _read(workers: Workers, fetched: Fetched) -> Feed:
    return await workers.run(read_feed, fetched.body, fetched.url, fetched.charset)


def _found(url: str, title: str, feed: Feed) -> FoundFeed:
    return FoundFeed(url, feed.title or title or url, len(feed.items))
