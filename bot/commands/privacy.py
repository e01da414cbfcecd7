"""Handlers of the commands about what is stored."""

from __future__ import annotations

import json

from bot.answers import privacy
from bot.commands.desk import Desk, Request
from bot.views import Document, View

#: What is typed after the command by who means it.
_SURE = frozenset({"yes", "sì", "si"})


async def explain(desk: Desk, request: Request, words: str) -> View:
    """What is stored, in six lines."""
    return privacy.privacy_view(desk.policies.memory.days, desk.policies.retention.days)


async def my_data(desk: Desk, request: Request, words: str) -> View:
    """What is stored about the asker and the chat, as JSON."""
    data = await desk.privacy.data(request.where, request.user, request.is_private)
    return privacy.data_view(Document("mydata.json", json.dumps(data, ensure_ascii=False, indent=2)))


async def forget_me(desk: Desk, request: Request, words: str) -> View:
    """Deletes what is stored: of the chat too, where the asker may decide for it and says so twice."""
    if await request.may_manage():
        if words.lower() not in _SURE:
            return privacy.sure_view()
        await desk.privacy.forget(request.where, request.user)
        return privacy.forgotten_view()
    await desk.privacy.forget_person(request.user)
    return privacy.forgot_person_view()
