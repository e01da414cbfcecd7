"""Protects the server: limits of each request, headers of each answer, and a check of where a request comes from."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.web")

#: How long a request may take, from its headers to its answer.
REQUEST_SECONDS = 30
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Browsers send the origin of a form only with this policy. Other sites get no address of ours.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "Nutgraf",
}
#: Paths for monitoring. They are asked by any name of the machine, such as that of a container.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_READING = frozenset({"GET", "HEAD"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guard(address: str, seconds: float = REQUEST_SECONDS) -> Middleware:
    """Returns a middleware that limits requests, and refuses those for or from another site.

    Args:
        address: The address at which browsers reach the server.
    """
    ours = urlsplit(address).netloc.lower()

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            async with asyncio.timeout(seconds):
                response = await _answered(request, handler, ours)
        except TimeoutError:
            response = web.Response(status=408, text="The request took too long.")
            response.force_close()
        except StorageError as error:
            _log.warning("page_failed", error=repr(error))
            response = web.Response(status=503, text="The database does not answer. Try again in a moment.")
        except Exception:  # noqa: BLE001  # a bug of ours. Without the headers, its page would not be protected.
            _log.exception("page_failed")
            response = web.Response(status=500, text="Something went wrong. The log says what.")
        response.headers.update(_HEADERS)
        return response

    return guarded


async def _answered(request: web.Request, handler: Handler, ours: str) -> web.StreamResponse:
    if request.path not in PROBES and not _is_known_host(request.host, ours):
        return web.Response(
            status=421, text="This server does not answer for that host. See `web.url` in the settings."
        )
    if request.method not in _READING and not _is_same_origin(request, ours):
        return web.Response(status=403, text="The request comes from another site.")
    try:
        return await handler(request)
    except web.HTTPException as refused:  # aiohttp's own, which can be raised but not returned
        return web.Response(status=refused.status, text=refused.text)


def _is_known_host(host: str, ours: str) -> bool:
    """Whether a request is for this server. Other names could be another site that points to our address."""
    name, port = _name_and_port(host)
    written = (f"[{name}]" if ":" in name else name) + ("" if port is None else f":{port}")
    if written != host.lower():  # no browser writes it so
        return False
    return written == ours or name == "localhost" or _is_address(name)


def _name_and_port(host: str) -> tuple[str, int | None]:
    """Returns the parts of a host. The name is empty if it is none."""
    try:
        parts = urlsplit(f"//{host}")
        return (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "", None


def _parts(address: str) -> SplitResult:
    """Returns the parts of an address. All are empty if it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_same_origin(request: web.Request, ours: str) -> bool:
    """Whether a form was sent from one of our pages. A client that is no browser names no origin."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or _parts(origin).netloc.lower() in {request.host.lower(), ours}
