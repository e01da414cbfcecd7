"""What becomes of a chat's subscriptions when the bot is thrown out, let in again, or the chat moves."""

from __future__ import annotations

from functools import partial

from bot.chats import Destination
from bot.commands.context import Context
from bot.subscriptions import edits


async def barred(context: Context, chat: Destination, reason: str) -> None:
    """Pauses all that a chat and its threads subscribe to, and keeps it."""
    await context.subscriptions.bar(chat, reason)


async def let_in(context: Context, chat: Destination) -> None:
    """Resumes what was paused because the bot could not post there; what people paused stays so."""
    await context.subscriptions.let_in(chat, partial(edits.resumed, now=context.clock()))


async def moved(context: Context, chat: Destination, to: str) -> None:
    """Keeps everything of a chat that has another id now."""
    await context.subscriptions.move(chat, to)
