"""The handler of /feeds, for operators."""

from __future__ import annotations

from bot.answers import feeds, guide
from bot.commands.context import Context, Request
from bot.feeds.model import FeedSource, Origin
from bot.i18n.typed_words import typed_words
from bot.ingest.service import IngestService
from bot.subscriptions.tags import tags_in
from bot.views.model import View
from briefings.errors import SourceError
from briefings.phrases import fold


async def manage(context: Context, request: Request, words: str) -> View:
    """Lists the feeds, or adds, removes or checks one."""
    if request.user not in context.access.operators:
        return feeds.operators_only_view()
    ingest = context.ingest
    if ingest is None:
        return feeds.offline_view()
    verb, _, rest = words.partition(" ")
    match typed_words("feeds").get(fold(verb)):
        case "add":
            return await _add(ingest, rest.strip())
        case "remove":
            return await _remove(ingest, rest.strip())
        case "check":
            return await _check(ingest, rest.strip())
        case meaning:
            channels = await ingest.channels.sources.all()
            listed = feeds.feeds_view(await ingest.feeds.all(), await ingest.counts(), channels, context.clock())
            return listed if meaning or not words else guide.with_note(listed, feeds.not_understood(guide.echo(words)))


async def _add(ingest: IngestService, words: str) -> View:
    """Adds the feed at an address. The words after it are its tags."""
    address, _, tags = words.partition(" ")
    if not address:
        return feeds.no_address_view()
    try:
        found = await ingest.find(address)
    except SourceError as error:
        return feeds.failed_view(error)
    if not found:
        return feeds.none_found_view(address)
    if len(found) > 1:
        return feeds.choice_view(address, [(feed.title, feed.url) for feed in found])
    [feed] = found
    added = await ingest.add(FeedSource(feed.url, tags_in(tags), origin=Origin.CHAT), feed.title)
    return feeds.added_view(feed.title, feed.url) if added else feeds.known_view(feed.url)


async def _remove(ingest: IngestService, which: str) -> View:
    for chat, _ in await ingest.channels.sources.all():
        if str(chat) == which:
            await ingest.channels.sources.remove(chat)
            return feeds.removed_view(which)
    feed = await ingest.named(which)
    if feed is None:
        return feeds.no_such_feed_view()
    await ingest.feeds.remove(feed.id)
    return feeds.removed_view(feed.name)


async def _check(ingest: IngestService, which: str) -> View:
    feed = await ingest.named(which)
    if feed is None:
        return feeds.no_such_feed_view()
    return feeds.checked_view(feed.name, await ingest.check(feed))
