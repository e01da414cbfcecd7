"""Checks the bot's setup on Discord, and says what to change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import discord
from discord import LoginFailure, Member, Permissions
from discord.abc import GuildChannel
from discord.http import Route
from discord.threads import Thread
from discord.utils import oauth_url

from bot.answers.obstacles import obstacle_said
from bot.chats import Destination
from bot.i18n import Message, own
from bot.platforms.checks import NO_TITLES, Titles, checked, name_of
from bot.platforms.discord.client import Client, InvalidRequests, api
from bot.platforms.discord.identify import SessionStarts
from bot.platforms.discord.menus import are_commands_current
from bot.platforms.discord.outcomes import REQUEST_ERRORS, outcome_of
from bot.platforms.discord.outcomes import describe_error as describe
from bot.platforms.discord.rights import obstacle_of
from bot.platforms.discord.service import Settings
from bot.views.findings import Finding

#: Permissions needed for posting, and for finding a post that may have arrived.
NEEDED = Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    attach_files=True,
)


async def check(settings: Settings, destinations: Sequence[Destination], titles: Titles = NO_TITLES) -> list[Finding]:
    """Checks the token, the commands and the permissions in each subscribed channel."""
    async with _client(settings) as client:
        wrong = await _log_in(client, settings)
        if wrong is not None:
            return [wrong]
        owner, link = _owner(client)
        found = [owner, Finding(own("The bot needs no privileged intents.")), link]
        found += [await _commands(client, settings), *await _shards(client, settings)]
        rights = _Rights(client, titles)
        return [*found, *[await checked(name_of(one, titles), rights.of(one)) for one in destinations]]


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
    except REQUEST_ERRORS as error:
        return _wrong(own("Discord cannot be reached: {error}. Check the network and base_url.", error=describe(error)))
    return None


def _owner(client: Client) -> list[Finding]:
    link = oauth_url(client.application_id or 0, permissions=NEEDED, scopes=("bot", "applications.commands"))
    return [
        Finding(own("The token belongs to {name}.", name=str(client.user))),
        Finding(own("Add it to a server with {link}", link=link)),
    ]


async def _commands(client: Client, settings: Settings) -> Finding:
    try:
        if await are_commands_current(client, settings.guild, settings.commands):
            return Finding(own("The commands are up to date."))
    except REQUEST_ERRORS as error:
        return _wrong(own("The check failed on Discord: {error}", error=describe(error)))
    return Finding(own("The commands are registered with Discord when the bot starts: nutgraf run."))


async def _shards(client: Client, settings: Settings) -> list[Finding]:
    """Says if the settings have fewer shards than Discord recommends."""
    try:
        starts = SessionStarts.read(await client.http.request(Route("GET", "/gateway/bot")), settings.sharding.total)
    except REQUEST_ERRORS as error:
        return [_wrong(own("The check failed on Discord: {error}", error=describe(error)))]
    if starts.shards >= starts.recommended:
        return []
    said = own(
        "Discord recommends {recommended} shards, and discord.shards is {shards}. Stop all processes, raise it, and"
        " start them again.",
        recommended=starts.recommended,
        shards=starts.shards,
    )
    return [_wrong(said)]


class _Rights:
    """Asks what the bot may do in channels. Each server is asked for once."""

    def __init__(self, client: Client, titles: Titles) -> None:
        self._client, self._titles = client, titles
        self._members: dict[int, Member] = {}

    async def of(self, where: Destination) -> Finding:
        """Whether the bot may post in a channel."""
        try:
            return await self._of(where)
        except REQUEST_ERRORS as error:
            reason = getattr(outcome_of(error), "reason", "") or describe(error)
            return _wrong(own("{chat}: {obstacle}", chat=name_of(where, self._titles), obstacle=obstacle_said(reason)))

    async def _of(self, where: Destination) -> Finding:
        channel = await self._client.fetch_channel(int(where.thread or where.chat))
        if not isinstance(channel, GuildChannel | Thread):
            return Finding(own("{chat}: the bot may post.", chat=name_of(where, self._titles)))
        me = await self._me_in(channel.guild.id)
        name = f"#{channel.name}, {me.guild.name} ({where})"
        parent = await me.guild.fetch_channel(int(where.chat))  # of this guild, whose roles are known
        rights = parent.permissions_for(me) if isinstance(parent, GuildChannel) else Permissions.none()
        if obstacle := obstacle_of(rights, channel):
            return _wrong(own("{chat}: {obstacle}", chat=name, obstacle=obstacle_said(obstacle)))
        return Finding(own("{chat}: the bot may post.", chat=name))

    async def _me_in(self, number: int) -> Member:
        if number not in self._members:
            guild = await self._client.fetch_guild(number)
            self._members[number] = await guild.fetch_member(self._client.me)
        return self._members[number]


def _wrong(said: Message) -> Finding:
    return Finding(said, is_wrong=True)
