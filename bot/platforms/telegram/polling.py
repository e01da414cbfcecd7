"""Polls Telegram for updates. Each batch is stored before the next poll confirms it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.platforms.telegram.client import Client
from bot.platforms.telegram.transport import Flooded
from bot.platforms.telegram.worklist import number_of
from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.telegram")

#: Polling waits while more updates than this are being handled. Telegram keeps the next ones.
MOST_WORKING = 2000

Hear = Callable[[Sequence[dict[str, object]]], Awaitable[None]]
Rest = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Patience:
    """Durations of polling, in seconds.

    Attributes:
        poll: How long Telegram may hold a poll without updates.
        deaf: A poll without any response is given up after this, and its connections are renewed.
        first: The wait after a failure. It doubles with each failure, up to ``longest``.
        standby: The longest wait while another instance polls. The first wait is a tenth of it.
    """

    poll: int = 50
    deaf: float = 75
    first: float = 1
    longest: float = 30
    standby: float = 20


class Poller:
    """Polls until it is cancelled.

    Attributes:
        is_failing: Whether the last poll failed.
    """

    def __init__(self, client: Client, hear: Hear, rest: Rest, patience: Patience = Patience()) -> None:  # frozen
        self._client = client
        self._hear = hear
        self._rest = rest
        self._patience = patience
        self._offset: int | None = None
        self.is_failing = False

    async def run(self) -> None:
        """Polls for ever.

        Raises:
            InvalidToken: Telegram rejects the token.
        """
        failures = conflicts = 0
        while True:
            try:
                await self._rest(MOST_WORKING)
                await self._poll()
            except InvalidToken:
                raise
            except Conflict as error:
                # Telegram's text mentions "getUpdates". Ours says what to do.
                conflicts += 1
                wait = min(self._patience.standby, self._patience.standby / 10 * 2.0 ** min(conflicts - 1, 10))
                told = "another program polls with this bot's token; stop it, or give this one a token of its own"
                _log.warning("polling_conflicted", reason=told, error=error.message, seconds=wait)
                await asyncio.sleep(wait)
            except Flooded as error:
                await asyncio.sleep(error.wait.total_seconds())
            except (TelegramError, StorageError) as error:
                failures += 1
                if failures == 1:
                    _log.warning("polling_failed", error=str(error))
                await asyncio.sleep(min(self._patience.longest, self._patience.first * 2.0 ** min(failures - 1, 10)))
            else:
                if failures:
                    _log.info("polling_resumed", failures=failures)
                failures = conflicts = 0
            self.is_failing = failures + conflicts > 0

    async def _poll(self) -> None:
        try:
            async with asyncio.timeout(self._patience.deaf):
                updates = await self._client.raw_updates(self._offset, self._patience.poll)
        except TimeoutError:
            _log.warning("poll_timed_out", seconds=self._patience.deaf)
            await self._client.renew_polling()
            return
        if updates:
            await self._hear(updates)  # store them before the next poll, after which Telegram forgets them
            numbers = [number for one in updates if (number := number_of(one)) is not None]
            if not numbers:
                raise TelegramError("none of the updates has a number")
            self._offset = numbers[-1] + 1
