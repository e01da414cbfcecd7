"""Handlers of the privacy commands."""

from __future__ import annotations

import json

from bot.answers import privacy
from bot.commands.context import Context, Request
from bot.views.files import Document
from bot.views.model import View

#: Words that confirm the command.
_SURE = frozenset({"yes", "sì", "si"})


async def explain(context: Context, request: Request, words: str) -> View:
    """Returns which data is stored, in six lines."""
    return privacy.privacy_view(context.policies.memory.days, context.policies.retention.days)


async def my_data(context: Context, request: Request, words: str) -> View:
    """Returns the data stored about the user and the chat, as JSON."""
    data = await context.privacy.data(request.where, request.user, request.is_private)
    return privacy.data_view(Document("mydata.json", json.dumps(data, ensure_ascii=False, indent=2)))


async def forget_me(context: Context, request: Request, words: str) -> View:
    """Deletes the user's data, and the chat's data if the user may manage the chat and confirms it."""
    if await request.surely_manages():
        if words.lower() not in _SURE:
            return privacy.sure_view()
        await context.privacy.forget(request.where, request.user)
        return privacy.forgotten_view()
    await context.privacy.forget_person(request.user)
    return privacy.forgot_person_view()
