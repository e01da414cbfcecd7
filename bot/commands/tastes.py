"""Reactions to stories, which tune the digests of a private chat."""

from __future__ import annotations

from bot.answers.tastes import tastes_view
from bot.chats import Destination
from bot.commands.context import Context, Request
from bot.subscriptions.tastes import TasteKind, Trait, traits_of
from bot.views.buttons import Action, Control, Verb
from bot.views.model import View
from briefings.model import Version

#: How buttons change the scores of a story.
CHANGES = {Verb.LIKE: 1, Verb.DISLIKE: -1}


async def react(context: Context, where: Destination, user: str, message: str, change: int) -> None:
    """Takes a reaction to a message of the bot. It counts if the message is about one story.

    Args:
        change: Positive if the person likes the story now, negative if not.
    """
    if context.tastes is None or not context.access.admits(where, user):
        return
    about = set(filter(None, await context.chats.about(where, message)))
    if len(about) != 1:
        return
    version = await context.library.get(context.access.viewer(where, user, is_private=True), about.pop())
    if version is not None:
        await _score(context, where, version, change)


async def pressed(context: Context, request: Request, action: Action, version: Version) -> View:
    """Takes a press of “More like this” or “Less like this”, and returns what the chat likes now."""
    if request.is_private:
        await _score(context, request.where, version, CHANGES[action.verb])
    return await my_topics(context, request, "")


async def _score(context: Context, where: Destination, version: Version, change: int) -> None:
    report = await context.library.report_of(version.id)
    if context.tastes is not None and report is not None:
        traits = traits_of(version.article, report.scope.tags)
        await context.tastes.react(where, traits, change, context.clock())


async def my_topics(context: Context, request: Request, words: str) -> View:
    """Returns what the chat likes, in a private chat with buttons for the story that was last shown."""
    known = await context.tastes.tastes(request.where) if context.tastes else {}
    last = await context.chats.story(request.where) if request.is_private else None
    return tastes_view(known, await context.library.get(context.viewer(request), last) if last else None)


async def forget_taste(context: Context, request: Request, control: Control) -> View:
    """Deletes one score or all scores, and returns what is left."""
    if context.tastes is not None and request.is_private:
        is_one = control.setting in set(TasteKind)
        trait = Trait(TasteKind(control.setting), control.value) if is_one else None
        await context.tastes.forget(request.where, trait)
    return await my_topics(context, request, "")
