"""Files that users send on Discord, and the sign that the bot is working on them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from discord import Message

from bot.commands.context import SentFile
from bot.platforms.discord.outcomes import REQUEST_ERRORS
from bot.platforms.downloads import download

_log = structlog.stdlib.get_logger("nutgraf.discord")


def sent_file(message: Message) -> SentFile | None:
    """Returns the file of a message, which is downloaded when it is read."""
    return _first([_file(one.filename, one.size, one.content_type, one.url) for one in message.attachments])


def file_pointed_at(message: dict[str, Any]) -> SentFile | None:
    """Returns the file of a message that a message command is about."""
    found = message.get("attachments", [])
    return _first([_file(one["filename"], one["size"], one.get("content_type"), one["url"]) for one in found])


@asynccontextmanager
async def typing(message: Message) -> AsyncIterator[None]:
    """Shows in the channel of a message that the bot is typing, until the block ends."""
    shown = message.channel.typing()
    try:
        await shown.__aenter__()
    except REQUEST_ERRORS as error:  # the answer matters more
        _log.debug("typing_unshown", channel=message.channel.id, error=str(error))
        yield
        return
    try:
        yield
    finally:
        await shown.__aexit__(None, None, None)


def _file(name: str, size: int, media: str | None, address: str) -> SentFile:
    return SentFile(name, size, media or "", partial(download, address, name))


def _first(files: Sequence[SentFile]) -> SentFile | None:
    """The first file that can have text, with the number of others that can."""
    with_text = [file for file in files if not file.is_without_text]
    chosen = next(iter(with_text or files), None)
    return replace(chosen, others=max(0, len(with_text) - 1)) if chosen else None
