"""Runs the bot on Discord: connects, listens, answers and posts until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog
from discord import ConnectionClosed, DiscordException, HTTPException, LoginFailure
from discord.http import Route

from bot.commands.dispatcher import Dispatcher
from bot.delivery.answers import Answers
from bot.delivery.courier import Courier, Timing
from bot.delivery.exchange import describe, in_a_line
from bot.delivery.model import Delivery, Ledger
from bot.delivery.pacing import Limit, Limits, Pacing
from bot.delivery.retry import RetryPolicy
from bot.i18n import Translator
from bot.platforms.discord.adapter import HINT
from bot.platforms.discord.client import MOST_INVALID, PLATFORM, Client, InvalidRequests, api, reconnect_to
from bot.platforms.discord.identify import SessionStarts
from bot.platforms.discord.listeners import Listeners
from bot.platforms.discord.menus import Naming, register
from bot.platforms.discord.replies import Speaker
from bot.platforms.discord.sender import RESEND_WITHIN, STRAY, DiscordSender
from bot.platforms.parts import Hold, hold_alone
from bot.runtime.restarts import RestartPatience
from bot.runtime.stopping import run_until
from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.discord")

BASE_URL = "https://discord.com/api/v10"
#: Discord allows 50 requests a second, not counting answers to interactions, and 5 in 5 seconds for each channel. Five
#: a second are left for requests other than messages. https://docs.discord.com/developers/topics/rate-limits
LIMITS = Limits(45, 5, group=(Limit(5, timedelta(seconds=5)),), private=(Limit(5, timedelta(seconds=5)),))
_FIRST_WAIT, _LONGEST_WAIT, _LONGEST_PAUSE = 1.0, 60.0, 3600.0
_FAREWELL = 5.0
_AFTER_FAILURE = 5.0
#: Seconds before a refused token is tried again, once.
_BEFORE_SECOND_OPINION = 1.0
_LOOKS_EVERY, _MOST_IN_DOUBT = 60.0, 50
#: The gateway's close code for a wrong token.
_TOKEN_REFUSED = 4004
#: Time limit of a request, with repetitions and waits for rate limits, in seconds.
_REQUEST = 60.0


@dataclass(frozen=True)
class Settings:
    """The operator's settings for Discord.

    Attributes:
        token: The application's token. It is never shown.
        guild: The test server that gets new commands at once. None registers the commands for all servers.
        forum_tags: The names of the tags for forum posts.
        commands: Whether commands have names of their own, are below ``/news``, or both.
        grace: Seconds before an answer is deferred.
        most_refused: The platform is stopped after so many refused requests in ten minutes.
    """

    token: str = field(repr=False)
    base_url: str = BASE_URL
    guild: int | None = None
    forum_tags: Sequence[str] = ()
    commands: Naming = Naming.SHORT
    limits: Limits = LIMITS
    grace: float = 1.5
    most_refused: int = MOST_INVALID


class TooManyRefusals(Exception):
    """Discord has refused so many requests that it would soon ban this address."""


class GatewayClosed(Exception):
    """The gateway closed the connection for good."""


class DiscordService:
    """Runs the platform with one token."""

    platform = PLATFORM

    def __init__(
        self, settings: Settings, *, dispatcher: Dispatcher, ledger: Ledger, timing: Timing, language: str
    ) -> None:
        self.stopped_because: str | None = None
        self._settings = settings
        self._dispatcher = dispatcher
        self._ledger = ledger
        self._timing = timing
        self._language = language
        self._stopping = asyncio.Event()
        self._client: Client | None = None

    @property
    def is_connected(self) -> bool:
        """Whether every connection to the gateway is open."""
        shards = self._client.shards.values() if self._client is not None and self._client.is_ready() else ()
        return bool(shards) and not any(shard.is_closed() for shard in shards)

    def stop(self) -> None:
        """Asks `run` to end."""
        self._stopping.set()

    async def run(self, hold: Hold = hold_alone) -> None:
        """Runs while this process holds the platform, until `stop` is called or Discord refuses the token."""
        await hold(PLATFORM, self._run)

    async def _run(self) -> None:
        api(self._settings.base_url)
        patience = RestartPatience(self._stopping)
        while not self._stopping.is_set() and self.stopped_because is None:
            patience.begins()
            try:
                await run_until(self._stopping, self._work())
            except LoginFailure:
                if await self._is_token_refused():
                    self.stopped_because = "Discord does not know its token"
                else:
                    _log.warning("token_refused_once", again_in=patience.seconds)
                    await patience.wait()
            except TooManyRefusals:
                self.stopped_because = "Discord refused too many requests; look for the reason in the log"
            except GatewayClosed as error:
                _log.warning("gateway_closed", error=str(error), again_in=patience.seconds)
                await patience.wait()
            except Exception:  # noqa: BLE001  # a mistake of ours must not silence the bot for good
                _log.exception("discord_failed", again_in=patience.seconds)
                await patience.wait()

    async def _is_token_refused(self) -> bool:
        """Checks the token again after a pause. A single refusal may be a fault of Discord or a proxy."""
        await self._timing.sleep(_BEFORE_SECOND_OPINION)
        client = Client(InvalidRequests(self._timing.clock, self._settings.most_refused))
        try:
            await client.login(self._settings.token)
        except LoginFailure:
            return True
        except (DiscordException, *STRAY) as error:
            _log.warning("discord_unreachable", error=describe_error(error))
        finally:
            await client.close()
        return False

    async def _work(self) -> None:
        invalid = InvalidRequests(self._timing.clock, self._settings.most_refused)
        client = await self._logged_in(invalid)
        self._client = client
        try:
            await self._work_with(client, invalid)
        finally:
            self._client = None
            await client.close()

    async def _work_with(self, client: Client, invalid: InvalidRequests) -> None:
        pacing = Pacing(self._settings.limits)
        sender = DiscordSender(client, Translator(self._language).say(HINT), self._settings.forum_tags)
        courier = Courier(
            PLATFORM,
            self._ledger,
            sender,
            pacing=pacing,
            policy=RetryPolicy(resend_within=RESEND_WITHIN),
            timing=replace(self._timing, request=max(self._timing.request, _REQUEST)),
            is_private=lambda _: False,
        )
        speaker = Speaker(self._dispatcher.context.chats, self._settings.grace)
        listeners = Listeners(client, self._dispatcher, speaker, Answers(pacing, self._timing), self._language)
        sending = asyncio.create_task(courier.run())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._connected(client))
                group.create_task(self._registered(client))
                group.create_task(self._watched(sending, courier))
                group.create_task(self._looking(sender))
                group.create_task(self._counted(invalid))
        except* LoginFailure as errors:
            raise LoginFailure from errors
        except* TooManyRefusals as errors:
            raise TooManyRefusals from errors
        except* GatewayClosed as errors:
            raise GatewayClosed(*errors.exceptions[0].args) from errors
        finally:
            courier.stop()
            await asyncio.gather(asyncio.shield(sending), listeners.stop(_FAREWELL), return_exceptions=True)

    async def _logged_in(self, invalid: InvalidRequests) -> Client:
        """Logs in as soon as Discord can be reached."""
        wait = _FIRST_WAIT
        while True:
            client = Client(invalid)  # a client that failed to log in cannot try again
            try:
                await client.login(self._settings.token)
            except (DiscordException, *STRAY) as error:
                await client.close()
                if isinstance(error, LoginFailure):
                    raise
                _log.warning("discord_unreachable", error=describe_error(error), again_in=wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
            else:
                _log.info("discord_connected", username=str(client.user), id=client.me)
                return client

    async def _connected(self, client: Client) -> None:
        """Keeps the gateway connection, within Discord's limit of session starts."""
        while True:
            try:
                gateway = await client.http.request(Route("GET", "/gateway/bot"))
                reconnect_to(gateway["url"])
                starts = SessionStarts.read(gateway)
                if starts.wait:
                    seconds = round(starts.wait.total_seconds())
                    _log.warning("session_starts_low", remaining=starts.remaining, again_in=seconds)
                    await self._timing.sleep(starts.wait.total_seconds())
                await client.connect(reconnect=True)
            except (DiscordException, *STRAY) as error:
                if _is_about_the_token(error):
                    raise LoginFailure(str(error)) from error
                if client.is_closed():  # the gateway closed it for good; `run` starts again
                    raise GatewayClosed(describe_error(error)) from error
                _log.warning("gateway_lost", error=describe_error(error), again_in=_AFTER_FAILURE)
                await asyncio.sleep(_AFTER_FAILURE)
            else:
                raise GatewayClosed("it was closed without a reason")

    async def _registered(self, client: Client) -> None:
        wait = _FIRST_WAIT
        while True:
            try:
                changed = await register(client, self._settings.guild, self._settings.commands)
            except (DiscordException, *STRAY) as error:
                _log.warning("command_registration_failed", error=describe_error(error), again_in=wait)
                await self._timing.sleep(wait)
                wait = min(2 * wait, _LONGEST_PAUSE)
            else:
                _log.info("commands_registered", changed=changed)
                return

    async def _watched(self, sending: asyncio.Task[None], courier: Courier) -> None:
        """Ends the service if a refused token stopped the courier."""
        await asyncio.wait({sending})
        if courier.stopped_because is not None:
            raise LoginFailure(courier.stopped_because)

    async def _counted(self, invalid: InvalidRequests) -> None:
        while not invalid.are_too_many:
            await self._timing.sleep(1)
        raise TooManyRefusals

    async def _looking(self, sender: DiscordSender) -> None:
        """Searches the channels for uncertain posts, once for each post."""
        looked_for: set[int] = set()
        while True:
            try:
                in_doubt = await self._ledger.in_doubt(PLATFORM, _MOST_IN_DOUBT)
            except StorageError as error:
                _log.warning("post_search_failed", error=repr(error))
                in_doubt = []
            for post in [one for one in in_doubt if one.id not in looked_for]:
                try:
                    await self._look(sender, post)
                    looked_for.add(post.id)
                except Exception as error:  # noqa: BLE001  # one post's trouble is none of the next one's
                    _log.warning("post_lookup_failed", delivery=post.id, error=describe_error(error))
            await self._timing.sleep(_LOOKS_EVERY)

    async def _look(self, sender: DiscordSender, post: Delivery) -> None:
        number = await sender.find(post)
        if number and await self._ledger.found(post, number, self._timing.clock()):
            _log.info("post_found", delivery=post.id, message=number)


def _is_about_the_token(error: BaseException) -> bool:
    is_closed = isinstance(error, ConnectionClosed) and error.code == _TOKEN_REFUSED
    return is_closed or (isinstance(error, HTTPException) and error.status == 401)


def describe_error(error: BaseException) -> str:
    """An error of discord.py or aiohttp in one line for operators."""
    return in_a_line(str(error)) if isinstance(error, DiscordException) else describe(error)
