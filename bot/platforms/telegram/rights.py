"""Asks Telegram who manages a chat, and whether the bot may post there."""

from __future__ import annotations

import re
from typing import Any

import structlog
from telegram import Bot, ChatFullInfo, ChatMember
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chats import Destination
from bot.commands.context import LookupFailed
from bot.platforms.telegram.posts import is_private_chat
from bot.subscriptions.obstacles import Obstacle
from bot.views.buttons import OF_LISTS, Control

_log = structlog.stdlib.get_logger("nutgraf.telegram")

_ADMINISTRATORS = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}
#: Telegram's words for somebody who is not in the chat.
_NO_MEMBER = re.compile("(user|member) not found|participant|user_id_invalid", re.IGNORECASE)
_OUTSIDE = {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


async def may_manage(bot: Bot, where: Destination, user: int | None, is_private: bool) -> bool:
    """Whether somebody may change what is posted there, asked of Telegram now.

    Args:
        user: None for the chat itself (a channel's post, an anonymous administrator): an administrator wrote it.

    Raises:
        LookupFailed: Telegram does not say. It tells members of a chat only to its administrators for sure
            (https://core.telegram.org/bots/api#getchatmember).
    """
    if is_private or user is None:
        return True
    if user < 0:  # somebody who writes as a channel of theirs is anonymous
        return False
    try:
        member = await bot.get_chat_member(where.chat, user)
    except (BadRequest, Forbidden) as error:
        _log.info("member_lookup_failed", chat=str(where), error=error.message)
        if _NO_MEMBER.search(error.message):
            return False
        raise LookupFailed(error.message, is_refused=True) from error
    except TelegramError as error:
        raise LookupFailed(error.message) from error
    return member.status in _ADMINISTRATORS


async def obstacle_there(bot: Bot, where: Destination, me: int) -> Obstacle | None:
    """Returns what keeps the bot from posting there, as far as Telegram says."""
    if is_private_chat(where.chat):
        return None
    try:
        return obstacle_of(await bot.get_chat_member(where.chat, me), await bot.get_chat(where.chat))
    except TelegramError as error:
        _log.info("member_lookup_failed", chat=str(where), error=error.message)
        return None


def obstacle_of(member: ChatMember, chat: ChatFullInfo) -> Obstacle | None:
    """Returns what keeps a member, the bot, from posting in a group or channel."""
    if member.status in _OUTSIDE:
        return Obstacle.REMOVED
    if chat.type == ChatType.CHANNEL:
        return None if getattr(member, "can_post_messages", False) else Obstacle.CHANNEL_POSTS
    if member.status == ChatMemberStatus.RESTRICTED:
        return None if getattr(member, "can_send_messages", False) else Obstacle.GROUP_MESSAGES
    is_closed = chat.permissions is not None and chat.permissions.can_send_messages is False
    return Obstacle.GROUP_MESSAGES if is_closed and member.status == ChatMemberStatus.MEMBER else None


def is_for_managers(query: dict[str, Any]) -> bool:
    """Whether a button outside a private chat changes something there."""
    chat = (query.get("message") or {}).get("chat") or {}
    control = Control.decode(str(query.get("data") or ""))
    return chat.get("type") != ChatType.PRIVATE and control is not None and control.verb not in OF_LISTS
