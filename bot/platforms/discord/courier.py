"""Sends the posts of the ledger to Discord, and looks for those that may have arrived."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import structlog
from discord import LoginFailure

from bot.delivery.courier import Courier, Timing
from bot.delivery.model import Delivery, Ledger
from bot.delivery.pacing import Pacing
from bot.delivery.retry import RetryPolicy
from bot.platforms.discord.client import PLATFORM
from bot.platforms.discord.outcomes import describe_error
from bot.platforms.discord.sender import RESEND_WITHIN, DiscordSender
from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.discord")

_LOOKS_EVERY, _MOST_IN_DOUBT = 60.0, 50
#: Time limit of a request, with repetitions and waits for rate limits, in seconds.
_REQUEST = 60.0


class DiscordCourier:
    """Runs the courier of the platform, and looks every minute for posts that may have arrived."""

    def __init__(self, ledger: Ledger, sender: DiscordSender, pacing: Pacing, timing: Timing) -> None:
        self._ledger = ledger
        self._sender = sender
        self._timing = timing
        self._courier = Courier(
            PLATFORM,
            ledger,
            sender,
            pacing=pacing,
            policy=RetryPolicy(resend_within=RESEND_WITHIN),
            timing=replace(timing, request=max(timing.request, _REQUEST)),
            is_private=lambda _: False,
        )
        self._running = asyncio.create_task(self._courier.run())

    async def run(self) -> None:
        """Sends until it is cancelled.

        Raises:
            LoginFailure: A refused token has stopped the courier.
        """
        looking = asyncio.create_task(self._looking())
        try:
            await asyncio.wait({self._running})
            if self._courier.stopped_because is not None:
                raise LoginFailure(self._courier.stopped_because)
            await looking
        finally:
            looking.cancel()

    async def stop(self) -> None:
        """Finishes running requests, and sends no more."""
        self._courier.stop()
        await asyncio.shield(self._running)

    async def _looking(self) -> None:
        """Searches the channels for uncertain posts, once for each post."""
        looked_for: set[int] = set()
        while True:
            try:
                in_doubt = await self._ledger.in_doubt(PLATFORM, _MOST_IN_DOUBT)
            except StorageError as error:
                _log.warning("post_search_failed", error=repr(error))
                in_doubt = []
            for post in [one for one in in_doubt if one.id not in looked_for]:
                try:
                    await self._look(post)
                    looked_for.add(post.id)
                except Exception as error:  # noqa: BLE001  # one post's trouble is none of the next one's
                    _log.warning("post_lookup_failed", delivery=post.id, error=describe_error(error))
            await self._timing.sleep(_LOOKS_EVERY)

    async def _look(self, post: Delivery) -> None:
        number = await self._sender.find(post)
        if number and await self._ledger.found(post, number, self._timing.clock()):
            _log.info("post_found", delivery=post.id, message=number)
