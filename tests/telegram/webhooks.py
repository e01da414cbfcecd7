"""Telegram's side of webhooks: updates are sent again until somebody says that they have arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp

from bot.platforms.telegram.webhook import secret_header, secret_path
from tests.telegram.server import TOKEN

_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": secret_header(TOKEN)}
#: Seconds before an update is sent again.
_PAUSE = 0.05


class Balancer:
    """Sends each update to the next of several processes, and to another one if there is no 200."""

    def __init__(self, session: aiohttp.ClientSession, ports: Sequence[int]) -> None:
        self._session = session
        self._ports = ports
        self._turn = 0
        #: How many requests were not answered by 200.
        self.repeated = 0

    async def deliver(self, update: dict[str, Any]) -> None:
        """Sends an update until it has arrived."""
        while True:
            self._turn += 1
            if await self.attempt(update, self._ports[self._turn % len(self._ports)]):
                return
            self.repeated += 1
            await asyncio.sleep(_PAUSE)

    async def attempt(self, update: dict[str, Any], port: int) -> bool:
        """Sends an update once. Returns whether it has arrived."""
        return await self._status(update, port) == 200

    async def is_there(self, port: int) -> bool:
        """Whether a process refuses an update without a number, and so takes others."""
        return await self._status({}, port) == 400

    async def _status(self, update: dict[str, Any], port: int) -> int:
        url = f"http://127.0.0.1:{port}{secret_path(TOKEN)}"
        try:
            async with self._session.post(url, json=update, headers=_HEADERS) as response:
                return response.status
        except aiohttp.ClientError:
            return 0
