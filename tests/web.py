"""A web server over loopback, whose pages and faults tests set, and pages and feeds for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from briefings.fetching.client import Client, ClientOptions, FetchLimits
from tests.fakes import NOON, Clock

#: Of a page with an article.
PORT = (
    "The port of Harwell was closed on Tuesday after a freighter lost 40 containers in a storm. ",
    "The harbour master said that no one had been injured. Divers will look for the containers on Wednesday. ",
)
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass
class Web:
    """The server: what it answers by path, and how often it was asked.

    Attributes:
        requests: How often each path was asked for.
        headers: The headers of the last request of each path.
    """

    port: int = 0
    pages: dict[str, Handler] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    at_once: int = 0
    most_at_once: int = 0

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        """From now on ``path`` answers so; underscores in the names of headers are hyphens."""
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(_: web.BaseRequest) -> web.Response:
            return web.Response(status=status, body=raw, headers=named)

        return self.serve(path, answer)

    def serve(self, path: str, handler: Handler) -> str:
        """From now on a handler answers ``path``."""
        self.pages[path] = handler
        return self.url(path)

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests[request.path] += 1
        self.headers[request.path] = dict(request.headers)
        handler = self.pages.get(request.path)
        if handler is None:
            return web.Response(status=404)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await handler(request)
        finally:
            self.at_once -= 1


@asynccontextmanager
async def running_web(hosts: Sequence[str] = ("127.0.0.1",)) -> AsyncIterator[Web]:
    """A server that runs, on the same port of all these addresses of this machine."""
    found = Web()
    server = web.Server(found)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    for host in hosts:
        await web.TCPSite(runner, host, found.port).start()
        found.port = runner.addresses[0][1]
    try:
        yield found
    finally:
        await runner.cleanup()


class Names(AbstractResolver):
    """A DNS of the test's own: each name has answers, which are given in turn; the last stays."""

    def __init__(self, **answers: list[str]) -> None:
        self._answers = {name.replace("_", "."): list(found) for name, found in answers.items()}

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:  # noqa: ARG002  # it has one kind of answer
        await asyncio.sleep(0)
        answers = self._answers.get(host)
        if not answers:
            raise OSError(f"there is no {host}")
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        version = 10 if ":" in address else 2
        return [ResolveResult(hostname=host, host=address, port=port, family=version, proto=6, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""


class Everywhere(AbstractResolver):
    """A DNS in which every name is this machine's."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:  # noqa: ARG002  # the same
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=2, proto=6, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""


def client_for(found: Web, **more: Any) -> Client:
    """A client that may reach the port of that server, and nothing else that is not public."""
    resolver = more.pop("resolver", None)
    limits = FetchLimits(**{"seconds": 5.0, **more.pop("limits", {})})
    options = ClientOptions(allowed=frozenset({("127.0.0.1", found.port)}), pause=0.0, limits=limits, **more)
    return Client(options, Clock(NOON), resolver=resolver)


def page(title: str, *paragraphs: str, head: str = "") -> str:
    """A page with an article."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs or PORT)
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def item(title: str, link: str, text: str = "", guid: str = "", date: str = "") -> str:
    """An item of an RSS feed."""
    parts = {"title": title, "link": link, "description": text, "guid": guid, "pubDate": date}
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value) + "</item>"


def rss(*items: str) -> str:
    """An RSS feed."""
    return f'<rss version="2.0"><channel><title>Harbour News</title>{"".join(items)}</channel></rss>'
