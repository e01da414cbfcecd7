"""Updates a chat's subscriptions when the bot is removed, added again, or when the chat's id changes."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from bot.access import NOT_ADMITTED, PAUSED_BY_OPERATOR
from bot.chats import Destination
from bot.commands.context import Context
from bot.subscriptions.model import Subscription
from bot.subscriptions.pauses import freed


async def barred(context: Context, chat: Destination, reason: str) -> None:
    """Pauses all subscriptions of a chat and its threads."""
    await context.subscriptions.bar(chat, reason)


async def let_in(context: Context, chat: Destination) -> None:
    """Resumes the subscriptions that were paused because the bot could not post. The pause of a user goes on."""
    await context.subscriptions.let_in(chat, partial(_freed, now=context.clock()))


def _freed(subscription: Subscription, now: datetime) -> Subscription:
    if subscription.paused in {NOT_ADMITTED, PAUSED_BY_OPERATOR}:
        return subscription
    return freed(subscription, now)


async def moved(context: Context, chat: Destination, to: str) -> None:
    """Moves everything that is stored about a chat to its new id."""
    await context.subscriptions.move(chat, to)
