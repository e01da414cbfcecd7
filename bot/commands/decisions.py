"""Decisions of operators about posts and subscriptions, shared by the command line, chats and the dashboard."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bot.access import PAUSED_BY_OPERATOR, Access
from bot.commands.stores import PostStore
from bot.delivery.model import Delivery, State
from bot.subscriptions.model import Subscription, SubscriptionStore
from bot.subscriptions.pauses import freed

#: A post that is sent again may wait for so long.
_AGAIN_WITHIN = timedelta(days=1)


class NotAdmitted(Exception):
    """The settings do not admit a chat, so its subscription stays paused."""


async def decide(posts: PostStore, seen: Delivery, state: State, now: datetime) -> bool:
    """Resolves a post as it was seen: it arrived, was lost, or is sent again.

    Returns:
        Whether the post could be resolved.
    """
    return await posts.decide(seen, state, now, now + _AGAIN_WITHIN)


async def pause(subscriptions: SubscriptionStore, one: Subscription) -> None:
    """Pauses a subscription until an operator resumes it, and cancels its waiting posts."""
    await subscriptions.hold(one.id, PAUSED_BY_OPERATOR)


async def resume(
    subscriptions: SubscriptionStore, access: Access, one: Subscription, now: datetime
) -> Subscription | None:
    """Resumes a subscription, from its next time on. If its chat has paused it, too, that pause goes on.

    Raises:
        NotAdmitted: The settings do not admit the chat.
    """
    if not access.admits(one.destination, one.created_by):
        raise NotAdmitted
    return await subscriptions.change(one.destination, one.id, partial(freed, now=now))
