"""Follows stories in private chats, and lists those that are followed."""

from __future__ import annotations

from bot.answers import following as answers
from bot.answers import stories
from bot.answers.access import unavailable_view
from bot.commands.chat_settings import keep_language
from bot.commands.context import Context, Request
from bot.views.buttons import Action, Verb
from bot.views.model import View
from briefings.model import SectionKind, Version
from briefings.scope import EVERYBODY


async def brief(context: Context, request: Request, version: Version) -> View:
    """Returns the view of a version on one screen, in a private chat with a button to follow a public story."""
    return await _followable(context, request, version, await context.brief(request, version))


async def summary(context: Context, request: Request, version: Version) -> View:
    """Returns the story in a few sentences, in a private chat with a button to follow it."""
    view = await context.drawn(stories.summary_view, version)
    return await _followable(context, request, version, view, SectionKind.SUMMARY)


async def follow(context: Context, request: Request, action: Action, version: Version) -> View:
    """Follows the story of a version."""
    report = await context.library.report_of(version.id)
    if context.following is None or report is None or not _is_own_chat(request):
        return unavailable_view()
    if report.scope.owner != EVERYBODY:
        return answers.own_article_view()
    if not await context.following.follow(request.where, version.id, context.clock()):
        return answers.too_many_view()
    await keep_language(context, request)
    return answers.changed_view(await _again(context, request, action, version), is_followed=True)


async def unfollow(context: Context, request: Request, action: Action, version: Version) -> View:
    """Follows the story of a version no more."""
    if context.following is None or not _is_own_chat(request):
        return unavailable_view()
    await context.following.unfollow(request.where, version.id)
    return answers.changed_view(await _again(context, request, action, version), is_followed=False)


async def change(context: Context, request: Request, version: Version, *, is_followed: bool) -> View:
    """Follows a story that the user names, or follows it no more."""
    if not _is_own_chat(request):
        return answers.only_in_private_view()
    act, verb = (follow, Verb.FOLLOW) if is_followed else (unfollow, Verb.UNFOLLOW)
    return await act(context, request, Action(verb, version.id), version)


async def list_followed(context: Context, request: Request, words: str) -> View:
    """Returns the stories that the chat follows."""
    known = await context.following.followed(request.where) if context.following else []
    viewer = context.viewer(request)
    found = [version for one in known if (version := await context.library.get(viewer, one))]
    return answers.following_view(found)


async def _followable(
    context: Context, request: Request, version: Version, view: View, kind: SectionKind | None = None
) -> View:
    store = context.following
    if store is None or not _is_own_chat(request):
        return view
    report = await context.library.report_of(version.id)
    if report is None or report.scope.owner != EVERYBODY:  # an article that the person has sent
        return view
    return answers.followable(view, version, await store.follows(request.where, version.id), kind)


async def _again(context: Context, request: Request, action: Action, version: Version) -> View:
    """Returns the view that the button stands below."""
    return await (summary if action.kind is SectionKind.SUMMARY else brief)(context, request, version)


def _is_own_chat(request: Request) -> bool:
    """Whether the chat is the person's private one, to which the bot can post."""
    return request.is_private and request.where.place == request.where.owner
