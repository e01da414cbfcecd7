"""Answers messages that are neither a command nor a question: misspelt commands, words of a title, small talk."""

from __future__ import annotations

from bot.answers import guide, stories
from bot.commands import following
from bot.commands.context import Context, Request
from bot.commands.courtesies import is_greeting, is_thanks
from bot.commands.names import command_named, nearest_name
from bot.commands.table import BY_NAME, Command, OptionKind
from bot.commands.wording import commands_mentioned
from bot.views.model import View
from briefings.matching import has_query_terms, having_in_title
from briefings.model import Version

#: How similar to a command a word without a slash has to be.
_ALIKE = 0.8
#: The share of the words of a message that a title must have. "People hate this bridge" names no story about a bridge.
_NAMES_STORY = 0.5


async def misspelt(context: Context, request: Request, name: str, words: str) -> View:
    """Returns the answer to the command with the most similar name, if it changes nothing.

    Without one, the name can be a word of a title: "/kremlin".
    """
    nearest = nearest_name(name, request.locale)
    command = command_named(nearest) if nearest else None
    if command is None:
        named = await context.library.titled(context.viewer(request), f"{name} {words}")
        return await brief_or_choice(context, request, named) if named else guide.not_understood_view(f"/{name}")
    if command.changes:
        return guide.did_you_mean_view(f"/{name}", [command.usage])
    view = await command.run(context, request, words)
    return guide.with_note(view, guide.nearest_note(f"/{name}", f"/{nearest}"))


async def unasked(context: Context, request: Request, text: str) -> View:
    """Returns the story whose title the words name, the answer to small talk, or commands that may be meant."""
    named = [] if request.about else await context.library.titled(context.viewer(request), text)
    named = having_in_title(named, text, 1.0 if request.is_overheard else _NAMES_STORY)
    if named:
        view = await brief_or_choice(context, request, named)
        return view if view.is_choice or having_in_title(named, text, 1.0) else guide.with_note(view, guide.SOME_WORDS)
    if is_greeting(text):
        return await BY_NAME["start"].run(context, request, "")
    if is_thanks(text):
        return guide.welcome_view()
    first, _, words = text.partition(" ")
    command = None if request.is_overheard else command_named(first)
    if command is not None and words and await _takes(context, request, command, words):
        return await command.run(context, request, words)
    if mentioned := commands_mentioned(text, request.locale):
        return guide.did_you_mean_view(text, [one.usage for one in mentioned])
    nearest = command_named(nearest_name(text, request.locale, alike=_ALIKE) or "")
    return guide.did_you_mean_view(text, [nearest.usage]) if nearest else guide.not_understood_view(text)


async def brief_or_choice(context: Context, request: Request, found: list[Version]) -> View:
    """Returns the briefing of a story, or asks which of several is meant."""
    if len(found) > 1:
        return stories.choice_view(found)
    return await following.brief(context, request, found[0])


async def _takes(context: Context, request: Request, command: Command, words: str) -> bool:
    """Whether a command without its slash was given words for it: all from one title, or to search for."""
    if command.changes or not has_query_terms(words):
        return False
    if command.name == "search":
        return True
    names_story = any(option.kind is OptionKind.STORY for option in command.options)
    if not names_story:
        return False
    return bool(having_in_title(await context.library.titled(context.viewer(request), words), words))
