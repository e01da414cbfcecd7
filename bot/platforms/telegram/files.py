"""Files that users send on Telegram, and the sign that the bot is working on them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from telegram.error import BadRequest, TelegramError

from bot.chats import Destination
from bot.commands.context import SentFile
from bot.platforms.downloads import download
from bot.platforms.telegram.client import Client
from bot.platforms.telegram.updates import Sent
from briefings.errors import ServerUnreachable, SourceTooLarge
from briefings.sources import MAX_BYTES

_log = structlog.stdlib.get_logger("nutgraf.telegram")

#: Telegram shows for five seconds that a bot is typing.
_TYPING_EVERY = 4.0
#: https://core.telegram.org/bots/api#getfile
_TOO_BIG = "file is too big"


def sent_file(client: Client, file: Sent) -> SentFile:
    """Returns the file of a message, which is downloaded when it is read."""

    async def downloaded() -> bytes:
        try:
            address = await client.file_address(file.id)
        except BadRequest as error:
            if _TOO_BIG in error.message.lower():
                raise SourceTooLarge(file.name, MAX_BYTES) from error
            raise ServerUnreachable(file.name) from error
        except TelegramError as error:
            raise ServerUnreachable(file.name) from error
        return await download(address, file.name)

    return SentFile(file.name, file.size, file.media, downloaded)


@asynccontextmanager
async def typing(client: Client, where: Destination) -> AsyncIterator[None]:
    """Shows in a chat that the bot is typing, until the block ends."""
    showing = asyncio.create_task(_type_on(client, where))
    try:
        yield
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing


async def _type_on(client: Client, where: Destination) -> None:
    while True:
        try:
            await client.show_typing(where)
        except TelegramError as error:  # the answer matters more
            _log.debug("typing_unshown", chat=str(where), error=error.message)
        await asyncio.sleep(_TYPING_EVERY)
