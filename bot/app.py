"""The only place that builds things: a desk over a library, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.commands import Desk
from bot.inputs import read_input
from bot.storage.memory import MemoryConversations, MemoryStories
from briefings.analysis import brief
from briefings.examples import examples
from briefings.library import Library
from briefings.model import Article, Version, version_id
from briefings.sources import read_article

_APART = timedelta(minutes=10)


async def open_desk(articles: Iterable[Article]) -> Desk:
    """A desk over these articles, kept in memory, the last of them the newest."""
    library = Library(MemoryStories())
    known = list(articles)
    for age, article in enumerate(reversed(known)):
        await library.add(article, clock() - age * _APART)
    return Desk(library, MemoryConversations(), clock)


def read_input_article(source: str) -> Article:
    """The article that a command line names: a file, or ``-`` for standard input.

    Raises:
        SourceError: It gives no article.
    """
    name, raw = read_input(source)
    return read_article(raw, name)


def brief_input(source: str) -> Version:
    """The briefing of that article, as a version received now."""
    article = read_input_article(source)
    return Version(version_id(article), brief(article), clock())


async def open_demo() -> Desk:
    """A desk over the bundled articles."""
    return await open_desk(read_article(raw, name) for raw, name in examples())


def clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # the one clock that all others are given
