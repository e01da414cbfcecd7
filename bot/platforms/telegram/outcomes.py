"""Turns Telegram's errors into outcomes of a post. Pure."""

from __future__ import annotations

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from bot.delivery.exchange import in_a_line
from bot.delivery.model import Dead, Migrated, Outcome, Paused, Retry, Stopped, Uncertain
from bot.platforms.telegram.transport import Flooded, NeverArrived

#: Error texts that concern the chat and not the message. The chat's subscriptions are paused. Telegram does not
#: document them. They are from https://github.com/tdlib/telegram-bot-api (Client.cpp) and from MTProto's error list
#: (https://core.telegram.org/api/errors).
_CLOSED_CHAT = (
    "chat not found",
    "chat_write_forbidden",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights in the channel chat",
    "chat_restricted",
    "chat_admin_required",
    "chat_send_plain_forbidden",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
    "group chat was deactivated",
    "group chat was upgraded",
    "peer_id_invalid",
    "channel_private",
    "user_is_blocked",
    "user is deactivated",
    "bot was kicked",
    "bot is not a member",
)


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
            return Paused(reason)
        case BadRequest() if is_closed_chat(error):
            return Paused(reason)
        case BadRequest():
            return Dead(reason)
        case NeverArrived():
            return Retry(reason)
        case _:
            return Uncertain(reason)


def is_closed_chat(error: BadRequest) -> bool:
    """Whether the error concerns the chat and not the message."""
    said = error.message.lower()
    return any(words in said for words in _CLOSED_CHAT)


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
