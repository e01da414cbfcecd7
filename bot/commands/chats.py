"""What becomes of a chat's subscriptions when the bot is thrown out, let in again, or the chat moves."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from bot.access import NOT_ADMITTED, PAUSED_BY_OPERATOR
from bot.chats import Destination
from bot.commands.context import Context
from bot.subscriptions import edits
from bot.subscriptions.model import Subscription


async def barred(context: Context, chat: Destination, reason: str) -> None:
    """Pauses all that a chat and its threads subscribe to, and keeps it."""
    await context.subscriptions.bar(chat, reason)


async def let_in(context: Context, chat: Destination) -> None:
    """Resumes what was paused because the bot could not post there; what people paused stays so."""
    await context.subscriptions.let_in(chat, partial(_resumed, now=context.clock()))


def _resumed(subscription: Subscription, now: datetime) -> Subscription:
    if subscription.paused in {NOT_ADMITTED, PAUSED_BY_OPERATOR}:
        return subscription
    return edits.resumed(subscription, now)


async def moved(context: Context, chat: Destination, to: str) -> None:
    """Keeps everything of a chat that has another id now."""
    await context.subscriptions.move(chat, to)
