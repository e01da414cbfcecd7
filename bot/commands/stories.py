"""Handlers of the commands about stories."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.answers import facts, guide, sections, stories
from bot.answers.related import related_view
from bot.answers.who import who_view
from bot.commands import following
from bot.commands.chat_settings import usual_settings
from bot.commands.context import Context, Request
from bot.i18n import own
from bot.subscriptions.model import Subscription
from bot.views.model import View
from briefings.matching import has_query_terms
from briefings.model import SectionKind, Version

_MOST_STORIES = 8
#: More outlets are not counted.
_MOST_OUTLETS = 1000
#: The newest stories can be paged through up to here.
_MOST_SKIPPED = 80

Handler = Callable[[Context, Request, str], Awaitable[View]]


def about_story(answer: Callable[[Context, Request, Version], Awaitable[View]]) -> Handler:
    """Returns the handler of a command about one story."""

    async def run(context: Context, request: Request, words: str) -> View:
        found = await context.story(request, words)
        return found if isinstance(found, View) else await answer(context, request, found)

    return run


def section(kind: SectionKind) -> Handler:
    """Returns the handler of the command that shows one kind of section."""

    async def answer(context: Context, request: Request, version: Version) -> View:
        return await context.drawn(facts.answer_view, version, kind)

    return about_story(answer)


@about_story
async def who(context: Context, request: Request, version: Version) -> View:
    """Returns who is said to be responsible, according to all reports of the story."""
    others = await context.library.told_alike(context.viewer(request), version)
    return await context.drawn(who_view, version, tuple(others))


@about_story
async def summary(context: Context, request: Request, version: Version) -> View:
    """Returns the story in a few sentences."""
    return await following.summary(context, request, version)


@about_story
async def brief(context: Context, request: Request, version: Version) -> View:
    """Returns the story on one screen."""
    return await following.brief(context, request, version)


@about_story
async def story_sections(context: Context, request: Request, version: Version) -> View:
    """Returns the list of the article's sections."""
    return sections.sections_view(version)


@about_story
async def people(context: Context, request: Request, version: Version) -> View:
    """Returns the people named in the story."""
    return await context.drawn(facts.people_view, version)


@about_story
async def timeline(context: Context, request: Request, version: Version) -> View:
    """Returns the dated events of the story, in order."""
    return await context.drawn(facts.timeline_view, version)


@about_story
async def numbers(context: Context, request: Request, version: Version) -> View:
    """Returns the numbers in the story."""
    return await context.drawn(facts.numbers_view, version)


@about_story
async def related(context: Context, request: Request, version: Version) -> View:
    """Returns related stories, each with the reason."""
    return related_view(version, await context.library.related(context.viewer(request), version))


async def latest(context: Context, request: Request, words: str) -> View:
    """Returns the newest stories, or those that match the words."""
    return await found(context, request, words) if has_query_terms(words) else await newest_page(context, request)


async def newest_page(context: Context, request: Request, skip: int = 0) -> View:
    """Returns a page of the newest stories.

    Args:
        skip: How many of them were shown already, if a button says so.
    """
    viewer, skip = context.viewer(request), min(skip, _MOST_SKIPPED)
    reach = _MOST_SKIPPED + _MOST_STORIES
    newest = await context.library.newest(viewer, reach + 1)  # the same number for each page: it is cached
    shown = newest[skip : skip + _MOST_STORIES]
    left = len(newest) - skip - len(shown)
    outlets = await context.library.also_in(viewer, shown)
    return stories.list_view(
        own("Latest stories"),
        tuple(shown),
        tuple(outlets.get(version.id, ()) for version in shown),
        skip + len(shown) if left and skip < _MOST_SKIPPED else 0,
        left if len(newest) <= reach else None,
    )


async def search(context: Context, request: Request, words: str) -> View:
    """Returns the stories that match the words, each with its best matching line."""
    return await found(context, request, words) if words else guide.search_words_view()


async def found(context: Context, request: Request, words: str, skip: int = 0) -> View:
    """Returns a page of search results.

    Args:
        skip: How many of them were shown already, if a button says so.
    """
    skip = min(skip, _MOST_SKIPPED)
    result = await context.library.search(context.viewer(request), words, skip + _MOST_STORIES, context.clock())
    return stories.found_view(words, result, skip)


async def digest(context: Context, request: Request, words: str) -> View:
    """Returns a digest of the last day, with the settings of the chat's subscription or its own time zone.

    Args:
        words: The number of the subscription, if a button gives it.
    """
    known = await context.subscriptions.of(request.where)
    chosen = next((one for one in known if str(one.id) == words), known[0] if known else None)
    usual = Subscription(0, request.where, request.user, await usual_settings(context, request), context.clock())
    return await context.previews.sample(chosen or usual)


async def sources(context: Context, request: Request, words: str) -> View:
    """Returns the outlets of the stories."""
    return stories.sources_view(await context.library.outlets(context.viewer(request), _MOST_OUTLETS))
