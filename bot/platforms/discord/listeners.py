"""Handles gateway events: interactions, messages to the bot and their edits, joined and left servers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

import structlog
from discord import Guild, Interaction, Message, RawMessageUpdateEvent
from discord.abc import GuildChannel
from discord.threads import Thread

from bot.access import Throttle
from bot.chats import Destination
from bot.commands.chats import barred, let_in
from bot.commands.dispatcher import Dispatcher
from bot.delivery.answer_turns import AnswerTurns
from bot.platforms.discord.adapter import Discord
from bot.platforms.discord.client import PLATFORM, Client
from bot.platforms.discord.events import is_named, is_private, mentions_of, place_of
from bot.platforms.discord.messages import MessageAnswers
from bot.platforms.discord.replies import Speaker
from bot.storage.database.errors import StorageError
from bot.subscriptions.model import Subscription
from bot.subscriptions.obstacles import Obstacle

_log = structlog.stdlib.get_logger("nutgraf.discord")

#: The largest number of events handled at once. More are declined, because their answers would come too late.
_MOST_AT_ONCE = 200
#: Seconds between two messages to a channel that the bot is too busy.
_DECLINED_EVERY = timedelta(minutes=1)


class Listeners:
    """The event handlers of a client."""

    def __init__(  # noqa: PLR0917  # the parts that the service has created, one each
        self,
        client: Client,
        dispatcher: Dispatcher,
        speaker: Speaker,
        answers: AnswerTurns,
        language: str,
        may_answer: Callable[[], bool],
    ) -> None:
        """Registers the handlers.

        Args:
            may_answer: Whether this process still holds its part. If not, another one answers.
        """
        self._client = client
        self._may_answer = may_answer
        self._dispatcher = dispatcher
        self._adapter = Discord(dispatcher, speaker, language)
        self._messages = MessageAnswers(client, self._adapter, dispatcher.context.chats, answers)
        self._working: set[asyncio.Task[None]] = set()
        self._to_resume: dict[int, Guild] = {}
        self._resuming: asyncio.Task[None] | None = None
        self._is_closed = False
        self._declined = Throttle(1, _DECLINED_EVERY)
        for name in (
            "on_interaction",
            "on_message",
            "on_raw_message_edit",
            "on_ready",
            "on_guild_join",
            "on_guild_remove",
            "on_guild_role_update",
            "on_guild_channel_update",
            "on_thread_update",
        ):
            setattr(client, name, getattr(self, name))

    async def stop(self, seconds: float) -> None:
        """Waits for current answers, and takes no more events."""
        self._is_closed = True
        if self._resuming:
            self._resuming.cancel()
        if self._working:
            _, late = await asyncio.wait(self._working, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def on_interaction(self, interaction: Interaction[Client]) -> None:
        """A command, a pressed button, a modal or an autocomplete request."""
        if not self._may_answer():
            return
        if self._refuses():
            await self._adapter.decline(interaction)
            return
        task = asyncio.current_task()  # the task that discord.py created for this event
        assert task is not None
        self._working.add(task)
        try:
            await self._adapter.hear(interaction)
        except Exception:  # noqa: BLE001  # a mistake of ours, which the log tells
            _log.exception("event_failed")
        finally:
            self._working.discard(task)

    async def on_message(self, message: Message) -> None:
        """A direct message, or a message that mentions the bot. It has words, files or both."""
        question = self._question(message)
        if question is None or not self._may_answer():
            return
        if not self._refuses():
            self._run(self._messages.reply(message, question))
        elif self._declined.check(str(message.channel.id), self._dispatcher.context.clock()) is None:
            busy = self._adapter.busy(place_of(message))
            await self._messages.say(message, busy)

    async def on_raw_message_edit(self, event: RawMessageUpdateEvent) -> None:
        """A message was edited, or Discord has added a preview of a link to it."""
        question = self._question(event.message)
        if question is not None and self._may_answer():
            self._run(self._messages.reply_again(event.message, question))

    async def on_ready(self) -> None:
        """The servers are known. Resumes subscriptions that were paused for missing permissions."""
        _log.info("gateway_ready", servers=len(self._client.guilds), shards=self._client.shard_count)
        self._resume(*self._client.guilds)

    async def on_guild_join(self, guild: Guild) -> None:
        """The bot was added to a server."""
        self._resume(guild)

    async def on_guild_remove(self, guild: Guild) -> None:
        """The bot was removed from a server."""
        self._run(self._barred(guild))

    async def on_guild_role_update(self, _: Any, role: Any) -> None:
        """The permissions of a role may have changed."""
        self._resume(role.guild)

    async def on_guild_channel_update(self, _: GuildChannel, channel: GuildChannel) -> None:
        """The permissions in a channel may have changed."""
        self._resume(channel.guild)

    async def on_thread_update(self, _: Thread, thread: Thread) -> None:
        """A thread was reopened or closed."""
        self._resume(thread.guild)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        if self._refuses():
            work.close()
            return
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._over)

    def _refuses(self) -> bool:
        """Whether new events are declined, because the bot is stopping or too busy."""
        if len(self._working) >= _MOST_AT_ONCE:
            _log.warning("events_dropped", working=len(self._working))
            return True
        return self._is_closed

    def _over(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("event_failed", exc_info=error)

    def _question(self, message: Message) -> str | None:
        """The words of a message without the bot's name. None if it has none, is from a bot, or is not for this bot."""
        is_meant = is_private(message) or any(one.id == self._client.me for one in message.mentions)
        if not is_meant or message.author.bot or message.webhook_id is not None:
            return None
        words = message.content
        for mention in mentions_of(self._client.me):
            words = words.replace(mention, " ")
        words = words.strip()
        if words or message.attachments:
            return words
        is_wordless = bool(message.stickers or message.poll)
        if is_private(message):
            return "" if is_wordless else None
        return "/start" if is_named(message, self._client.me) else None

    def _resume(self, *guilds: Guild) -> None:
        """Resumes paused subscriptions in these servers, in one task for many events."""
        self._to_resume |= {guild.id: guild for guild in guilds}
        if not self._is_closed and (self._resuming is None or self._resuming.done()):
            self._resuming = asyncio.create_task(self._resumed())

    async def _resumed(self) -> None:
        """Resumes where the bot may post again. Subscriptions paused by users stay paused."""
        while self._to_resume:
            guilds, self._to_resume = self._to_resume, {}
            try:
                paused = [one for one in await self._subscriptions() if one.paused]
                for guild in guilds.values():
                    for where in _in(guild, paused):
                        await self._resume_in(guild, where)
            except StorageError as error:  # the next event of this kind or the next start tries again
                _log.warning("resuming_failed", guilds=len(guilds), error=repr(error))

    async def _resume_in(self, guild: Guild, where: Destination) -> None:
        try:
            if _may_post(guild, where):
                await let_in(self._dispatcher.context, where)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  # one channel must not hold up all others
            _log.warning("resuming_failed", channel=str(where), error=repr(error))

    async def _barred(self, guild: Guild) -> None:
        try:
            subscribed = _in(guild, await self._subscriptions())
        except StorageError as error:  # the next post pauses the subscription
            _log.warning("pausing_failed", guild=guild.id, error=repr(error))
            return
        for where in subscribed:
            try:
                await barred(self._dispatcher.context, where, Obstacle.SERVER_LEFT)
            except Exception as error:  # noqa: BLE001  # one channel must not hold up all others
                _log.warning("pausing_failed", channel=str(where), error=repr(error))

    async def _subscriptions(self) -> list[Subscription]:
        known = await self._dispatcher.context.subscriptions.all()
        return [one for one in known if one.destination.platform == PLATFORM]


def _in(guild: Guild, subscriptions: Sequence[Subscription]) -> set[Destination]:
    """The subscribed channels of a server."""
    ours = {str(channel.id) for channel in guild.channels}
    return {Destination(PLATFORM, one.destination.chat) for one in subscriptions if one.destination.chat in ours}


def _may_post(guild: Guild, where: Destination) -> bool:
    channel = guild.get_channel(int(where.chat))
    if channel is None:
        return False
    rights = channel.permissions_for(guild.me)
    return rights.view_channel and rights.send_messages
