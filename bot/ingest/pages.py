"""Reads the page at an address as an article."""

from __future__ import annotations

from briefings.errors import (
    FetchTimeout,
    HostUnknown,
    PageMovedOn,
    RedirectFailed,
    ResponseInvalid,
    ServerBusy,
    ServerUnreachable,
    SourceError,
    StatusRefused,
)
from briefings.fetching.client import ACCEPT_PAGE, Client
from briefings.fetching.robots import Robots
from briefings.model import Article
from briefings.sources.pages import read_page
from briefings.workers import Workers

_PASSING = (ServerBusy, ServerUnreachable, FetchTimeout, HostUnknown, ResponseInvalid)
_SERVER_ERROR = 500


def may_pass(error: SourceError) -> bool:
    """Whether an error of a page may be temporary."""
    return isinstance(error, _PASSING) or (isinstance(error, StatusRefused) and error.status >= _SERVER_ERROR)


class PageReader:
    """Fetches pages, as robots.txt allows, and parses them in a worker process."""

    def __init__(self, client: Client, workers: Workers) -> None:
        self._client = client
        self._workers = workers
        self._robots = Robots(client, workers)

    async def read(self, url: str) -> Article:
        """The article at ``url``, or at the address to which its page sends readers on.

        Raises:
            FetchError: The page cannot be fetched.
            SourceError: The page has no article.
            LimitExceeded: Parsing takes too much time or memory.
        """
        try:
            return await self._read(url)
        except PageMovedOn as moved:
            try:
                return await self._read(moved.target)
            except PageMovedOn as error:
                raise RedirectFailed(url) from error

    async def _read(self, url: str) -> Article:
        await self._robots.check(url)
        page = await self._client.fetch(url, ACCEPT_PAGE)
        canonical = next((link.href for link in page.links if "canonical" in link.relations), None)
        return await self._workers.run(read_page, page.body, page.url, page.media, page.charset, canonical)
