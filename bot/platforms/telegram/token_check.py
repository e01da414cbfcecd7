"""Checks the token again after Telegram has refused it in any request."""

from __future__ import annotations

import asyncio

import structlog
from telegram.error import InvalidToken, TelegramError

from bot.platforms.telegram.client import Client

_log = structlog.stdlib.get_logger("nutgraf.telegram")

#: Seconds before the token is checked, and before the next check if it is valid.
BEFORE_CHECK, _BETWEEN_CHECKS = 1.0, 30.0


async def watch_token(client: Client) -> None:
    """Checks the token after each refusal. Never returns.

    A poll can last for a minute, so that another request may be refused first. One refusal proves nothing: it may be a
    fault of Telegram or of a proxy, and a self-hosted server refuses methods that it does not have in the same way.

    Raises:
        InvalidToken: Telegram rejects the token.
    """
    while True:
        await client.token_refused.wait()
        _log.warning("token_refused_once", again_in=BEFORE_CHECK)
        await asyncio.sleep(BEFORE_CHECK)
        client.token_refused.clear()
        try:
            await client.get_me()
        except InvalidToken:
            raise
        except TelegramError as error:
            _log.warning("telegram_unreachable", error=error.message)
        await asyncio.sleep(_BETWEEN_CHECKS)
