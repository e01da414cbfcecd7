"""The handler of /source, with which a channel's administrator makes its posts stories."""

from __future__ import annotations

from bot.answers import feeds
from bot.answers.access import administrators_only_view
from bot.commands.context import Context, Request
from bot.i18n.typed_words import typed_words
from bot.subscriptions.tags import tags_in
from bot.views.model import View
from briefings.phrases import fold


async def source(context: Context, request: Request, words: str) -> View:
    """Tells whether the channel is a source, makes it one with the tags in ``words``, or ends that."""
    ingest = context.ingest
    if ingest is None:
        return feeds.offline_view()
    if not request.is_channel:
        return feeds.channels_only_view()
    if not await request.may_manage():
        return administrators_only_view()
    sources, chat = ingest.channels.sources, request.where
    if fold(words) == "stop" or typed_words("switches").get(fold(words)) == "off":
        await sources.remove(chat)
        return feeds.no_source_view()
    if words:
        if not context.access.may_send_links(chat, request.user):
            return feeds.source_refused_view(chat.place)
        await sources.add(chat, tags_in(words))
    tags = await sources.tags(chat)
    return feeds.no_source_view() if tags is None else feeds.source_view(tags)
