"""Reads posts of channels: those that reach the bot in a channel, and those that people forward to it."""

from __future__ import annotations

import re
from dataclasses import replace

from telegram import Message, MessageOriginChannel
from telegram.constants import MessageEntityType

from bot.chats import Destination
from bot.feeds.channels import ChannelPost

#: The prefix of channels' ids in the Bot API. Links to posts of private channels have the rest.
_CHANNEL_PREFIX = "-100"
#: The address of a page, and not of a whole site: that is no article, and a name such as "Booking.com" looks like one.
_PAGE_LINK = re.compile(r"https?://[^/?#]+(?:/[^?#]|/?\?.)", re.IGNORECASE)
_TELEGRAM_LINK = re.compile(r"https?://(?:www\.)?(?:t|telegram)\.me/", re.IGNORECASE)


def forwarded_post(message: Message, platform: str) -> ChannelPost | None:
    """The channel post that a message forwards, with its address. Members alone can open that of a private channel."""
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return None
    chat = origin.chat
    place = chat.username or f"c/{str(chat.id).removeprefix(_CHANNEL_PREFIX)}"
    text = message.text or message.caption or ""
    url = f"https://t.me/{place}/{origin.message_id}"
    return ChannelPost(Destination(platform, str(chat.id)), chat.title or "", text, url, _links(message))


def channel_post(message: Message, platform: str) -> ChannelPost | None:
    """The text of a post in a channel, or None if it has none. One that the channel forwards is its first channel's."""
    text = message.text or message.caption or ""
    if not text:
        return None
    chat, first = Destination(platform, str(message.chat.id)), forwarded_post(message, platform)
    if first is not None:
        return replace(first, chat=chat)
    return ChannelPost(chat, message.chat.title or "", text, message.link, _links(message))


def _links(message: Message) -> tuple[str, ...]:
    """The addresses of pages that a message names or links to, except those of Telegram itself."""
    kinds: list[str | None] = [MessageEntityType.URL, MessageEntityType.TEXT_LINK]
    named = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    found = (entity.url or _with_scheme(words) for entity, words in named.items())
    return tuple(link for link in found if _PAGE_LINK.match(link) and not _TELEGRAM_LINK.match(link))


def _with_scheme(address: str) -> str:
    """The address that a client opens: it takes "example.org/page" for one, too."""
    return address if "://" in address else f"https://{address}"
