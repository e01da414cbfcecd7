"""Receives updates by webhook: the server, which runs behind a TLS proxy, and its registration."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from telegram.error import InvalidToken, TelegramError

from bot.platforms.telegram.client import Client
from bot.platforms.telegram.updates import WANTED
from bot.runtime.http_log import SERVER_LOG
from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.telegram")

#: The size limit of a request, in bytes. The largest updates have some tens of kilobytes.
_MOST_BYTES = 1_000_000
#: Seconds that updates which are being stored get at the end.
_FAREWELL = 1.0
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
#: Seconds between two log lines about requests with a wrong secret.
_REFUSALS_LOGGED_EVERY = 60.0
#: Seconds before a failed registration is tried again. The wait doubles, up to the time of the regular check.
_FIRST_RETRY = 1.0
#: The longest wait before a webhook that could not be removed is tried again, in seconds.
_LONGEST_RETRY = 60.0

Hear = Callable[[Sequence[dict[str, object]]], Awaitable[None]]


def secret_path(token: str) -> str:
    """The secret path of the webhook. Only Telegram knows it, because it is derived from the token."""
    return f"/telegram/{_derived(token, b'path')}"


def secret_header(token: str) -> str:
    """The secret header that Telegram sends. It protects the webhook even if the path is found in a log."""
    return _derived(token, b"header")


class PortTaken(Exception):
    """The webhook server cannot listen on its port."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"Its webhook cannot listen on {host}, port {port}: another program may use that port")


@dataclass(frozen=True, slots=True)
class Webhook:
    """The registration of a webhook."""

    url: str = field(repr=False)
    secret: str = field(repr=False)

    @classmethod
    def of(cls, address: str, token: str) -> Webhook:
        """The webhook of the bot with this token at the public address."""
        return cls(address.rstrip("/") + secret_path(token), secret_header(token))


async def keep_registered(client: Client, webhook: Webhook, every: float) -> None:
    """Registers the webhook, and registers it again whenever it is missing or different. Never returns.

    Args:
        every: Seconds between two checks.

    Raises:
        InvalidToken: Telegram rejects the token.
    """
    is_registered, retry = False, _FIRST_RETRY
    while True:
        try:
            if is_registered and (await client.get_webhook_info()).url != webhook.url:
                _log.warning("webhook_lost", then="registered again")
                is_registered = False
            if not is_registered:
                await client.set_webhook(webhook.url, allowed_updates=WANTED, secret_token=webhook.secret)
                _log.info("webhook_registered")
        except InvalidToken:
            raise
        except TelegramError as error:
            _log.warning("webhook_check_failed", error=error.message, again_in=min(retry, every))
            await asyncio.sleep(min(retry, every))
            retry *= 2
        else:
            is_registered, retry = True, _FIRST_RETRY
            await asyncio.sleep(every)


async def remove_webhook(client: Client) -> None:
    """Removes a webhook: Telegram does not allow polling while one is registered.

    Raises:
        InvalidToken: Telegram rejects the token.
    """
    wait = _FIRST_RETRY
    while True:
        try:
            if (await client.get_webhook_info()).url:
                _log.warning("webhook_removed")
                await client.delete_webhook()
        except InvalidToken:
            raise
        except TelegramError as error:
            _log.warning("webhook_check_failed", error=error.message, again_in=wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_RETRY)
        else:
            return


class _Refusals:
    """Logs requests with a wrong secret, at most one line a minute."""

    def __init__(self) -> None:
        self._count = 0
        self._next_line = 0.0

    def add(self, remote: str | None) -> None:
        self._count += 1
        now = time.monotonic()
        if now >= self._next_line:
            _log.warning("webhook_secret_refused", requests=self._count, last_from=remote)
            self._count, self._next_line = 0, now + _REFUSALS_LOGGED_EVERY


@asynccontextmanager
async def listening(token: str, host: str, port: int, hear: Hear) -> AsyncIterator[int]:
    """Runs a server for Telegram's updates. Yields its port.

    Raises:
        PortTaken: The server cannot listen there.
    """
    wanted, refusals = secret_header(token).encode(), _Refusals()

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(_HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(given, wanted):
            refusals.add(request.remote)
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
            if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
                return web.Response(status=400)
            await hear([update])
        except ValueError:
            return web.Response(status=400)
        except StorageError as error:  # Telegram sends the update again
            _log.warning("update_store_failed", error=repr(error))
            return web.Response(status=503)
        return web.Response()

    app = web.Application(client_max_size=_MOST_BYTES)
    app.router.add_post(secret_path(token), receive)
    runner = web.AppRunner(app, access_log=None, logger=SERVER_LOG, shutdown_timeout=_FAREWELL)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise PortTaken(host, port) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _derived(token: str, purpose: bytes) -> str:
    return hmac.new(token.encode(), purpose, hashlib.sha256).hexdigest()[:48]
