"""Sends a message, without buttons or markup if Telegram refuses them."""

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
#: A function that sends a text in a parse mode with buttons.
Send = Callable[[str, str | None, Rows], Coroutine[Any, Any, Sent]]


async def sent_as_taken(draft: Draft, send: Send[Sent]) -> Sent:
    """The result of ``send`` for the draft, or for the first simpler form that Telegram accepts.

    Raises:
        telegram.error.TelegramError: Telegram refuses every form, or another error occurred.
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
