"""The handler of /publish, with which operators make a chat's own article a public story."""

from __future__ import annotations

from bot.answers.sent_articles import published_view, publishers_only_view
from bot.commands.context import Context, Request
from bot.subscriptions.tags import tags_in
from bot.views.model import View
from briefings.scope import Scope


async def publish(context: Context, request: Request, words: str) -> View:
    """Adds the story replied to, or else the one last shown, to the public stories, with the tags in ``words``."""
    if request.user not in context.access.operators:
        return publishers_only_view()
    found = await context.story(request, "")
    if isinstance(found, View):
        return found
    tags = tags_in(words)
    added = await context.library.add(found.article, context.clock(), Scope(tags=tags))
    return published_view(added.version, tags)
