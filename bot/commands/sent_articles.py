"""Briefs the articles that users send, as text, as a link or as a file: each for its chat alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.answers import guide
from bot.answers.limits import still_reading_view
from bot.answers.sent_articles import file_refused_view, unreadable_view
from bot.commands.context import Context, Request, SentFile
from bot.commands.continued import Earlier, LastMessages
from bot.views.model import View
from briefings.analysis.pasted import pasted_article
from briefings.errors import SourceError, SourceTooLarge, SourceUnsupported
from briefings.model import Article, Version
from briefings.scope import Scope
from briefings.sources import MAX_BYTES, read_article

#: Longer messages in a private chat can be articles.
_LEAST_PASTED = 300


class _StillReading(Exception):
    """The user's previous text is still being read."""


class SentArticles:
    """Reads the articles that users send, one at a time for each user, so that nobody takes all workers."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._reading: set[str] = set()
        self._last = LastMessages()

    def before(self, request: Request) -> Earlier | None:
        """Returns the user's last message, if this one continues it."""
        return self._last.before(request, self._context.clock())

    async def text(self, request: Request, before: Earlier | None = None) -> Version | View | None:
        """Returns the version of a pasted article, or a refusal. None: the text is not an article.

        The text of a split message is a new version of its beginning.
        """
        text, access = request.text.strip(), self._context.access
        if before is not None and before.is_text:
            text = before.joined(text)
        try:
            if not request.is_private or not access.pasted or text.startswith("/"):
                return None
            if len(text) < _LEAST_PASTED and request.forwarded is None:
                return None
            return await self._pasted(request, text)
        finally:
            self._last.keep(request, self._context.clock(), before)

    async def _pasted(self, request: Request, text: str) -> Version | View | None:
        post = request.forwarded
        try:
            async with self._turn(request):
                article = await self._context.workers.run(pasted_article, text)
                if article is None:
                    return guide.no_article_view(may_be_briefed=True) if post else None
                if post is not None:
                    article = replace(article, url=post.url, site=post.title or article.site)
                return await self._added(request, article)
        except _StillReading:
            return still_reading_view()

    async def link(self, request: Request, address: str) -> Version | View:
        """Returns the version of the page at an address, or a refusal."""
        ingest = self._context.ingest
        if ingest is None or not self._context.access.may_send_links(request.where, request.user):
            return guide.no_links_view()
        try:
            async with self._turn(request):
                return await self._added(request, await ingest.read(address))
        except SourceError as error:
            return unreadable_view(error)
        except _StillReading:
            return still_reading_view()

    async def file(self, request: Request, file: SentFile) -> Version | View:
        """Returns the version of the article in a file, or a refusal."""
        access = self._context.access
        if not access.may_send_files(request.where, request.user, request.is_private):
            return file_refused_view(request.is_private, access.pasted)
        try:
            async with self._turn(request):
                raw = await _downloaded(file)
                return await self._added(request, await self._context.workers.run(read_article, raw, file.name))
        except SourceError as error:
            return unreadable_view(error)
        except _StillReading:
            return still_reading_view()

    @asynccontextmanager
    async def _turn(self, request: Request) -> AsyncIterator[None]:
        """The time in which a user's text is read, while the chat shows that the bot is working.

        Raises:
            _StillReading: The user's previous text is still being read.
        """
        if request.user in self._reading:
            raise _StillReading
        self._reading.add(request.user)
        try:
            async with request.working():
                yield
        finally:
            self._reading.discard(request.user)

    async def _added(self, request: Request, article: Article) -> Version | View:
        context = self._context
        added = await context.library.add(article, context.clock(), Scope(request.where.owner))
        return await context.library.get(context.viewer(request), added.version.id) or guide.gone_view()


async def _downloaded(file: SentFile) -> bytes:
    """The bytes of a file that can be an article.

    Raises:
        SourceError: It cannot be one, or the platform does not hand it out.
    """
    if file.size > MAX_BYTES:
        raise SourceTooLarge(file.name, MAX_BYTES)
    if file.is_without_text:
        raise SourceUnsupported(file.name, file.media)
    return await file.download()
