"""The discord.py client with small caches, without pings, and with a count of refused requests."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import structlog
from discord import (
    AllowedMentions,
    AutoShardedClient,
    Forbidden,
    Guild,
    Intents,
    MemberCacheFlags,
    NotFound,
    VoiceClient,
)
from discord.abc import GuildChannel
from discord.gateway import DiscordWebSocket
from discord.threads import Thread
from yarl import URL

from bot.platforms.discord.hints import CommandLinks

_log = structlog.stdlib.get_logger("nutgraf.discord")

PLATFORM = "discord"
#: discord.py raises instead of waiting longer than this for a bucket.
_LONGEST_WAIT = 30.0
#: After 10,000 in ten minutes Discord refuses everything from this address for an hour.
MOST_INVALID, _INVALID_WITHIN = 2_000, timedelta(minutes=10)
#: Events without which there is no session.
_OF_THE_SESSION = frozenset({"READY", "RESUMED"})
_INVALID = frozenset({401, 403, 429})
_UNAUTHORIZED = 401
#: Parts of the addresses that carry a token of their own, which expires.
_WITHOUT_TOKEN = frozenset({"interactions", "webhooks"})


# They would warn every operator that voice channels are not supported.
VoiceClient.warn_nacl = VoiceClient.warn_dave = False


class InvalidRequests:
    """Counts the invalid requests that Discord counts, too: https://docs.discord.com/developers/topics/rate-limits.

    Attributes:
        is_token_refused: Whether Discord has refused the bot's token in any of them.
    """

    def __init__(self, clock: Callable[[], datetime], most: int = MOST_INVALID) -> None:
        self._clock = clock
        self._most = most
        self._seen: deque[datetime] = deque()
        self.is_token_refused = False

    def add(self, status: int, scope: str, url: URL) -> None:
        """Counts a response. Shared rate limits do not count."""
        if status == _UNAUTHORIZED and not _WITHOUT_TOKEN.intersection(url.parts):
            self.is_token_refused = True
        if status in _INVALID and not (status == 429 and scope == "shared"):
            self._seen.append(self._clock())

    @property
    def are_too_many(self) -> bool:
        """Whether the bot must stop before Discord bans its address."""
        since = self._clock() - _INVALID_WITHIN
        while self._seen and self._seen[0] < since:
            self._seen.popleft()
        return len(self._seen) >= self._most


class Client(AutoShardedClient):
    """The connection to Discord.

    Attributes:
        traces: Traces requests that do not go through discord.py.
        session: Makes requests that do not go through discord.py, over the same connections. They are not traced, which
            costs as much as writing a request, so each counts its own refusal in ``invalid``.
        invalid: Counts the refused requests.
        plain: Ids of uncached channels that are not forums.
        links: The ids of the commands, for links to them.
        before_identify: Waits until a shard may start a session, if other processes start sessions, too. Its arguments
            are the shard and whether this is the client's first session.
    """

    session: aiohttp.ClientSession

    def __init__(
        self, invalid: InvalidRequests, *, total: int | None = None, shards: Collection[int] | None = None
    ) -> None:
        """Creates a client that is not logged in yet.

        Args:
            total: The number of all shards. None means as many as Discord recommends.
            shards: The shards that this client connects. None means all. The others are connected elsewhere.
        """
        self.before_identify: Callable[[int, bool], Awaitable[None]] | None = None
        self.is_partial = shards is not None
        self.invalid = invalid
        self.traces = [_counted(invalid)]
        self.plain: set[int] = set()
        self.links = CommandLinks()
        some: dict[str, Any] = {"shard_ids": list(shards)} if shards else {}
        super().__init__(
            intents=_intents(),
            allowed_mentions=AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=_LONGEST_WAIT,
            http_trace=self.traces[0],
            shard_count=total,
            **some,
        )
        parsers = self._connection.parsers
        parsers |= {name: _guarded(name, parse) for name, parse in parsers.items() if name not in _OF_THE_SESSION}

    @property
    def is_held(self) -> bool:
        """Whether discord.py waits for the global rate limit."""
        return not self.http._global_over.is_set()  # noqa: SLF001  # nothing public tells

    @property
    def me(self) -> int:
        """The id of the bot's own user, after login."""
        return self.user.id if self.user else 0

    async def setup_hook(self) -> None:
        """Opens the session, after login."""
        jar = aiohttp.DummyCookieJar()
        self.session = aiohttp.ClientSession(connector=self.http.connector, connector_owner=False, cookie_jar=jar)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Waits until a shard may start a session."""
        if self.before_identify is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self.before_identify(shard_id or 0, initial)

    async def server_of(self, channel: int) -> Guild | None:
        """The server of a channel or thread, if the bot is in it. Discord is asked if another process gets its events.

        Raises:
            discord.DiscordException: Discord does not answer.
        """
        found: object = self.get_channel(channel)
        if found is None and self.is_partial:
            try:
                asked = await self.fetch_channel(channel)
                return await self.fetch_guild(asked.guild.id) if isinstance(asked, GuildChannel | Thread) else None
            except (NotFound, Forbidden):
                return None
        return found.guild if isinstance(found, GuildChannel | Thread) else None


def _guarded(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """Skips an event that cannot be parsed. In discord.py it would end the session."""

    def read(event: Any) -> None:
        try:
            parse(event)
        except Exception as error:  # noqa: BLE001  # whatever it is, the next event is another
            _log.warning("event_malformed", kind=name, error=repr(error))

    return read


def _intents() -> Intents:
    """No privileged intents. Discord sends the content of messages that mention the bot or are private."""
    intents = Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    return intents


def _counted(invalid: InvalidRequests) -> aiohttp.TraceConfig:
    async def ended(_: aiohttp.ClientSession, __: SimpleNamespace, found: aiohttp.TraceRequestEndParams) -> None:
        invalid.add(found.response.status, found.response.headers.get("X-RateLimit-Scope", ""), found.url)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    return trace


def reconnect_to(gateway: str) -> None:
    """Makes discord.py start new sessions at this gateway. After an invalid session it would use Discord's own gateway.

    discord.py keeps one gateway address for the whole process.
    """
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)


def api(address: str) -> None:
    """Sets the API address of discord.py, for the whole process."""
    discord.http.Route.BASE = address
