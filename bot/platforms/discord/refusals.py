"""Sends a message, without its buttons and pictures if Discord refuses them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import structlog
from discord import HTTPException

from bot.platforms.discord.outcomes import is_refused, said
from bot.platforms.discord.posts import Draft

_log = structlog.stdlib.get_logger("nutgraf.discord")

Sent = TypeVar("Sent")


async def sent_as_taken(draft: Draft, send: Callable[[Draft], Awaitable[Sent]]) -> Sent:
    """The result of ``send`` for the draft or, if Discord refuses it, for its text alone.

    Raises:
        discord.DiscordException: Discord refuses both, or another error occurred.
    """
    try:
        return await send(draft)
    except HTTPException as error:
        bare = _bare(draft)
        if not is_refused(error) or bare == draft:
            raise
        _log.warning("buttons_refused", error=said(error))
    return await send(bare)


def _bare(draft: Draft) -> Draft:
    more = tuple(replace(part, picture="") for part in draft.more)
    return replace(draft, buttons=(), choices=(), several=None, roles="", role="", picture="", more=more)
