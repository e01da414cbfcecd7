"""Rights of the bot and of people in channels, as Discord tells them."""

from __future__ import annotations

import aiohttp
from discord import DiscordException, ForumChannel, Guild, Interaction, NotFound, Permissions, TextChannel
from discord.abc import GuildChannel
from discord.threads import Thread

from bot.chats import Destination
from bot.commands.context import LookupFailed
from bot.platforms.discord.client import Client
from bot.platforms.discord.events import is_alone, place_of
from bot.subscriptions.model import Role, Settings
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
    rights, channel = _rights(interaction, where)
    return obstacle_of(rights, channel) if rights is not None else None


def missing_for(interaction: Interaction[Client], where: Destination, settings: Settings) -> list[Obstacle]:
    """Returns what keeps settings of a subscription from working there."""
    rights, channel = _rights(interaction, where)
    if rights is None:
        return []
    found: list[Obstacle | None] = []
    if settings.role:
        found.append(_role_obstacle(rights, guild_of(interaction.client, where), settings.role))
    if settings.thread:
        is_in_thread = isinstance(channel, Thread | ForumChannel)
        missing = None if rights.create_public_threads else Obstacle.CREATE_THREADS
        found.append(Obstacle.NO_THREADS_HERE if is_in_thread else missing)
    if settings.publish:
        is_announced = isinstance(channel, TextChannel) and channel.is_news()
        found.append(None if is_announced else Obstacle.NO_ANNOUNCEMENTS)
    return [one for one in found if one]


def _role_obstacle(rights: Permissions, guild: Guild | None, wanted: Role) -> Obstacle | None:
    role = guild.get_role(int(wanted.id)) if guild else None
    if guild is None:
        return None
    if role is None or role.is_default():
        return Obstacle.ROLE_GONE if role is None else Obstacle.ROLE_OF_ALL
    return None if role.mentionable or rights.mention_everyone else Obstacle.MENTION_ROLE


def role_called(client: Client, where: Destination, typed: str) -> str:
    """Returns the id and the name of the only role with this name or id, or what was typed if there is none."""
    guild, wanted = guild_of(client, where), typed.strip("<@&>").casefold()
    roles = [one for one in (guild.roles if guild else ()) if not one.is_default()]
    found = [one for one in roles if wanted in {one.name.casefold(), str(one.id)}]
    return f"{found[0].id} {found[0].name}" if len(found) == 1 else typed


def _rights(interaction: Interaction[Client], where: Destination) -> tuple[Permissions | None, object]:
    """Returns the bot's rights in a channel, if they are known, and the channel."""
    guild = guild_of(interaction.client, where)
    channel = channel_of(guild, where) if guild else None
    if where == place_of(interaction):
        return (interaction.app_permissions, channel or interaction.channel) if guild else (None, None)
    me = guild.me if guild else None
    if channel is None or me is None:
        return None, None
    return channel.permissions_for(me), channel


async def may_manage(interaction: Interaction[Client], where: Destination) -> bool:
    """Returns whether the person may manage the server of a destination. Asks Discord if it is another server.

    Raises:
        LookupFailed: Discord does not answer.
    """
    if where.place == place_of(interaction).place and (is_alone(interaction) or interaction.guild_id is not None):
        return is_alone(interaction) or interaction.permissions.manage_guild
    return await manages_server(interaction.client, where, interaction.user.id, interaction)


async def manages_server(
    client: Client, where: Destination, user: int, interaction: Interaction[Client] | None = None
) -> bool:
    """Returns whether somebody may manage the server of a destination, asked of Discord now.

    Args:
        interaction: Theirs, which tells their rights in its own server.

    Raises:
        LookupFailed: Discord does not answer.
    """
    try:
        guild = await server_of(client, where)
        if guild is None:
            return False
        if interaction is not None and guild.id == interaction.guild_id:
            return interaction.permissions.manage_guild
        member = await guild.fetch_member(user)
    except NotFound:
        return False
    except (DiscordException, aiohttp.ClientError, OSError) as error:
        raise LookupFailed(str(error)) from error
    return member.guild_permissions.manage_guild


def guild_of(client: Client, where: Destination) -> Guild | None:
    """Returns the server of a channel, if this process gets its events."""
    channel = client.get_channel(_channel_number(where))
    return channel.guild if isinstance(channel, GuildChannel | Thread) else None


async def server_of(client: Client, where: Destination) -> Guild | None:
    """Returns the server of a channel, if the bot is in it. Discord is asked if another process gets its events.

    Raises:
        discord.DiscordException: Discord does not answer.
    """
    return await client.server_of(_channel_number(where))


def _channel_number(where: Destination) -> int:
    return int(where.place.partition(":")[2])


def channel_of(guild: Guild, where: Destination) -> GuildChannel | Thread | None:
    """Returns the channel or thread of a destination, if it is known."""
    number, _, _ = (where.thread or where.chat).partition("@")  # of a private answer, also the person is named
    return guild.get_channel_or_thread(int(number))


def title_of(interaction: Interaction[Client], where: Destination) -> str:
    """Returns the name of a channel with its server's, or nothing."""
    here = interaction.guild  # usually it is there: discord.py would look for the channel in all servers
    if here and (channel := channel_of(here, where)):
        return f"#{channel.name} ({here.name})"
    return known_title(interaction.client, where)


def known_title(client: Client, where: Destination) -> str:
    """Returns the name of a channel with its server's, or nothing if this process does not get its events."""
    guild = guild_of(client, where)
    channel = channel_of(guild, where) if guild else None
    return f"#{channel.name} ({guild.name})" if guild and channel else ""
