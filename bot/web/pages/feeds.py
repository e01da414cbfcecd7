"""Feeds: how each is, and reading one now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web

from bot.answers.feeds import state_message
from bot.feeds.model import Feed, FeedCounts
from bot.i18n import Translator
from bot.storage.listings import PAGE
from bot.web.site import Site, Visitor, missing, number_in, redirect
from briefings.errors import LimitExceeded
from briefings.scope import Scope

_SAID = {"read": "Read. It works.", "failed": "It could not be read. Its state says why."}


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A feed with its state in words.

    Attributes:
        is_failing: Whether it could not be read the last time.
    """

    feed: Feed
    counts: FeedCounts
    state: str
    is_failing: bool


async def listed(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Lists the feeds by their addresses: when each was read, what it brings, and what is wrong."""
    after = number_in(request.query.get("after"))
    first = await site.bot.ingest.feeds.get(after) if site.bot.ingest and after is not None else None
    found = await site.listings.feeds(first.source.address if first else "")
    feeds = visible_feeds(site, visitor, found)
    counts = await site.bot.ingest.counts([feed.id for feed in feeds]) if site.bot.ingest else {}
    return site.page(
        "feeds",
        visitor,
        here="/feeds",
        lines=[_line(feed, counts.get(feed.id, FeedCounts()), site) for feed in feeds],
        later=found[-1].id if len(found) == PAGE else None,
        is_first=first is None,
        said=_SAID.get(request.query.get("said", ""), ""),
    )


def visible_feeds(site: Site, visitor: Visitor, feeds: Iterable[Feed]) -> list[Feed]:
    """Returns the feeds that a visitor may see. The public sees none whose stories are restricted."""
    viewer = site.viewer(visitor)
    return [feed for feed in feeds if viewer.sees(Scope(tags=feed.source.tags))]


async def polled(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Reads a feed now."""
    number = number_in(request.match_info["number"])
    feed = await site.bot.ingest.feeds.get(number) if site.bot.ingest and number is not None else None
    if site.bot.ingest is None or feed is None:
        return missing(site, visitor, "There is no such feed.")
    try:
        error = await site.bot.ingest.check(feed)
    except LimitExceeded:
        return redirect("/feeds", said="failed")
    return redirect("/feeds", said="failed" if error else "read")


def _line(feed: Feed, counts: FeedCounts, site: Site) -> FeedLine:
    say = Translator("en").say
    state = say(state_message(feed, site.bot.clock()))
    return FeedLine(feed, counts, state, is_failing=feed.ended or feed.error is not None)
