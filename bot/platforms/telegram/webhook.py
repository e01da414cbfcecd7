"""Telegram tells by itself: a server of our own, behind whatever has the certificate."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.telegram")

#: The largest update is some tens of kilobytes.
_MOST_BYTES = 1_000_000
_HEADER = "X-Telegram-Bot-Api-Secret-Token"

Hear = Callable[[Sequence[dict[str, object]]], Awaitable[None]]


def secret_path(token: str) -> str:
    """The path that only Telegram is told: nobody guesses it who does not know the token."""
    return f"/telegram/{_derived(token, b'path')}"


def secret_header(token: str) -> str:
    """What Telegram sends along, so that who learns the path from a log is refused all the same."""
    return _derived(token, b"header")


@asynccontextmanager
async def listening(token: str, host: str, port: int, hear: Hear) -> AsyncIterator[int]:
    """A server for Telegram's updates; gives the port that it listens on."""
    wanted = secret_header(token).encode()

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(_HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(given, wanted):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
            if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
                return web.Response(status=400)
            await hear([update])
        except ValueError:
            return web.Response(status=400)
        except StorageError as error:  # Telegram tells it again
            _log.warning("update_not_stored", error=repr(error))
            return web.Response(status=503)
        return web.Response()

    app = web.Application(client_max_size=_MOST_BYTES)
    app.router.add_post(secret_path(token), receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _derived(token: str, purpose: bytes) -> str:
    return hmac.new(token.encode(), purpose, hashlib.sha256).hexdigest()[:48]
