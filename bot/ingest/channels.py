"""Turns the posts of source channels into stories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.delivery.inbox import NotHandled
from bot.feeds.channels import ChannelPost, SourceChatStore
from bot.ingest.pages import PageReader, may_pass
from briefings.analysis.pasted import pasted_article
from briefings.errors import LimitExceeded, SourceError
from briefings.library import Library
from briefings.model import Article
from briefings.scope import Scope, Viewer
from briefings.workers import Workers

_log = structlog.stdlib.get_logger("nutgraf.feeds")

#: A shorter post is an announcement, not an article.
_LEAST_TEXT = 300
#: So many of a post's links are read.
_MOST_LINKS = 5


class ChannelIntake:
    """Takes the posts of channels that are sources."""

    def __init__(
        self,
        sources: SourceChatStore,
        pages: PageReader,
        library: Library,
        *,
        workers: Workers,
        clock: Callable[[], datetime],
    ) -> None:
        self.sources = sources
        self._pages = pages
        self._library = library
        self._workers = workers
        self._clock = clock

    async def take(self, post: ChannelPost) -> None:
        """Makes stories of what a post links to, or of the post itself, if its channel is a source.

        Raises:
            NotHandled: A page that it links to cannot be read now, and the post itself does not tell its story.
        """
        tags = await self.sources.tags(post.chat)
        if tags is None:
            return
        try:
            articles, unread = await self._told(post)
        except LimitExceeded as error:
            if error.limit == "queue":
                raise NotHandled("too many texts wait to be read") from error
            _log.warning("channel_post_unread", chat=str(post.chat), error=repr(error))
            return
        for article in articles:
            await self._library.add(article, self._clock(), Scope(tags=tags))
        if unread is not None:
            raise NotHandled("the page that it links to cannot be read now") from unread

    async def _told(self, post: ChannelPost) -> tuple[list[Article], SourceError | None]:
        """The articles at the links of a post, or else the one that the post is, and the error of one that is missing.

        The error may pass, so that the post can be tried again.
        """
        found: list[Article] = []
        unread: SourceError | None = None
        for link in tuple(dict.fromkeys(post.links))[:_MOST_LINKS]:
            try:
                found.append(await self._pages.read(link))
            except SourceError as error:
                _log.info("channel_link_unread", chat=str(post.chat), address=link, error=repr(error))
                unread = error if may_pass(error) else unread
        if not found and (written := await self._written(post)):
            return [written], None
        return found, unread

    async def _written(self, post: ChannelPost) -> Article | None:
        """The article that a post itself is, or None if it is none. A story may have become shorter."""
        is_known = post.url is not None and await self._library.at(Viewer(), post.url) is not None
        if len(post.text) < _LEAST_TEXT and not is_known:
            return None
        article = await self._workers.run(pasted_article, post.text)
        return replace(article, site=post.title, url=post.url) if article else None
