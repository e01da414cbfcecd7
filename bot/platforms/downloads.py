"""Downloads the files that users send, from the platform's own servers, with limits on size and time."""

from __future__ import annotations

import asyncio

import aiohttp
import structlog

from bot.delivery.request_errors import describe
from briefings.errors import ServerUnreachable, SourceTooLarge
from briefings.sources import MAX_BYTES

_log = structlog.stdlib.get_logger("nutgraf.downloads")

_SECONDS = 30.0


async def download(address: str, name: str, seconds: float = _SECONDS) -> bytes:
    """Returns the bytes of a file.

    Args:
        address: Where the platform has it. It can hold a token, so it appears in no error.
        name: Its name, for messages.

    Raises:
        SourceTooLarge: It has more bytes than an article can have.
        ServerUnreachable: The platform does not hand it out, or not in time.
    """
    try:
        async with (
            asyncio.timeout(seconds),
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            if response.status != 200:
                _log.warning("download_failed", file=name, error=f"HTTP {response.status}")
                raise ServerUnreachable(name)
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise SourceTooLarge(name, MAX_BYTES)
            return bytes(body)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        _log.warning("download_failed", file=name, error=describe(error))
        raise ServerUnreachable(name) from None  # the error's text can hold the address
