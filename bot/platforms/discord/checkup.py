"""Checks the bot's setup on Discord, and says what to change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import discord
from discord import DiscordException, ForumChannel, LoginFailure, Permissions
from discord.abc import GuildChannel
from discord.threads import Thread
from discord.utils import oauth_url

from bot.chats import Destination
from bot.i18n import Message, own
from bot.platforms.discord.client import Client, InvalidRequests, api
from bot.platforms.discord.menus import in_step
from bot.platforms.discord.outcomes import outcome_of
from bot.platforms.discord.sender import STRAY
from bot.platforms.discord.service import Settings
from bot.platforms.discord.service import describe_error as describe
from bot.platforms.guarding import checked
from bot.views.findings import Finding

#: Permissions needed for posting, and for finding a post that may have arrived.
NEEDED = Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    attach_files=True,
)


async def check(settings: Settings, destinations: Sequence[Destination]) -> list[Finding]:
    """Checks the token, the commands and the permissions in each subscribed channel."""
    async with _client(settings) as client:
        wrong = await _log_in(client, settings)
        if wrong is not None:
            return [wrong]
        owner, link = _owner(client)
        found = [owner, Finding(own("The bot needs no privileged intents.")), link]
        found.append(await _commands(client, settings.guild))
        return [*found, *[await checked(one, _rights(client, one)) for one in destinations]]


async def identify(settings: Settings) -> list[Finding]:
    """Checks the token alone, and says whose it is and how to add the bot to a server."""
    async with _client(settings) as client:
        wrong = await _log_in(client, settings)
        return _owner(client) if wrong is None else [wrong]


@asynccontextmanager
async def _client(settings: Settings) -> AsyncIterator[Client]:
    api(settings.base_url)
    client = Client(InvalidRequests(discord.utils.utcnow))
    try:
        yield client
    finally:
        await client.close()


async def _log_in(client: Client, settings: Settings) -> Finding | None:
    """Logs in. Returns what is wrong, or None."""
    try:
        await client.login(settings.token)
    except LoginFailure:
        said = own(
            "Discord rejects the token. Create a new one in the developer portal: your application, Bot, Reset Token."
        )
        return _wrong(said)
    except (DiscordException, *STRAY) as error:
        return _wrong(own("Discord cannot be reached: {error}. Check the network and base_url.", error=describe(error)))
    return None


def _owner(client: Client) -> list[Finding]:
    link = oauth_url(client.application_id or 0, permissions=NEEDED, scopes=("bot", "applications.commands"))
    return [
        Finding(own("The token belongs to {name}.", name=str(client.user))),
        Finding(own("Add it to a server with {link}", link=link)),
    ]


async def _commands(client: Client, guild: int | None) -> Finding:
    try:
        if await in_step(client, guild):
            return Finding(own("The commands are up to date."))
    except (DiscordException, *STRAY) as error:
        return _wrong(own("The check failed on Discord: {error}", error=describe(error)))
    return Finding(own("The commands are registered with Discord when the bot starts: nutgraf run."))


async def _rights(client: Client, where: Destination) -> Finding:
    """Whether the bot may post in a channel."""
    place = str(where)
    try:
        channel = await client.fetch_channel(int(where.thread or where.chat))
        if not isinstance(channel, GuildChannel | Thread):
            return Finding(own("{chat}: the bot may post there.", chat=place))
        guild = await client.fetch_guild(channel.guild.id)
        me = await guild.fetch_member(client.me)
        parent = await guild.fetch_channel(int(where.chat))  # a channel of this guild, whose roles are known
        rights = parent.permissions_for(me) if isinstance(parent, GuildChannel) else Permissions.none()
    except (DiscordException, *STRAY) as error:
        reason = getattr(outcome_of(error), "reason", "") or describe(error)
        said = own(
            "{chat}: the bot cannot post there ({reason}). Add it to the server again.", chat=place, reason=reason
        )
        return _wrong(said)
    in_threads = isinstance(channel, Thread | ForumChannel)
    wanted = Permissions(view_channel=True, send_messages=not isinstance(channel, Thread))
    wanted.send_messages_in_threads = in_threads
    missing = [name.replace("_", " ") for name, value in wanted if value and not getattr(rights, name)]
    if missing:
        said = own(
            "{chat}: missing permissions: {rights}. Grant them in the channel settings: Permissions.",
            chat=place,
            rights=", ".join(missing),
        )
        return _wrong(said)
    return Finding(own("{chat}: the bot may post there.", chat=place))


def _wrong(said: Message) -> Finding:
    return Finding(said, is_wrong=True)
