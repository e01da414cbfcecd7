"""Runs the bot on Discord: connects, listens, answers and posts until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from discord import LoginFailure

from bot.commands.dispatcher import Dispatcher
from bot.delivery.answer_turns import AnswerTurns
from bot.delivery.courier import Timing
from bot.delivery.model import Ledger
from bot.delivery.pacing import Limit, Limits, Pacing
from bot.i18n import Translator
from bot.platforms.discord.adapter import HINT
from bot.platforms.discord.client import MOST_INVALID, PLATFORM, Client, InvalidRequests, api
from bot.platforms.discord.courier import DiscordCourier
from bot.platforms.discord.gateway import Gateway, GatewayClosed
from bot.platforms.discord.listeners import Listeners
from bot.platforms.discord.menus import Naming, register
from bot.platforms.discord.outcomes import REQUEST_ERRORS, describe_error
from bot.platforms.discord.replies import Speaker
from bot.platforms.discord.sender import DiscordSender
from bot.platforms.discord.shards import Duty, Sharding
from bot.platforms.parts import Hold, hold_alone
from bot.runtime.restarts import RestartPatience
from bot.runtime.stopping import run_until
from bot.storage.database.errors import StorageError
from bot.storage.database.turns import Turns

_log = structlog.stdlib.get_logger("nutgraf.discord")

BASE_URL = "https://discord.com/api/v10"
#: Discord allows 50 requests a second, not counting answers to interactions, and 5 in 5 seconds for each channel. Five
#: a second are left for requests other than messages. https://docs.discord.com/developers/topics/rate-limits
LIMITS = Limits(45, 5, group=(Limit(5, timedelta(seconds=5)),), private=(Limit(5, timedelta(seconds=5)),))
_FIRST_WAIT, _LONGEST_WAIT, _LONGEST_PAUSE = 1.0, 60.0, 3600.0
#: Seconds before a refused token is tried again, once.
_BEFORE_SECOND_OPINION = 1.0


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
        sharding: The shards, and how processes share them.
    """

    token: str = field(repr=False)
    base_url: str = BASE_URL
    guild: int | None = None
    forum_tags: Sequence[str] = ()
    commands: Naming = Naming.SHORT
    limits: Limits = LIMITS
    grace: float = 1.5
    most_refused: int = MOST_INVALID
    sharding: Sharding = field(default_factory=Sharding)


class TooManyRefusals(Exception):
    """Discord has refused so many requests that it would soon ban this address."""


