"""Turns Telegram's errors into outcomes of a post. Pure."""

from __future__ import annotations

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from bot.delivery.model import Dead, Migrated, Outcome, Paused, Retry, Stopped, Uncertain
from bot.delivery.request_errors import in_a_line
from bot.platforms.telegram.transport import Flooded, NeverArrived
from bot.subscriptions.obstacles import Obstacle

#: Error texts that concern the chat and not the message. The chat's subscriptions are paused. Telegram does not
#: document them. They are from https://github.com/tdlib/telegram-bot-api (Client.cpp) and from MTProto's error list
#: (https://core.telegram.org/api/errors).
_OBSTACLES = {
    "user_is_blocked": Obstacle.BLOCKED,
    "bot was blocked": Obstacle.BLOCKED,
    "user is deactivated": Obstacle.CHAT_GONE,
    "group chat was deactivated": Obstacle.CHAT_GONE,
    "group chat was upgraded": Obstacle.CHAT_GONE,
    "peer_id_invalid": Obstacle.CHAT_GONE,
    "chat not found": Obstacle.REMOVED,
    "channel_private": Obstacle.REMOVED,
    "bot was kicked": Obstacle.REMOVED,
    "bot is not a member": Obstacle.REMOVED,
    "chat_write_forbidden": Obstacle.MESSAGES,
    "have no rights to send": Obstacle.MESSAGES,
    "not enough rights to send": Obstacle.MESSAGES,
    "chat_restricted": Obstacle.MESSAGES,
    "chat_send_plain_forbidden": Obstacle.MESSAGES,
    "need administrator rights in the channel chat": Obstacle.CHANNEL_POSTS,
    "chat_admin_required": Obstacle.CHANNEL_POSTS,
    "topic_closed": Obstacle.TOPIC_CLOSED,
    "topic_deleted": Obstacle.TOPIC_GONE,
    "message thread not found": Obstacle.TOPIC_GONE,
}


def outcome_of(error: TelegramError) -> Outcome:  # noqa: PLR0911  # a table of outcomes
    """The outcome of an error. Note that ``BadRequest`` is a subclass of ``NetworkError``."""
    reason = in_a_line(error.message)
    match error:
        case Flooded():
            return Retry(reason, error.wait)
        case ChatMigrated():
            return Migrated(str(error.new_chat_id))
        case InvalidToken():
            return Stopped(f"Telegram refuses the token: {reason}")
        case Forbidden():
            return Paused(_obstacle(error) or Obstacle.REMOVED)
        case BadRequest() if obstacle := _obstacle(error):
            return Paused(obstacle)
        case BadRequest():
            return Dead(reason)
        case NeverArrived():
            return Retry(reason)
        case _:
            return Uncertain(reason)


def _obstacle(error: TelegramError) -> Obstacle | None:
    """Returns what is wrong with the chat, or None if it is the message that is wrong."""
    said = error.message.lower()
    return next((obstacle for words, obstacle in _OBSTACLES.items() if words in said), None)


def is_bad_markup(error: TelegramError) -> bool:
    """Whether Telegram could not parse the message's HTML."""
    return "can't parse entities" in error.message.lower()


def is_bad_button(error: TelegramError) -> bool:
    """Whether Telegram refuses a button, for example because of its address."""
    said = error.message.lower()
    return any(words in said for words in ("button", "keyboard", "reply_markup", "reply markup"))


def is_gone(error: TelegramError) -> bool:
    """Whether the message to delete does not exist."""
    return "message to delete not found" in error.message.lower()


def is_unchanged(error: TelegramError) -> bool:
    """Whether an edit changed nothing, because it was made before."""
    return "message is not modified" in error.message.lower()
