"""Parses updates: typed text, pressed buttons, changed membership, moved chats. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime

from telegram import CallbackQuery, Chat, Message, Update, User
from telegram.constants import ChatType

from bot.chats import Destination
from bot.commands.names import command_named
from bot.commands.typed import command_in, is_about_picture, is_long_post
from bot.delivery.inbox import NotHandled
from bot.feeds.channels import ChannelPost
from bot.platforms.telegram.channel_posts import channel_post, forwarded_post
from bot.platforms.telegram.memberships import Membership, membership
from bot.platforms.telegram.reactions import Reacted, reacted
from bot.platforms.telegram.topics import title_of

PLATFORM = "telegram"
#: The kinds of updates that the bot asks for.
WANTED = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
    "inline_query",
    "message_reaction",
)

_COMMAND = re.compile(r"/(?P<name>\w+)(?:@(?P<bot>\w+))?(?P<rest>(?:\s.*)?)", re.DOTALL)


class Malformed(NotHandled):
    """An update that python-telegram-bot cannot parse."""

    def __init__(self) -> None:
        super().__init__("it cannot be read")


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own user on Telegram."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A file in a message.

    Attributes:
        id: Under which Telegram hands it out.
        size: In bytes; 0 if Telegram does not say.
    """

    id: str
    name: str
    size: int
    media: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A message to the bot: its text or caption, and its file.

    Attributes:
        message: The id of the message.
        user: The author's id. None if the chat itself is the author: a channel post or an anonymous administrator.
            Negative if a person writes as a channel: the channel's id.
        is_channel: Whether only administrators can write in the chat.
        sent: When it was sent.
        forwarded: The channel post that it forwards.
        is_edit: Whether the message was sent before, and its text is changed.
        is_overheard: Whether it replies to the bot without naming it, so that it may be a remark to other people.
        album: The album that it is a part of. Each part is a message.
        language: The IETF tag of the person's client language.
        replies_to: The id of the bot's message that it replies to.
        quote: The quoted part of that message.
    """

    where: Destination
    message: int
    text: str
    user: int | None
    is_private: bool
    language: str = ""
    replies_to: str | None = None
    quote: str = ""
    is_channel: bool = False
    file: Sent | None = None
    title: str = ""
    sent: datetime | None = None
    forwarded: ChannelPost | None = None
    is_edit: bool = False
    is_overheard: bool = False
    album: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A post in a channel that is not for the bot."""

    post: ChannelPost


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed.

    Attributes:
        is_on_picture: Whether its message is a picture, which no text can replace.
    """

    where: Destination
    query: str
    data: str
    user: int
    is_private: bool
    message: int
    language: str = ""
    is_channel: bool = False
    title: str = ""
    is_on_picture: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup."""

    chat: Destination
    to: str


Event = Typed | Posted | Pressed | Membership | Moved | Reacted


def event_of(update: Update, me: Me) -> Event | None:  # noqa: PLR0911  # one return for each kind of update
    """The event in an update. None if the update is not for the bot."""
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.message_reaction is not None:
        return reacted(update.message_reaction, PLATFORM)
    if update.my_chat_member is not None:
        return membership(update.my_chat_member, PLATFORM)
    edited = update.edited_message or update.edited_channel_post
    message = update.message or update.channel_post or edited
    if message is None:
        return None
    if message.migrate_to_chat_id is not None:
        return Moved(Destination(PLATFORM, str(message.chat.id)), str(message.migrate_to_chat_id))
    typed = _typed(message, me)
    if typed is None:
        post = channel_post(message, PLATFORM) if update.channel_post or update.edited_channel_post else None
        return Posted(post) if post else None
    return replace(typed, is_edit=edited is not None)


def chat_of(body: str) -> int:
    """The id of the chat of a stored update, even if it is malformed. 0 if it has none."""
    try:
        update = json.loads(body)
    except ValueError:
        return 0
    if not isinstance(update, dict):
        return 0
    query = update.get("callback_query")
    kinds = [update.get(kind) for kind in WANTED if kind != "callback_query"]
    for holder in (*kinds, query.get("message") if isinstance(query, dict) else None):
        chat = holder.get("chat") if isinstance(holder, dict) else None
        if isinstance(chat, dict) and isinstance(chat.get("id"), int):
            return int(chat["id"])
    return 0


