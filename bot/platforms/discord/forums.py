"""Posts in forums. They are threads, for which Discord accepts no nonce, so requests must not be repeated blindly.

discord.py repeats requests that failed with status 500. For this reason these requests do not go through it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
from discord import ForumChannel

from bot.delivery.model import Outcome, Retry, Sent, Uncertain
from bot.delivery.request_errors import UNTOLD_WAIT, describe, never_arrived
from bot.platforms.discord.client import Client

_SILENT, _COMPONENTS = 1 << 12, 1 << 15
_TOO_MANY, _SERVER = 429, 500
_ERRORS: dict[int, type[discord.HTTPException]] = {403: discord.Forbidden, 404: discord.NotFound}
#: The largest expected difference between our clock and Discord's.
_MARGIN = timedelta(seconds=30)
_MOST_TAGS = 5


@dataclass(frozen=True)
class ForumPost:
    """A new thread in a forum."""

    name: str
    components: list[dict[str, Any]]
    silent: bool
    tags: tuple[int, ...] = ()
    role: str = ""

    def payload(self) -> dict[str, Any]:
        """The post as JSON for Discord."""
        flags = _COMPONENTS | (_SILENT if self.silent else 0)
        mentions: dict[str, list[str]] = {"parse": []} | ({"roles": [self.role]} if self.role else {})
        message = {"components": self.components, "flags": flags, "allowed_mentions": mentions}
        return {"name": self.name, "message": message, "applied_tags": [str(tag) for tag in self.tags]}


async def create(client: Client, forum: int, post: ForumPost) -> Outcome:
    """Creates a forum post in one request.

    Raises:
        discord.HTTPException: Discord refuses the post.
    """
    url = f"{discord.http.Route.BASE}/channels/{forum}/threads"
    headers = {"Authorization": f"Bot {client.http.token}", "User-Agent": client.http.user_agent}
    try:
        async with (
            aiohttp.ClientSession(headers=headers, trace_configs=client.traces) as session,
            session.post(url, json=post.payload()) as response,
        ):
            text = await response.text()
            if response.status == _TOO_MANY:
                wait = response.headers.get("Retry-After", "")
                seconds = timedelta(seconds=float(wait)) if wait.replace(".", "", 1).isdigit() else UNTOLD_WAIT
                is_global = response.headers.get("X-RateLimit-Scope") == "global"
                return Retry("Discord wants to be left alone", seconds, everywhere=is_global)
            if response.status >= _SERVER:
                return Uncertain(f"HTTP {response.status}")
            found = json.loads(text)
            if not response.ok:
                kind = _ERRORS.get(response.status, discord.HTTPException)
                raise kind(response, found)
            return Sent(str(found["id"]))
    except (aiohttp.ClientError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Retry(describe(error)) if never_arrived(error) else Uncertain(describe(error))


async def find(client: Client, forum: int, name: str, since: datetime) -> str | None:
    """The id of the thread with this name that the bot has created since the given time. None if there is none.

    Raises:
        discord.DiscordException: The search failed.
    """
    channel = client.get_channel(forum) or await client.fetch_channel(forum)
    if not isinstance(channel, ForumChannel):
        return None
    data = await client.http.get_active_threads(channel.guild.id)
    for thread in data["threads"]:
        created = discord.utils.snowflake_time(int(thread["id"]))
        is_ours = int(thread.get("owner_id") or 0) == client.me
        if (
            is_ours
            and int(thread.get("parent_id") or 0) == forum
            and thread["name"].strip() == name
            and created >= since - _MARGIN
        ):
            return str(thread["id"])
    return None


def tags_named(channel: ForumChannel, wanted: Sequence[str]) -> tuple[int, ...]:
    """The ids of the forum's tags with these names. If the forum requires a tag and none matches, its first tag."""
    names = {name.casefold() for name in wanted}
    found = [tag.id for tag in channel.available_tags if tag.name.casefold() in names]
    if not found and channel.flags.require_tag and channel.available_tags:
        found = [channel.available_tags[0].id]
    return tuple(found[:_MOST_TAGS])
