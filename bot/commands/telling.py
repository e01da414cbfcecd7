"""Handlers of the commands that tell stories."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.answers import guide, sections, stories
from bot.commands.desk import Desk, Request
from bot.i18n import own
from bot.views import View
from briefings.digest import pick
from briefings.model import SectionKind, Version

_MOST_STORIES = 8
_DIGEST_WINDOW = timedelta(days=1)

Handler = Callable[[Desk, Request, str], Awaitable[View]]


def about_story(answer: Callable[[Desk, Request, Version], Awaitable[View]]) -> Handler:
    """The handler of a command that is about one story."""

    async def run(desk: Desk, request: Request, words: str) -> View:
        found = await desk.story(request, words)
        return found if isinstance(found, View) else await answer(desk, request, found)

    return run


def section(kind: SectionKind) -> Handler:
    """The handler of the command that shows the section of that kind."""

    async def answer(desk: Desk, request: Request, version: Version) -> View:
        return sections.section_view(version, kind)

    return about_story(answer)


@about_story
async def summary(desk: Desk, request: Request, version: Version) -> View:
    """The story in a few sentences."""
    return stories.summary_view(version)


@about_story
async def brief(desk: Desk, request: Request, version: Version) -> View:
    """The story on one screen."""
    return stories.brief_view(version)


@about_story
async def story_sections(desk: Desk, request: Request, version: Version) -> View:
    """What the story has sections on."""
    return sections.sections_view(version)


@about_story
async def related(desk: Desk, request: Request, version: Version) -> View:
    """Related stories, each with the reason."""
    return stories.related_view(version, await desk.library.related(desk.viewer(request), version))


async def latest(desk: Desk, request: Request, words: str) -> View:
    """The newest stories."""
    newest = await desk.library.newest(desk.viewer(request), _MOST_STORIES)
    return stories.list_view(own("Latest stories"), tuple(newest))


async def search(desk: Desk, request: Request, words: str) -> View:
    """The stories that hold some words, each with the line that does."""
    if not words:
        return guide.search_words_view()
    return stories.found_view(words, await desk.library.search(desk.viewer(request), words, _MOST_STORIES))


async def digest(desk: Desk, request: Request, words: str) -> View:
    """The digest of the last day, now: as the chat's subscription wishes it, if it has one.

    Args:
        words: The number of the subscription, where a button says so.
    """
    known = await desk.subscriptions.of(request.where)
    if known:
        return await desk.previews.sample(next((one for one in known if str(one.id) == words), known[0]))
    now, viewer = desk.clock(), desk.viewer(request)
    most = desk.policies.subscribing.stories
    picked = pick(await desk.library.newest(viewer, most), now - _DIGEST_WINDOW, now, most)
    return stories.digest_view([(version, await desk.library.related(viewer, version)) for version in picked])


async def sources(desk: Desk, request: Request, words: str) -> View:
    """Which outlets the stories come from."""
    return stories.sources_view(await desk.library.outlets(desk.viewer(request), _MOST_STORIES))