class DiscordService:
    """Runs the platform, or what one process does of it, with one token."""

    platform = PLATFORM

    def __init__(
        self,
        settings: Settings,
        *,
        dispatcher: Dispatcher,
        ledger: Ledger,
        timing: Timing,
        language: str,
        turns: Turns,
        duty: Duty | None = None,
    ) -> None:
        """Stores the arguments.

        Args:
            turns: The turns in which all processes start sessions.
            duty: What this service does. None means everything.
        """
        self.stopped_because: str | None = None
        self._duty = duty or Duty()
        self._turns = turns
        self.part = self._duty.part
        self._settings = settings
        self._dispatcher = dispatcher
        self._ledger = ledger
        self._timing = timing
        self._language = language
        self._stopping = asyncio.Event()
        self._client: Client | None = None

    @property
    def is_connected(self) -> bool:
        """Whether every connection to the gateway is open, or whether it is logged in if it needs none."""
        if not self._duty.listens:
            return self._client is not None
        shards = self._client.shards.values() if self._client is not None and self._client.is_ready() else ()
        return bool(shards) and not any(shard.is_closed() for shard in shards)

    def stop(self) -> None:
        """Asks `run` to end."""
        self._stopping.set()

    async def run(self, hold: Hold = hold_alone) -> None:
        """Runs while this process holds its part, until `stop` is called or Discord refuses the token."""
        await hold(self.part, self._run)

    async def _run(self) -> None:
        api(self._settings.base_url)
        patience = RestartPatience(self._stopping)
        while not self._stopping.is_set() and self.stopped_because is None:
            patience.begins()
            try:
                await run_until(self._stopping, self._work())
            except LoginFailure:
                if await self._is_token_refused():
                    self.stopped_because = "Discord rejects the bot's token"
                else:
                    _log.warning("token_refused_once", again_in=patience.seconds)
                    await patience.wait()
            except TooManyRefusals:
                self.stopped_because = "Discord refused too many requests; look for the reason in the log"
            except GatewayClosed as error:
                _log.warning("gateway_closed", error=str(error), again_in=patience.seconds)
                await patience.wait()
            except StorageError as error:
                _log.warning("discord_failed", error=repr(error), again_in=patience.seconds)
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
        except REQUEST_ERRORS as error:
            _log.warning("discord_unreachable", error=describe_error(error))
        finally:
            await client.close()
        return False

    async def _work(self) -> None:
        invalid = InvalidRequests(self._timing.clock, self._settings.most_refused // self._duty.groups)
        client = await self._logged_in(invalid)
        self._client = client
        try:
            await self._work_with(client, invalid)
        finally:
            self._client = None
            await client.close()

    async def _work_with(self, client: Client, invalid: InvalidRequests) -> None:
        pacing = Pacing(self._duty.limits(self._settings.limits))
        work: list[DiscordCourier | Gateway] = []
        if self._duty.posts:
            sender = DiscordSender(client, Translator(self._language).say(HINT), self._settings.forum_tags)
            work.append(DiscordCourier(self._ledger, sender, pacing, self._timing))
        if self._duty.listens:
            work.append(Gateway(client, self._duty, self._listeners(client, pacing), self._timing, self._turns))
        try:
            async with asyncio.TaskGroup() as group:
                for one in work:
                    group.create_task(one.run())
                group.create_task(self._registered(client))
                group.create_task(self._counted(invalid))
        except* LoginFailure as errors:
            raise LoginFailure from errors
        except* TooManyRefusals as errors:
            raise TooManyRefusals from errors
        except* GatewayClosed as errors:
            raise GatewayClosed(*errors.exceptions[0].args) from errors
        finally:
            await asyncio.gather(*(one.stop() for one in work), return_exceptions=True)

    def _listeners(self, client: Client, pacing: Pacing) -> Listeners:
        speaker = Speaker(self._dispatcher.context.chats, self._settings.grace)
        answers = AnswerTurns(pacing, self._timing)
        return Listeners(client, self._dispatcher, speaker, answers, self._language, self._ledger.may_send)

    async def _logged_in(self, invalid: InvalidRequests) -> Client:
        """Logs in as soon as Discord can be reached."""
        wait = _FIRST_WAIT
        while True:
            client = Client(
                invalid, total=self._duty.total, shards=self._duty.shards
            )  # a client that failed to log in cannot try again
            try:
                await client.login(self._settings.token)
            except REQUEST_ERRORS as error:
                await client.close()
                if isinstance(error, LoginFailure):
                    raise
                _log.warning("discord_unreachable", error=describe_error(error), again_in=wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
            else:
                _log.info("discord_connected", username=str(client.user), id=client.me)
                return client

    async def _registered(self, client: Client) -> None:
        wait = _FIRST_WAIT
        while True:
            try:
                changed = await register(client, self._settings.guild, self._settings.commands)
            except REQUEST_ERRORS as error:
                _log.warning("command_registration_failed", error=describe_error(error), again_in=wait)
                await self._timing.sleep(wait)
                wait = min(2 * wait, _LONGEST_PAUSE)
            else:
                _log.info("commands_registered", changed=changed)
                return

    async def _counted(self, invalid: InvalidRequests) -> None:
        while not invalid.are_too_many:
            if invalid.is_token_refused:
                raise LoginFailure("a request was refused")
            await self._timing.sleep(1)
        raise TooManyRefusals
