"""Requests from interactions and messages."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from discord import Interaction, Member, Message

from bot.chats import Destination
from bot.commands.context import Request
from bot.commands.typed import is_about_picture
from bot.platforms.discord.client import PLATFORM, Client
from bot.platforms.discord.events import is_overheard, is_private, place_of
from bot.platforms.discord.files import sent_file, typing
from bot.platforms.discord.rights import (
    known_title,
    manages_server,
    may_manage,
    missing_for,
    obstacle_for,
    role_called,
    title_of,
)
from bot.subscriptions.obstacles import Obstacle


def request_of(interaction: Interaction[Client], where: Destination, text: str, about: tuple[str, ...] = ()) -> Request:
    """Returns a request about a destination. Rights are those that Discord sent with the interaction."""

    async def allowed() -> bool:
        return await may_manage(interaction, where)

    def manages() -> frozenset[str]:
        guild = interaction.guild
        is_manager = guild is not None and interaction.permissions.manage_guild
        return frozenset(f"{PLATFORM}:{one.id}" for one in guild.channels) if guild and is_manager else frozenset()

    async def obstacle() -> Obstacle | None:
        return obstacle_for(interaction, where)

    return Request(
        where,
        text,
        f"{PLATFORM}:{interaction.user.id}",
        about=about,
        is_private=interaction.guild_id is None,
        locale=str(interaction.locale),
        title=title_of(interaction, where),
        manages=manages,
        may_manage=allowed,
        obstacle=obstacle,
        missing=partial(missing_for, interaction, where),
        role=partial(role_called, interaction.client, where),
    )


def request_from(message: Message, question: str, me: int, *, is_edit: bool) -> Request:
    """Returns the request of a message without the bot's name. The bot's id is ``me``."""
    said = message.reference.resolved if message.reference else None
    is_to_other = isinstance(said, Message) and said.author.id != me
    replies_to = message.reference.message_id if message.reference and not is_to_other else None

    async def allowed() -> bool:
        author = message.author
        return is_private(message) or (isinstance(author, Member) and author.guild_permissions.manage_guild)

    file = sent_file(message)
    is_picture = file is not None and file.is_without_text
    words = "" if is_picture and is_private(message) and is_about_picture(question) else question
    return Request(
        place_of(message),
        words,
        f"{PLATFORM}:{message.author.id}",
        str(replies_to) if replies_to else None,
        is_private=is_private(message),
        may_manage=allowed,
        file=None if words and is_picture else file,  # these words are not about a picture
        working=lambda: typing(message),
        is_edit=is_edit,
        is_overheard=is_overheard(message, question, me),
    )


def request_there(client: Client, message: Message, request: Request) -> Request:
    """Returns the request of a private message as one in the channel that it is about."""
    where = request.where
    return replace(
        request,
        title=known_title(client, where),
        may_manage=partial(manages_server, client, where, message.author.id),
        role=partial(role_called, client, where),
    )
