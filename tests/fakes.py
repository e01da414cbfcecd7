"""Articles, versions and desks as tests need them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.commands import Desk
from bot.storage.memory import MemoryConversations, MemoryStories
from briefings.analysis import brief
from briefings.examples import examples
from briefings.library import Library
from briefings.model import Article, Version, version_id
from briefings.sources import read_article
from briefings.sources.markdown import parse_markdown

NOON = datetime(2025, 3, 14, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def article(title: str, *paragraphs: str, url: str | None = None, day: date | None = None) -> Article:
    """An article of Markdown paragraphs, of which those that begin with ``## `` are headings."""
    head = f"---\ntitle: {title!r}\n" + (f"url: {url}\n" if url else "") + (f"date: {day}\n" if day else "") + "---\n"
    return parse_markdown(head + "\n\n".join(paragraphs))


def version(found: Article, received: datetime = NOON) -> Version:
    """The version that ``found`` is."""
    return Version(version_id(found), brief(found), received)


async def desk_of(*articles: Article, clock: Clock | None = None) -> Desk:
    """A desk over these articles, the first of them the oldest."""
    now = clock or Clock()
    library = Library(MemoryStories())
    for age, found in enumerate(reversed(articles)):
        await library.add(found, now() - timedelta(minutes=age))
    return Desk(library, MemoryConversations(), now)


def bundled() -> list[Article]:
    """The example articles, in the order of their days."""
    return [read_article(raw, name) for raw, name in examples()]
