"""What is sent to the platforms when a person edits a question that was answered."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from bot.commands.context import Policies
from tests.discord.talk import discord_talk
from tests.telegram.talk import telegram_talk

_STORY, _ASKED, _CORRECTED = "brief two drones", "who did it", "when was it?"
#: Ids that Discord gives out anew each time.
_NUMBER = re.compile(r"\d{12,}")
_METHODS = {"editMessageText", "sendMessage", "deleteMessage"}


def on_telegram(language: str) -> list[dict[str, Any]]:
    """The requests to Telegram after the edit."""

    async def asked() -> list[dict[str, Any]]:
        async with telegram_talk(policies=Policies(language=language)) as talk:
            await talk.says(f"/{_STORY}")
            await talk.says(_ASKED)
            before = len(talk.api.requests)
            await talk.edits(_CORRECTED)
            return [{"request": name, **sent} for name, sent in talk.api.requests[before:] if name in _METHODS]

    return asyncio.run(asked())


def on_discord(language: str) -> list[dict[str, Any]]:
    """The requests to Discord after the edit."""

    async def asked() -> list[dict[str, Any]]:
        async with discord_talk(language=language) as talk, asyncio.timeout(60):
            for count, text in enumerate((_STORY, _ASKED), start=1):
                await talk.says(text)
                while len(talk.api.messages) < count:
                    await asyncio.sleep(0.02)
            before = len(talk.api.requests)
            await talk.edits(_CORRECTED)
            while not talk.api.messages[-1].edits:
                await asyncio.sleep(0.02)
            sent = [(method, path, body) for method, path, body in talk.api.requests[before:] if "messages" in path]
            return [{"request": f"{method} {_NUMBER.sub('…', path)}", **body} for method, path, body in sent]

    return asyncio.run(asked())