def _typed(message: Message, me: Me) -> Typed | None:
    text = message.text or message.caption or ""
    chat = message.chat
    author = message.from_user
    file = _file(message)
    is_wordless = chat.type == ChatType.PRIVATE and message.effective_attachment is not None
    if not (text or file or is_wordless) or message.is_automatic_forward or message.via_bot is not None:
        return None
    if author is not None and author.is_bot and message.sender_chat is None:
        return None
    is_private = chat.type == ChatType.PRIVATE
    text = "" if is_wordless and not (file or message.forward_origin) and is_about_picture(text) else text
    replied = message.reply_to_message
    is_reply_to_me = replied is not None and _is_mine(replied, chat, me)
    said = text if is_private else _addressed(text, me, is_reply_to_me)
    if said is None or (chat.type == ChatType.CHANNEL and is_long_post(said)):  # an article may name the bot
        return None
    command = command_in(said)
    if file is None and replied is not None and command is not None and command.name == "brief":
        file = _file(replied)
    user = author.id if author is not None else None
    if message.sender_chat is not None:
        user = None if message.sender_chat.id == chat.id else message.sender_chat.id
    return Typed(
        _destination(message),
        message.message_id,
        _without_name(said or ("" if file or is_wordless else "/start")),
        user,
        is_private,
        _language(author),
        str(replied.message_id) if replied is not None and is_reply_to_me else None,
        message.quote.text if message.quote is not None else "",
        chat.type == ChatType.CHANNEL,
        file,
        title=title_of(message),
        sent=message.date,
        forwarded=forwarded_post(message, PLATFORM),
        is_overheard=not is_private and said == text and command is None,
        album=message.media_group_id or "",
    )


def _file(message: Message) -> Sent | None:
    document = message.document
    if document is None:
        return None
    return Sent(document.file_id, document.file_name or "file", document.file_size or 0, document.mime_type or "")


def _is_mine(replied: Message, chat: Chat, me: Me) -> bool:
    """Whether a message is the bot's own. Channel posts have no author."""
    if replied.from_user is not None:
        return replied.from_user.id == me.id
    return replied.sender_chat is not None and replied.sender_chat.id == chat.id


def _addressed(text: str, me: Me, is_reply_to_me: bool) -> str | None:
    """The text that a group member says to the bot, without the bot's name. None if it is not for the bot."""
    if match := _COMMAND.fullmatch(text):
        if match["bot"]:
            return text if match["bot"].lower() == me.username.lower() else None
        return text if is_reply_to_me or command_named(match["name"]) else None
    mention = re.compile(rf"@{re.escape(me.username)}\b[,:]?\s*", re.IGNORECASE)
    if mention.search(text):
        return mention.sub("", text).strip()
    return text if is_reply_to_me else None


def _without_name(text: str) -> str:
    """A command without the bot's name."""
    match = _COMMAND.fullmatch(text)
    return f"/{match['name']}{match['rest']}" if match and match["bot"] else text


def _destination(message: Message) -> Destination:
    """The chat and, in a forum, the topic. In other chats thread ids are ignored, because they only mark replies."""
    is_topic = bool(message.is_topic_message) and message.message_thread_id is not None
    return Destination(PLATFORM, str(message.chat.id), str(message.message_thread_id) if is_topic else "")


def _pressed(query: CallbackQuery) -> Pressed | None:
    if query.message is None or query.data is None:
        return None
    kind = query.message.chat.type
    chat = Destination(PLATFORM, str(query.message.chat.id))
    where = _destination(query.message) if isinstance(query.message, Message) else chat
    return Pressed(
        where,
        query.id,
        query.data,
        query.from_user.id,
        kind == ChatType.PRIVATE,
        query.message.message_id,
        _language(query.from_user),
        kind == ChatType.CHANNEL,
        title=title_of(query.message) if isinstance(query.message, Message) else query.message.chat.title or "",
        is_on_picture=isinstance(query.message, Message) and bool(query.message.photo),
    )


def _language(user: User | None) -> str:
    return (user.language_code or "") if user is not None else ""
