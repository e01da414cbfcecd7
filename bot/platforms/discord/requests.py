"""Requests from interactions."""

from __future__ import annotations

from discord import Interaction

from bot.chats import Destination
from bot.commands.context import Request
from bot.platforms.discord.client import PLATFORM, Client
from bot.platforms.discord.rights import obstacle_for, title_of
from bot.subscriptions.obstacles import Obstacle


def request_of(interaction: Interaction[Client], where: Destination, text: str, about: tuple[str, ...] = ()) -> Request:
    """Returns a request about a destination. Rights are those that Discord sent with the interaction."""
    is_private, guild = interaction.guild_id is None, interaction.guild

    async def may_manage() -> bool:
        return is_private or interaction.permissions.manage_guild

    def manages() -> frozenset[str]:
        is_manager = guild is not None and interaction.permissions.manage_guild
        return frozenset(f"{PLATFORM}:{one.id}" for one in guild.channels) if guild and is_manager else frozenset()

    async def obstacle() -> Obstacle | None:
        return obstacle_for(interaction, where)

    return Request(
        where,
        text,
        f"{PLATFORM}:{interaction.user.id}",
        about=about,
        is_private=is_private,
        locale=str(interaction.locale),
        title=title_of(interaction, where),
        manages=manages,
        may_manage=may_manage,
        obstacle=obstacle,
    )
