"""Sends python-telegram-bot's requests with aiohttp. Errors say whether the request may have arrived."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.delivery.request_errors import UNTOLD_WAIT, describe, never_arrived

_DEFAULT: ODVInput[float] = BaseRequest.DEFAULT_NONE
_JSON = {"Content-Type": "application/json"}


class NeverArrived(NetworkError):
    """The request did not reach Telegram."""


class Interrupted(NetworkError):
    """The request may or may not have reached Telegram."""


class Flooded(TelegramError):
    """Telegram asks for a pause of ``wait``.

    python-telegram-bot's own `RetryAfter` emits a warning when it is created (version 22).
    """

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"too many requests; wait {wait.total_seconds():.0f} s")
        self.wait = wait


class Garbled(TelegramError):
    """The response is not Telegram's. The request may have been carried out."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in seconds.

    Attributes:
        connect: For getting a connection, including the wait for a free one.
        read: Between two bytes of the response.
    """

    connect: float = 10
    read: float = 25


class AiohttpRequest(BaseRequest):
    """A `telegram.request.BaseRequest` with its own pool of ``connections``."""

    def __init__(self, connections: int, timeouts: Timeouts = Timeouts()) -> None:  # frozen
        self._connections = connections
        self._timeouts = timeouts
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds between two bytes of a response. A request can set its own value."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Opens the pool."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, limit_per_host=0)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Closes the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The response's JSON.

        Raises:
            Garbled: The response is not a JSON object. Its text is not logged, because it may be private.
        """
        try:
            found = json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise Garbled("the answer is not JSON") from error
        if not isinstance(found, dict) or ("result" not in found and found.get("ok") is not False):
            raise Garbled("the answer is not the Bot API's")
        if not isinstance(found.get("description", ""), str) or not isinstance(found.get("parameters", {}), dict):
            raise Garbled("the answer is not the Bot API's")
        return found

    async def do_request(  # noqa: PLR0917  # the signature is BaseRequest's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = _DEFAULT,
        write_timeout: ODVInput[float] = _DEFAULT,
        connect_timeout: ODVInput[float] = _DEFAULT,
        pool_timeout: ODVInput[float] = _DEFAULT,
    ) -> tuple[int, bytes]:
        """Makes one request, without repeating it.

        Raises:
            NeverArrived: The request was not sent.
            Interrupted: The request may have arrived.
            Flooded: Telegram asks for a pause.
        """
        del write_timeout, pool_timeout  # aiohttp counts them in the read time and the connection time
        if self._session is None:
            raise NeverArrived("the transport is closed")
        timeout = aiohttp.ClientTimeout(
            sock_read=_given(read_timeout, self._timeouts.read), connect=_given(connect_timeout, self._timeouts.connect)
        )
        body, headers = _body(request_data)
        try:
            async with self._session.request(method, url, data=body, headers=headers, timeout=timeout) as response:
                answer = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failed = NeverArrived if never_arrived(error) else Interrupted
            raise failed(describe(error)) from error
        if response.status == 429:
            raise Flooded(_wait(answer, response.headers.get("Retry-After")))
        return response.status, answer


def _given(timeout: ODVInput[float], usual: float) -> float | None:
    return usual if isinstance(timeout, DefaultValue) else timeout


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    if request_data is None:
        return None, {}
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode(), _JSON
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, {}


def _wait(answer: bytes, header: str | None) -> timedelta:
    """The pause that a 429 response asks for, in its body or, if a proxy sent it, in its header."""
    try:
        wait = json.loads(answer)["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError, RecursionError):
        wait = header
    try:
        return timedelta(seconds=max(1, int(wait or "")))
    except (ValueError, TypeError, OverflowError):
        return UNTOLD_WAIT
