"""Changes of the bot's own membership in chats. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import ChatMemberUpdated
from telegram.constants import ChatMemberStatus, ChatType

from bot.chats import Destination
from bot.subscriptions.obstacles import Obstacle


@dataclass(frozen=True, slots=True)
class Membership:
    """A change of the bot's permissions in a chat.

    Attributes:
        reason: The reason why the bot may not post there. None if it may.
    """

    chat: Destination
    reason: Obstacle | None


def membership(change: ChatMemberUpdated, platform: str) -> Membership:
    """Returns what a change means for the bot."""
    chat, now = change.chat, change.new_chat_member
    where = Destination(platform, str(chat.id))
    if now.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}:
        return Membership(where, Obstacle.BLOCKED if chat.type == ChatType.PRIVATE else Obstacle.REMOVED)
    if chat.type == ChatType.CHANNEL and not getattr(now, "can_post_messages", False):
        return Membership(where, Obstacle.CHANNEL_POSTS)
    if now.status == ChatMemberStatus.RESTRICTED and not getattr(now, "can_send_messages", True):
        return Membership(where, Obstacle.GROUP_MESSAGES)
    return Membership(where, None)
