"""Works through what was heard: stored first, each chat in its order, and none twice."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog

from bot.chats import Destination
from bot.delivery.inbox import AlreadyHandled, Answered, Inbox, Incoming
from bot.platforms.telegram.replies import Reply, Speaker
from bot.platforms.telegram.updates import PLATFORM
from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.telegram")

#: So many commands are carried out at once; what comes above that waits its turn.
AT_ONCE = 16
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
#: After so many attempts that did not end before the process did, an update is set aside.
_MOST_ATTEMPTS = 2
_LARGEST_NUMBER = 2**63 - 1
#: What one chat may have waiting: what comes above that would be answered minutes later.
_MOST_OF_A_CHAT = 30

Done = TypeVar("Done")


class Worklist:
    """Between what Telegram tells and what is answered."""

    def __init__(
        self,
        inbox: Inbox,
        speaker: Speaker,
        clock: Callable[[], datetime],
        *,
        answer: Callable[[Incoming], Awaitable[Reply | None]],
        apology: Callable[[Destination], Reply],
        checked: Callable[[Reply], Awaitable[Reply]],
        noticed: Callable[[Incoming], Coroutine[None, None, None]],
    ) -> None:
        """Begins with nothing.

        Args:
            answer: Does what an update asks for.
            apology: What a chat is told whose update was set aside.
            checked: What is to be said in place of a reply that an earlier process stored and did not send.
            noticed: Shows at once that an update was noticed.
        """
        self._inbox = inbox
        self._speaker = speaker
        self._clock = clock
        self._answer = answer
        self._apology = apology
        self._checked = checked
        self._resuming = asyncio.Lock()
        self._noticed = noticed
        self._places = asyncio.Semaphore(AT_ONCE)
        self._last: dict[int, asyncio.Task[None]] = {}
        self._waiting: Counter[int] = Counter()
        self._answered: list[Answered] = []
        self._marking = asyncio.Lock()
        self._working: set[asyncio.Task[None]] = set()

    async def resume(self) -> None:
        """Takes up what a process that ended left unanswered."""
        for incoming in await self._inbox.unanswered(PLATFORM):
            self._begin(incoming, is_resumed=True)

    async def hear(self, updates: Sequence[dict[str, object]]) -> None:
        """Stores updates, and begins to answer those that are new.

        Raises:
            StorageError: They could not be stored; they have to be told again.
        """
        bodies = [(number, json.dumps(one)) for one in updates if (number := number_of(one)) is not None]
        if len(bodies) < len(updates):
            _log.warning("updates_unnumbered", count=len(updates) - len(bodies))
        floods: Counter[int] = Counter()
        dropped = []
        for incoming in await self._inbox.store(PLATFORM, bodies, self._clock()):
            self._run(self._noticed(incoming))
            if self._waiting[chat := _chat_of(incoming.body)] < _MOST_OF_A_CHAT:
                self._begin(incoming)
            else:
                floods[chat] += 1
                dropped.append(Answered(incoming.id, ()))
        if dropped:
            _log.warning("chat_flooded", dropped=dict(floods))
            self._run(_persistently(partial(self._inbox.done, dropped)))

    async def rest(self, most: int) -> None:
        """Returns when fewer than ``most`` updates are being worked on."""
        while len(self._working) >= most:
            await asyncio.wait(self._working, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, seconds: float) -> None:
        """Lets what is being answered end; what is not done by then is taken up at the next start."""
        if self._working:
            _, late = await asyncio.wait(self._working, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _run(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    def _begin(self, incoming: Incoming, is_resumed: bool = False) -> None:
        chat = _chat_of(incoming.body)
        self._waiting[chat] += 1
        self._last[chat] = task = self._run(self._in_turn(incoming, self._last.get(chat), is_resumed))
        task.add_done_callback(lambda done: self._ended(chat, done))

    def _ended(self, chat: int, done: asyncio.Task[None]) -> None:
        self._waiting[chat] -= 1
        if self._last.get(chat) is done:
            del self._last[chat], self._waiting[chat]

    async def _in_turn(self, incoming: Incoming, before: asyncio.Task[None] | None, is_resumed: bool) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            reply = await self._reply_to(incoming, is_resumed)
            if reply is not None:
                said = await self._speaker.say(reply)
                await _persistently(partial(self._mark, Answered(incoming.id, tuple(said))))
        except AlreadyHandled:
            _log.warning("update_repeated", update=incoming.number)
        except Exception:  # noqa: BLE001  # a mistake of ours; it would be made again at each start
            _log.exception("update_failed", update=incoming.number)
            await self._drop(incoming)

    async def _reply_to(self, incoming: Incoming, is_resumed: bool) -> Reply | None:
        """What is to be said; a reply that was stored is checked first, since its stories may be hidden by now."""
        if incoming.reply:
            return await _persistently(partial(self._checked, Reply.read(incoming.reply)))
        handle = self._handle_again if is_resumed else self._handle
        written = await _persistently(partial(handle, incoming))
        return Reply.read(written) if written is not None else None

    async def _drop(self, incoming: Incoming) -> None:
        with suppress(AlreadyHandled):
            await _persistently(partial(self._inbox.handled, incoming.id, None))

    async def _handle(self, incoming: Incoming) -> str | None:
        """Does what an update asks for, once, and returns the reply, as it is stored."""
        async with self._places, self._inbox.unit_of_work():
            reply = await self._answer(incoming)
            written = reply.write() if reply else None
            await self._inbox.handled(incoming.id, written)
        return written

    async def _handle_again(self, incoming: Incoming) -> str | None:
        """Does what an earlier process did not end, one update after the other: one that hangs counts alone."""
        async with self._resuming:
            if await self._inbox.begin_again(incoming.id) < _MOST_ATTEMPTS:
                return await self._handle(incoming)
            reason = f"{_MOST_ATTEMPTS} attempts to answer it did not end"
            await self._inbox.set_aside(incoming.id, reason)
        _log.error("update_set_aside", update=incoming.number, reason=reason)
        if chat := _chat_of(incoming.body):
            await self._speaker.say(self._apology(Destination(PLATFORM, str(chat))))
        return None

    async def _mark(self, answered: Answered) -> None:
        """Writes that an answer was given, together with all others of the moment."""
        self._answered.append(answered)
        async with self._marking:  # what comes while one batch is written is the next one
            batch, self._answered = self._answered, []
            try:
                if batch:
                    await self._inbox.done(batch)
            except StorageError:
                self._answered = batch + self._answered
                raise


async def _persistently(work: Callable[[], Awaitable[Done]]) -> Done:
    """What ``work`` comes to, tried again as long as the database is away: the chat's next commands wait behind it."""
    wait = _FIRST_WAIT
    while True:
        try:
            return await work()
        except StorageError as error:
            _log.warning("database_awaited", error=repr(error), again_in=wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)


def number_of(update: object) -> int | None:
    """The number of an update; None: it has none that can be stored."""
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number < _LARGEST_NUMBER else None


def _chat_of(body: str) -> int:
    """The chat that an update is about, so that its updates are answered in their order."""
    update = json.loads(body)
    query = update.get("callback_query")
    kinds = (update.get("message"), update.get("channel_post"), update.get("my_chat_member"))
    for holder in (*kinds, query.get("message") if isinstance(query, dict) else None):
        chat = holder.get("chat") if isinstance(holder, dict) else None
        if isinstance(chat, dict) and isinstance(chat.get("id"), int):
            return int(chat["id"])
    return 0
