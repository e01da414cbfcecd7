"""Handlers of the commands about what is stored."""

from __future__ import annotations

import json

from bot.answers import privacy
from bot.commands.context import Context, Request
from bot.views.model import Document, View

#: What is typed after the command by who means it.
_SURE = frozenset({"yes", "sì", "si"})


async def explain(context: Context, request: Request, words: str) -> View:
    """What is stored, in six lines."""
    return privacy.privacy_view(context.policies.memory.days, context.policies.retention.days)


async def my_data(context: Context, request: Request, words: str) -> View:
    """What is stored about the asker and the chat, as JSON."""
    data = await context.privacy.data(request.where, request.user, request.is_private)
    return privacy.data_view(Document("mydata.json", json.dumps(data, ensure_ascii=False, indent=2)))


async def forget_me(context: Context, request: Request, words: str) -> View:
    """Deletes what is stored: of the chat too, where the asker may decide for it and says so twice."""
    if await request.may_manage():
        if words.lower() not in _SURE:
            return privacy.sure_view()
        await context.privacy.forget(request.where, request.user)
        return privacy.forgotten_view()
    await context.privacy.forget_person(request.user)
    return privacy.forgot_person_view()
