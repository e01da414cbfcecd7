"""Keeps the connection of some shards to Discord's gateway, within the limits of session starts."""

from __future__ import annotations

import asyncio
import random

import structlog
from discord import ConnectionClosed, HTTPException, LoginFailure
from discord.http import Route

from bot.delivery.courier import Timing
from bot.platforms.discord.client import Client, reconnect_to
from bot.platforms.discord.identify import SessionStarts
from bot.platforms.discord.listeners import Listeners
from bot.platforms.discord.outcomes import REQUEST_ERRORS, describe_error
from bot.platforms.discord.shards import Duty
from bot.storage.database.turns import Turns

_log = structlog.stdlib.get_logger("nutgraf.discord")

_AFTER_FAILURE = 5.0
_FAREWELL = 5.0
#: The gateway's close code for a wrong token.
_TOKEN_REFUSED = 4004
#: Seconds between two session starts: https://docs.discord.com/developers/events/gateway#rate-limiting.
_BETWEEN_STARTS = 5.0
#: Seconds before a session is started again, after Discord has ended it.
_BEFORE_NEXT_START = 1.0, 5.0


class GatewayClosed(Exception):
    """The gateway closed the connection for good."""


class Gateway:
    """The connection of some shards."""

    def __init__(self, client: Client, duty: Duty, listeners: Listeners, timing: Timing, turns: Turns) -> None:
        """Stores the arguments.

        Args:
            turns: The turns in which all processes start sessions.
        """
        self._client = client
        self._duty = duty
        self._listeners = listeners
        self._timing = timing
        self._turns = turns
        self._starts_at_once = 1
        if duty.is_shared:
            client.before_identify = self._turn

    async def run(self) -> None:
        """Keeps the connection. Returns only by raising.

        Raises:
            LoginFailure: Discord does not know the token.
            GatewayClosed: The connection was closed for good, and needs a new client.
        """
        client = self._client
        while True:
            try:
                await self._prepare()
                await client.connect(reconnect=True)
            except REQUEST_ERRORS as error:
                if _is_about_the_token(error):
                    raise LoginFailure(str(error)) from error
                if client.is_closed():
                    raise GatewayClosed(describe_error(error)) from error
                _log.warning("gateway_lost", error=describe_error(error), again_in=_AFTER_FAILURE)
                await asyncio.sleep(_AFTER_FAILURE)
            else:
                raise GatewayClosed("it was closed without a reason")

    async def stop(self) -> None:
        """Finishes current answers, and takes no more events."""
        await self._listeners.stop(_FAREWELL)

    async def _prepare(self) -> None:
        """Asks for the gateway's address, and waits if only few session starts are left."""
        gateway = await self._client.http.request(Route("GET", "/gateway/bot"))
        reconnect_to(gateway["url"])
        starts = SessionStarts.read(gateway, self._duty.total)
        self._starts_at_once = starts.at_once
        if starts.shards < starts.recommended:
            _log.warning("shards_too_few", shards=starts.shards, recommended=starts.recommended)
        if starts.wait:
            seconds = round(starts.wait.total_seconds())
            _log.warning("session_starts_low", remaining=starts.remaining, again_in=seconds)
            await self._timing.sleep(starts.wait.total_seconds())

    async def _turn(self, shard: int, is_first: bool) -> None:
        """Waits until this shard may start a session: other processes start sessions with the same token."""
        if not is_first:
            await self._timing.sleep(random.uniform(*_BEFORE_NEXT_START))  # noqa: S311  # no secret
        await self._turns.take(f"discord session {shard % self._starts_at_once}", _BETWEEN_STARTS)


def _is_about_the_token(error: BaseException) -> bool:
    is_closed = isinstance(error, ConnectionClosed) and error.code == _TOKEN_REFUSED
    return is_closed or (isinstance(error, HTTPException) and error.status == 401)
