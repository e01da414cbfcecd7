"""What Telegram's errors mean for a post; pure."""

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

#: Refusals that are about the chat and not about the message: the chat is paused and kept. Telegram documents none of
#: them; they are those of https://github.com/tdlib/telegram-bot-api (Client.cpp) and of MTProto's error list
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
    """What an error means; mind that ``BadRequest`` is a subclass of ``NetworkError``."""
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
    """Whether it is the chat that takes nothing, and not the message that is wrong."""
    said = error.message.lower()
    return any(words in said for words in _CLOSED_CHAT)


def is_bad_markup(error: TelegramError) -> bool:
    """Whether Telegram could not read the message's HTML."""
    return "can't parse entities" in error.message.lower()


def is_bad_button(error: TelegramError) -> bool:
    """Whether Telegram does not take a button, such as one whose address it finds odd."""
    said = error.message.lower()
    return any(words in said for words in ("button", "keyboard", "reply_markup", "reply markup"))


def is_gone(error: TelegramError) -> bool:
    """Whether a message that is to be deleted is not there any more."""
    return "message to delete not found" in error.message.lower()


def is_unchanged(error: TelegramError) -> bool:
    """Whether an edit had nothing to change: it was made before."""
    return "message is not modified" in error.message.lower()
