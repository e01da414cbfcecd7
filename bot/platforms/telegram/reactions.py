"""Reads reactions to messages of the bot in private chats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import MessageReactionUpdated, ReactionType, ReactionTypeEmoji
from telegram.constants import ChatType, ReactionEmoji

from bot.chats import Destination

_VALUES: dict[str, int] = {ReactionEmoji.THUMBS_UP: 1, ReactionEmoji.THUMBS_DOWN: -1}


@dataclass(frozen=True, slots=True)
class Reacted:
    """A changed reaction to a message.

    Attributes:
        change: Positive if the person likes the message more than before.
    """

    where: Destination
    user: int
    message: int
    change: int


def reacted(update: MessageReactionUpdated, platform: str) -> Reacted | None:
    """Returns the reaction of a person in their private chat. None for others, and if no thumb was changed."""
    change = _value(update.new_reaction) - _value(update.old_reaction)
    if update.chat.type != ChatType.PRIVATE or update.user is None or not change:
        return None
    where = Destination(platform, str(update.chat.id))
    return Reacted(where, update.user.id, update.message_id, change)


def _value(reactions: Sequence[ReactionType]) -> int:
    return sum(_VALUES.get(one.emoji, 0) for one in reactions if isinstance(one, ReactionTypeEmoji))
