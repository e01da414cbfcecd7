"""Requests from interactions."""

from __future__ import annotations

from functools import partial

from discord import Interaction

from bot.chats import Destination
from bot.commands.context import Request
from bot.platforms.discord.client import PLATFORM, Client
from bot.platforms.discord.rights import may_manage, missing_for, obstacle_for, title_of
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
    )
