"""Sends a message in the form that Telegram takes: without buttons or markup where it refuses those."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog
from telegram.error import BadRequest

from bot.platforms.telegram.outcomes import is_bad_button, is_bad_markup
from bot.platforms.telegram.posts import Draft
from bot.views.layout import Rows

_log = structlog.stdlib.get_logger("nutgraf.telegram")

Sent = TypeVar("Sent")
#: Sends a text, in a parse mode, with buttons.
Send = Callable[[str, str | None, Rows], Coroutine[Any, Any, Sent]]


async def sent_as_taken(draft: Draft, send: Send[Sent]) -> Sent:
    """What ``send`` returns for the draft, or for the first simpler form of it that Telegram takes.

    Raises:
        telegram.error.TelegramError: Telegram takes none of them, or fails otherwise.
    """
    try:
        return await _with_markup(draft, draft.keyboard, send)
    except BadRequest as error:
        if not draft.keyboard or not is_bad_button(error):
            raise
        _log.warning("buttons_refused", error=error.message)
    return await _with_markup(draft, (), send)


async def _with_markup(draft: Draft, keyboard: Rows, send: Send[Sent]) -> Sent:
    try:
        return await send(draft.html, "HTML", keyboard)
    except BadRequest as error:
        if not is_bad_markup(error):
            raise
    return await send(draft.plain, None, keyboard)
