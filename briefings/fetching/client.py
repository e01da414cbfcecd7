"""The HTTP client: conditional requests, checked redirects, limits of size and time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver

from briefings.errors import (
    AddressGone,
    AddressInvalid,
    AddressNotPublic,
    RedirectFailed,
    ServerBusy,
    SourceTooLarge,
    StatusRefused,
)
from briefings.fetching.address import PublicSockets, checked_url, is_private_literal
from briefings.fetching.failures import translated_failures
from briefings.fetching.headers import (
    HeaderLink,
    Validators,
    charset,
    max_age,
    media_type,
    read_links,
    read_validators,
    retry_after,
)
from briefings.fetching.politeness import Politeness
from briefings.fetching.unpacking import ACCEPT_ENCODING, content_encodings, decoded, is_packed

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_BUSY = frozenset({429, 503})
_WAIT_UNTOLD = timedelta(minutes=5)
#: What may be wanted; a server may send another kind all the same.
ACCEPT_PAGE = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.5"
ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9,"
    " application/json;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Limits of one fetch.

    Attributes:
        size: Bytes of the body, after decompression.
        seconds: The time of one request, from connecting to the last byte.
        redirects: The number of redirects that are followed.
        connections: The number of connections at a time.
    """

    size: int = 5_000_000
    seconds: float = 20.0
    redirects: int = 5
    connections: int = 20


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """Options of the client.

    Attributes:
        contact: A mail or web address at which the owner of a site can reach the operator. It is part of the user
            agent.
        proxy: The proxy for all requests. It resolves names, so it must refuse private addresses itself.
        allowed: Addresses and ports that may be reached although they are not public.
        pause: Seconds between two requests to one host.
    """

    version: str = "0"
    contact: str = ""
    proxy: str | None = None
    allowed: frozenset[tuple[str, int]] = frozenset()
    pause: float = 1.0
    limits: FetchLimits = field(default_factory=FetchLimits)

    @property
    def user_agent(self) -> str:
        """The user agent that sites see."""
        return f"Nutgraf/{self.version}" + (f" (+{self.contact})" if self.contact else "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response.

    Attributes:
        url: The address after all redirects.
        moved_to: The new address, if all redirects to it were permanent.
        body: The decompressed body. Empty if nothing has changed.
        is_unchanged: Whether the server says that nothing has changed since the last fetch (304).
        fresh_for: How long the server says that the response stays fresh.
        links: The links in its headers.
    """

    url: str
    body: bytes = field(repr=False)
    media: str = ""
    charset: str | None = None
    moved_to: str | None = None
    validators: Validators = field(default_factory=Validators)
    is_unchanged: bool = False
    fresh_for: timedelta | None = None
    links: tuple[HeaderLink, ...] = ()


class Client:
    """Fetches addresses politely. An asynchronous context manager."""

    def __init__(
        self,
        options: ClientOptions,
        clock: Callable[[], datetime],
        *,
        resolver: AbstractResolver | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Opens no connection.

        Args:
            resolver: A resolver other than the system's, for tests.
            monotonic: A clock in seconds, for the pauses.
        """
        self.options = options
        self._clock = clock
        self._resolver = resolver
        self.politeness = Politeness(options.pause, monotonic)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        limits = self.options.limits
        # With a proxy all connections go to the proxy, which the operator has chosen.
        sockets = None if self.options.proxy else PublicSockets(self.options.allowed)
        connector = aiohttp.TCPConnector(
            socket_factory=sockets, resolver=self._resolver, limit=limits.connections, use_dns_cache=False
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.options.user_agent, "Accept-Encoding": ACCEPT_ENCODING},
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(self, url: str, accept: str = ACCEPT_PAGE, validators: Validators = Validators()) -> Fetched:  # noqa: B008  # frozen
        """The response for ``url``.

        Raises:
            FetchError: A subclass says what failed. It contains ``url``.
            SourceTooLarge: The body is larger than allowed.
        """
        moved_to: str | None = None
        is_permanent = True
        place = checked_url(url)
        seen = {place}
        for _ in range(self.options.limits.redirects + 1):
            async with self._response(url, place, accept, validators) as response:
                if response.status not in _REDIRECTS:
                    return await self._read(
                        url, place, moved_to, response, is_conditional=bool(validators.as_headers())
                    )
                is_permanent = is_permanent and response.status in _PERMANENT
                place = _target(url, place, response)
            if place in seen:
                break
            seen.add(place)
            moved_to = place if is_permanent else moved_to
        raise RedirectFailed(url)

    @asynccontextmanager
    async def _response(
        self, url: str, place: str, accept: str, validators: Validators
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The response of one request. Waits for the host's turn."""
        if self._session is None:
            raise RuntimeError("the client is not open")
        limits, host = self.options.limits, urlsplit(place).netloc
        if self.options.proxy and is_private_literal(urlsplit(place).hostname or ""):
            raise AddressNotPublic(url)
        async with self.politeness.turn(host, url):
            with translated_failures(url, limits.seconds):
                async with (
                    asyncio.timeout(limits.seconds),
                    self._session.get(
                        place,
                        headers={"Accept": accept, **validators.as_headers()},
                        allow_redirects=False,
                        proxy=self.options.proxy,
                    ) as response,
                ):
                    yield response

    async def _read(
        self, url: str, place: str, moved_to: str | None, response: aiohttp.ClientResponse, *, is_conditional: bool
    ) -> Fetched:
        """Reads a response.

        Raises:
            StatusRefused: Its status is an error, or says that nothing has changed to one who did not ask.
            ServerBusy: The server asks to come back later.
        """
        headers, status = response.headers, response.status
        if status in _BUSY:
            wait = (retry_after(headers, self._clock()) or _WAIT_UNTOLD).total_seconds()
            self.politeness.wait(urlsplit(place).netloc, wait)
            raise ServerBusy(url, wait)
        if status == HTTPStatus.GONE:
            raise AddressGone(url)
        is_unchanged = is_conditional and status == HTTPStatus.NOT_MODIFIED
        if not is_unchanged and not 200 <= status < 300:
            raise StatusRefused(url, status)
        body = b"" if is_unchanged else await self._body(url, response)
        return Fetched(
            place,
            body,
            media_type(headers),
            charset(headers),
            moved_to,
            read_validators(headers),
            is_unchanged,
            max_age(headers),
            read_links(headers.getall("Link", ())),
        )

    async def _body(self, url: str, response: aiohttp.ClientResponse) -> bytes:
        """The decompressed body, up to the limit."""
        most = self.options.limits.size
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > most:
                response.close()
                raise SourceTooLarge(url, most)
        encodings = content_encodings(response.headers.getall("Content-Encoding", ()))
        if encodings or is_packed(body):
            return await asyncio.to_thread(decoded, url, bytes(body), encodings, most)
        return bytes(body)


def _target(url: str, place: str, response: aiohttp.ClientResponse) -> str:
    """The target of a redirect.

    Raises:
        RedirectFailed: The redirect has no target, or one that is not an http(s) URL.
    """
    location = response.headers.get("Location", "").strip()
    if not location:
        raise RedirectFailed(url)
    try:
        return checked_url(urljoin(place, location))
    except (ValueError, AddressInvalid) as error:
        raise RedirectFailed(url) from error
