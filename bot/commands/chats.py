"""What becomes of a chat's subscriptions when the bot is thrown out, let in again, or the chat moves."""

from __future__ import annotations

from functools import partial

from bot.chats import Destination
from bot.commands.desk import Desk
from bot.subscriptions import edits


async def barred(desk: Desk, chat: Destination, reason: str) -> None:
    """Pauses all that a chat and its threads subscribe to, and keeps it."""
    await desk.subscriptions.bar(chat, reason)


async def let_in(desk: Desk, chat: Destination) -> None:
    """Resumes what was paused because the bot could not post there; what people paused stays so."""
    await desk.subscriptions.let_in(chat, partial(edits.resumed, now=desk.clock()))


async def moved(desk: Desk, chat: Destination, to: str) -> None:
    """Keeps everything of a chat that has another id now."""
    await desk.subscriptions.move(chat, to)
