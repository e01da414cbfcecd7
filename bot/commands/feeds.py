"""Handlers of /feeds, and of links that are sent: for operators, and links for chats that they allow."""

from __future__ import annotations

from bot.answers import feeds, guide, stories
from bot.commands.context import Context, Request
from bot.feeds.model import FeedSource, Origin
from bot.ingest.desk import IngestDesk
from bot.views.model import View
from briefings.errors import SourceError
from briefings.scope import Scope


async def manage(context: Context, request: Request, words: str) -> View:
    """Lists the feeds, or adds, removes or checks one."""
    if request.user not in context.access.operators:
        return feeds.operators_only_view()
    desk = context.ingest
    if desk is None:
        return feeds.offline_view()
    verb, _, rest = words.partition(" ")
    match verb.lower():
        case "add":
            return await _add(desk, rest.strip())
        case "remove":
            return await _remove(desk, rest.strip())
        case "check":
            return await _check(desk, rest.strip())
        case _:
            return feeds.feeds_view(await desk.feeds.all(), await desk.counts(), context.clock())


async def brief_link(context: Context, request: Request, address: str) -> View:
    """The briefing of the page at an address, for this chat alone."""
    desk = context.ingest
    if desk is None or not context.access.may_send_links(request.where, request.user):
        return guide.no_links_view()
    try:
        article = await desk.read(address)
    except SourceError as error:
        return feeds.failed_view(error)
    added = await context.library.add(article, context.clock(), Scope(request.where.owner))
    shown = await context.library.get(context.viewer(request), added.version.id)
    return await context.drawn(stories.brief_view, shown) if shown else guide.gone_view()


async def _add(desk: IngestDesk, words: str) -> View:
    """Adds the feed at an address; words behind it that begin with # are its tags."""
    if not words:
        return feeds.no_address_view()
    address, *more = words.split()
    tags = frozenset(word.removeprefix("#") for word in more if word.startswith("#"))
    try:
        found = await desk.find(address)
    except SourceError as error:
        return feeds.failed_view(error)
    if not found:
        return feeds.none_found_view(address)
    if len(found) > 1:
        return feeds.choice_view(address, [(feed.title, feed.url) for feed in found])
    [feed] = found
    added = await desk.add(FeedSource(feed.url, tags, origin=Origin.CHAT))
    return feeds.added_view(feed.title, feed.url) if added else feeds.known_view(feed.url)


async def _remove(desk: IngestDesk, which: str) -> View:
    feed = await desk.named(which)
    if feed is None:
        return feeds.no_such_feed_view()
    await desk.feeds.remove(feed.id)
    return feeds.removed_view(feed.name)


async def _check(desk: IngestDesk, which: str) -> View:
    feed = await desk.named(which)
    if feed is None:
        return feeds.no_such_feed_view()
    return feeds.checked_view(feed.name, await desk.check(feed))
