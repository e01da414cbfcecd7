"""Runs the bot on Telegram: connects, listens, answers and posts until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from telegram.error import InvalidToken, TelegramError

from bot.commands.dispatcher import Dispatcher
from bot.delivery.answer_turns import AnswerTurns
from bot.delivery.courier import Courier, Timing
from bot.delivery.inbox import Inbox
from bot.delivery.model import Ledger
from bot.delivery.pacing import Limit, Limits, Pacing
from bot.delivery.retry import RetryPolicy
from bot.platforms.parts import Hold, hold_alone
from bot.platforms.telegram.adapter import Telegram
from bot.platforms.telegram.client import BASE_URL, Client, new_bot
from bot.platforms.telegram.inline import Inline
from bot.platforms.telegram.menus import register
from bot.platforms.telegram.polling import Hear, Patience, Poller, Rest
from bot.platforms.telegram.posts import is_private_chat
from bot.platforms.telegram.replies import Speaker
from bot.platforms.telegram.sender import TelegramSender
from bot.platforms.telegram.token_check import BEFORE_CHECK, watch_token
from bot.platforms.telegram.updates import PLATFORM, Me
from bot.platforms.telegram.webhook import PortTaken, Webhook, keep_registered, listening, remove_webhook
from bot.platforms.telegram.worklist import Worklist
from bot.runtime.restarts import RestartPatience
from bot.runtime.stopping import run_until
from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.telegram")

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
#: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
LIMITS = Limits(30, 5, (Limit(1, _SECOND),), (Limit(1, _SECOND), Limit(20, _MINUTE)))
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_FAREWELL = 5.0
#: Seconds between two looks at how many processes share the token's limits.
_SHARED_EVERY = 1.0


@dataclass(frozen=True)
class Settings:
    """The operator's settings for Telegram.

    Attributes:
        token: The token from BotFather. It is never shown.
        webhook: The public address for updates. None for polling.
        host: The address on which the webhook server listens.
        port: The port on which it listens.
        limits: The rate limits.
        webhook_check: Seconds between two checks that the webhook is registered.
    """

    token: str = field(repr=False)
    base_url: str = BASE_URL
    webhook: str | None = None
    host: str = "127.0.0.1"
    port: int = 8443
    limits: Limits = LIMITS
    patience: Patience = field(default_factory=Patience)
    webhook_check: float = 180


class TelegramService:
    """Runs the platform with one token."""

    platform = part = PLATFORM

    def __init__(
        self,
        settings: Settings,
        *,
        dispatcher: Dispatcher,
        ledger: Ledger,
        inbox: Inbox,
        timing: Timing,
        language: str,
    ) -> None:
        self.stopped_because: str | None = None
        self._settings = settings
        self._dispatcher = dispatcher
        self._ledger = ledger
        self._inbox = inbox
        self._timing = timing
        self._language = language
        self._stopping = asyncio.Event()
        self._is_introduced = False
        self._is_leading = False
        self._poller: Poller | None = None

    @property
    def is_connected(self) -> bool:
        """Whether Telegram answers."""
        return self._is_introduced and (self._poller is None or not self._poller.is_failing)

    @property
    def clock(self) -> Callable[[], datetime]:
        """The clock of the service."""
        return self._timing.clock

    def stop(self) -> None:
        """Asks `run` to end."""
        self._stopping.set()

    async def run(self, hold: Hold = hold_alone) -> None:
        """Runs until `stop` is called or Telegram rejects the token.

        Every process answers what reaches it. The one that holds the platform posts, polls and registers the webhook.
        """
        patience = RestartPatience(self._stopping)
        while not self._stopping.is_set() and self.stopped_because is None:
            patience.begins()
            try:
                await self._until_stopped(hold)
            except InvalidToken:
                if await self._is_token_refused():
                    self.stopped_because = "Telegram rejects the bot's token"
                else:
                    _log.warning("token_refused_once", again_in=patience.seconds)
                    await patience.wait()
            except PortTaken as error:
                self.stopped_because = str(error)
            except StorageError as error:
                _log.warning("telegram_failed", error=repr(error), again_in=patience.seconds)
                await patience.wait()
            except Exception:  # noqa: BLE001  # a mistake of ours must not silence the bot for good
                _log.exception("telegram_failed", again_in=patience.seconds)
                await patience.wait()

    async def _is_token_refused(self) -> bool:
        """Checks the token again after a pause. A single refusal may be a fault of Telegram or a proxy."""
        await asyncio.sleep(BEFORE_CHECK)
        client = new_bot(self._settings.token, self._settings.base_url)
        async with _opened(client):
            try:
                await client.get_me()
            except InvalidToken:
                return True
            except TelegramError as error:
                _log.warning("telegram_unreachable", error=error.message)
        return False

    async def _until_stopped(self, hold: Hold) -> None:
        client = new_bot(self._settings.token, self._settings.base_url)
        async with _opened(client):
            await run_until(self._stopping, self._work(client, hold))

    async def _work(self, client: Client, hold: Hold) -> None:
        settings, me = self._settings, await self._introduced(client)
        pacing = Pacing(settings.limits)
        adapter = Telegram(client, me, dispatcher=self._dispatcher, language=self._language)
        worklist = Worklist(
            self._inbox,
            Speaker(client, me.username, AnswerTurns(pacing, self._timing), self._timing.sleep),
            self.clock,
            adapter,
        )
        inline = Inline(client, me.username, self._dispatcher, self._language)

        async def hear(updates: Sequence[dict[str, object]]) -> None:
            await worklist.hear(inline.take(updates))

        asking = partial(self._poll, client, hear, worklist.rest)
        await worklist.resume()
        try:
            async with asyncio.TaskGroup() as group:
                if settings.webhook is not None:
                    asking = partial(self._keep_webhook, client, settings.webhook)
                    group.create_task(self._receive(hear))
                    group.create_task(self._share_limits(pacing))
                group.create_task(watch_token(client))
                group.create_task(self._answer(worklist))
                group.create_task(hold(PLATFORM, partial(self._lead, client, me, pacing, asking)))
        except* InvalidToken as errors:
            raise InvalidToken from errors
        except* PortTaken as errors:
            raise PortTaken(settings.host, settings.port) from errors
        finally:
            self._is_introduced = False
            inline.stop()
            await worklist.stop(0)  # what came while the others ended

    async def _answer(self, worklist: Worklist) -> None:
        """Answers until it is cancelled. Then the last answers are sent while this process gives the platform up."""
        try:
            await worklist.take_over()
        finally:
            await worklist.stop(_FAREWELL)

    async def _lead(
        self, client: Client, me: Me, pacing: Pacing, ask_for_updates: Callable[[], Coroutine[None, None, None]]
    ) -> None:
        """Does what only one process may do: sends posts, asks for updates, registers the menu."""
        courier = Courier(
            PLATFORM,
            self._ledger,
            TelegramSender(client, me.username),
            pacing=pacing,
            policy=RetryPolicy(),
            timing=self._timing,
            is_private=lambda where: is_private_chat(where.chat),
        )
        sending = asyncio.create_task(courier.run())
        self._is_leading = True
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(ask_for_updates())
                group.create_task(self._registered(client))
                group.create_task(self._watched(sending, courier))
        except* InvalidToken as errors:
            raise InvalidToken from errors
        finally:
            self._is_leading, self._poller = False, None
            courier.stop()
            await asyncio.gather(asyncio.shield(sending), return_exceptions=True)

    async def _introduced(self, client: Client) -> Me:
        """The bot's own user. Waits until Telegram can be reached."""
        wait = _FIRST_WAIT
        while True:
            try:
                me = await client.get_me()
                _log.info("telegram_connected", username=me.username)
                self._is_introduced = True
                return Me(me.id, me.username or "")
            except InvalidToken:
                raise
            except TelegramError as error:
                _log.warning("telegram_unreachable", error=error.message, again_in=wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)

    async def _registered(self, client: Client) -> None:
        try:
            changed = await register(client)
        except InvalidToken:
            raise
        except TelegramError as error:  # the menu is a convenience: all commands can be typed
            _log.warning("menu_registration_failed", error=error.message)
        else:
            _log.info("menu_registered", changed=changed)

    async def _watched(self, sending: asyncio.Task[None], courier: Courier) -> None:
        """Ends the service if a refused token stopped the courier."""
        await asyncio.wait({sending})
        if courier.stopped_because is not None:
            raise InvalidToken(courier.stopped_because)

    async def _poll(self, client: Client, hear: Hear, rest: Rest) -> None:
        await remove_webhook(client)
        self._poller = Poller(client, hear, rest, self._settings.patience)
        await self._poller.run()

    async def _keep_webhook(self, client: Client, address: str) -> None:
        await keep_registered(client, Webhook.of(address, self._settings.token), self._settings.webhook_check)

    async def _receive(self, hear: Hear) -> None:
        settings = self._settings
        async with listening(settings.token, settings.host, settings.port, hear):
            await asyncio.Event().wait()

    async def _share_limits(self, pacing: Pacing) -> None:
        """Keeps to this process's share of the token's limits, since others send answers, too. Never returns."""
        while True:
            with suppress(StorageError):  # the last share stays
                processes = await self._inbox.processes()
                is_due = processes > 1 and bool(await self._ledger.due(PLATFORM, self.clock(), 1, frozenset()))
                share = self._settings.limits.divided(processes, sends_posts=self._is_leading, are_posts_due=is_due)
                pacing.limit_to(share)
            await asyncio.sleep(_SHARED_EVERY)


@asynccontextmanager
async def _opened(client: Client) -> AsyncIterator[None]:
    """Opens the client's connections without a request, since Telegram may be down."""
    await client.open()
    try:
        yield
    finally:
        await client.close_connections()
