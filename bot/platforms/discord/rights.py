"""Whether the bot may post in a channel, as Discord says."""

from __future__ import annotations

from discord import ForumChannel, Guild, Interaction, Permissions
from discord.abc import GuildChannel
from discord.threads import Thread

from bot.chats import Destination
from bot.platforms.discord.client import Client
from bot.platforms.discord.events import place_of
from bot.subscriptions.obstacles import Obstacle


def obstacle_of(rights: Permissions, channel: object) -> Obstacle | None:
    """Returns what keeps somebody with these rights from posting in a channel, thread or forum."""
    if not rights.view_channel:
        return Obstacle.VIEW_CHANNEL
    if isinstance(channel, Thread):
        return None if rights.send_messages_in_threads else Obstacle.SEND_IN_THREADS
    if isinstance(channel, ForumChannel):
        return None if rights.send_messages else Obstacle.CREATE_POSTS
    return None if rights.send_messages else Obstacle.SEND_MESSAGES


def obstacle_for(interaction: Interaction[Client], where: Destination) -> Obstacle | None:
    """Returns what keeps the bot from posting there, by what came with the interaction or is known of the server."""
    guild = interaction.guild
    if guild is None:
        return None
    channel = channel_of(guild, where)
    if where == place_of(interaction):
        return obstacle_of(interaction.app_permissions, interaction.channel)
    me = guild.me
    if channel is None or me is None:
        return None
    return obstacle_of(channel.permissions_for(me), channel)


def channel_of(guild: Guild, where: Destination) -> GuildChannel | Thread | None:
    """Returns the channel or thread of a destination, if it is known."""
    number, _, _ = (where.thread or where.chat).partition("@")  # of a private answer, also the person is named
    return guild.get_channel_or_thread(int(number))


def title_of(interaction: Interaction[Client], where: Destination) -> str:
    """Returns the name of a channel with its server's, or nothing."""
    guild = interaction.guild
    channel = channel_of(guild, where) if guild else None
    return f"#{channel.name} ({guild.name})" if guild and channel else ""
