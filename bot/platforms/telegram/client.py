"""python-telegram-bot's `Bot`, with our transport below it."""

from __future__ import annotations

from telegram import Bot

from bot.platforms.telegram.transport import AiohttpRequest, Timeouts

#: Telegram's own server; others are self-hosted (https://github.com/tdlib/telegram-bot-api).
BASE_URL = "https://api.telegram.org"
#: Enough for all that the limits let go at once, at half a minute a request.
_CONNECTIONS = 128
_POLLING = 2


def new_bot(token: str, base_url: str = BASE_URL, timeouts: Timeouts = Timeouts()) -> Bot:  # noqa: B008  # frozen
    """A bot that sends over one pool of connections and polls over another; `Bot.initialize` opens them.

    Raises:
        telegram.error.InvalidToken: The token is empty.
    """
    root = base_url.rstrip("/")
    return Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=AiohttpRequest(_CONNECTIONS, timeouts),
        get_updates_request=AiohttpRequest(_POLLING, timeouts),
    )
