"""Handlers of buttons."""

from __future__ import annotations

from typing import Any

from bot.answers import claims, sections
from bot.answers.related import related_view
from bot.commands import following, managed, mistakes, pictures, privacy, subscribing, tastes, troubles
from bot.commands import stories as story_commands
from bot.commands.context import Context, Request
from bot.views.buttons import ABOUT_TROUBLE, Action, Control, ControlVerb, Verb
from bot.views.model import View
from bot.views.selection import Selection
from briefings.model import SectionKind, Version
from briefings.sources.text import one_line


async def controlled(  # noqa: PLR0911  # one return for each kind of button
    context: Context, request: Request, control: Control
) -> View:
    """Returns the answer to a button about subscriptions, lists or failed posts."""
    match control.verb:
        case ControlVerb.DIGEST:
            return await story_commands.digest(context, request, str(control.subscription))
        case ControlVerb.LATEST:
            return await story_commands.newest_page(context, request, control.subscription)
        case ControlVerb.FOUND:
            return await story_commands.found(context, request, one_line(control.value), control.subscription)
        case ControlVerb.MISSED:
            return await subscribing.show_missed(context, request, control)
        case ControlVerb.FORGET_TASTE:
            return await tastes.forget_taste(context, request, control)
        case ControlVerb.FORGET:
            return await privacy.forget_me(context, request, "yes")
        case verb if verb in ABOUT_TROUBLE:
            return await troubles.decide(context, request, control)
        case _:
            return await managed.pressed(context, request, control)


async def acted(  # noqa: PLR0911  # one return for each kind of button
    context: Context, request: Request, action: Action, version: Version
) -> View:
    """Returns the answer to a button about a story, except that which opens it."""
    if action.verb is Verb.RELATED:
        return related_view(version, await context.library.related(context.viewer(request), version))
    if action.verb is Verb.SUMMARY:
        return await following.summary(context, request, version)
    if action.verb is Verb.MISTAKE:
        return await mistakes.pressed(context, action, version)
    if action.verb is Verb.CARD:
        return await pictures.drawn(context, request, version)
    if action.verb is Verb.FOLLOW:
        return await following.follow(context, request, action, version)
    if action.verb is Verb.UNFOLLOW:
        return await following.unfollow(context, request, action, version)
    if action.verb in tastes.CHANGES:
        return await tastes.pressed(context, request, action, version)
    draw, *args = _drawing(action)
    return await context.drawn(draw, version, *args)


def _drawing(action: Action) -> tuple[Any, ...]:
    """Returns the function that renders what a button shows, and its arguments."""
    kind = action.kind or SectionKind.OTHER
    drawings: dict[Verb, tuple[Any, ...]] = {
        Verb.KEY: (sections.section_view, kind, action.ordinal),
        Verb.FULL: (sections.full_view, action),
        Verb.CLAIMS: (claims.claims_view, Selection.decode(action.ordinal), action.page),
        Verb.CONTEXT: (claims.context_view, action.page),
    }
    return drawings[action.verb]
