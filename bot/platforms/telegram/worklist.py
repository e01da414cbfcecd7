"""Answers stored updates: those of one chat in order, and each of them once."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import nullcontext, suppress
from contextvars import copy_context
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

import structlog

from bot.delivery.inbox import AlreadyHandled, Answered, Inbox, Incoming, NotHandled
from bot.platforms.telegram.replies import Reply, Speaker
from bot.platforms.telegram.updates import PLATFORM, chat_of
from bot.storage.database.errors import StorageError

_log = structlog.stdlib.get_logger("nutgraf.telegram")

#: The largest number of updates that are handled at once. The others wait.
AT_ONCE = 16
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
#: Seconds between two looks for updates that ended processes left unanswered.
_CLAIMS_EVERY = 1.0
#: An update is set aside after so many attempts that never finished, because the process ended.
_MOST_ATTEMPTS = 2
_LARGEST_NUMBER = 2**63 - 1
#: The largest number of waiting updates of one chat. Answers to more would come minutes later.
_MOST_OF_A_CHAT = 30

Found = TypeVar("Found")


class Answerer(Protocol):
    """Turns updates into replies."""

    async def notice(self, incoming: Incoming) -> None:
        """Acknowledges an update at once."""

    def is_idle(self, incoming: Incoming) -> bool:
        """Whether an update asks nothing of the bot, such as messages between the members of a group."""

    async def reply(self, incoming: Incoming) -> Reply | None:
        """Carries out the request of an update and returns the reply.

        Raises:
            NotHandled: The update cannot be handled.
        """

    async def checked(self, reply: Reply) -> Reply:
        """The reply to send in place of one that an earlier process stored."""

    def apology(self, incoming: Incoming) -> Reply | None:
        """The reply to a person whose update was set aside. None if no person sent it."""

    def refusal(self, incoming: Incoming) -> Reply | None:
        """The reply to a person who sends too much. None if the update is not a person's and must be handled."""


class Worklist:
    """The updates that are being answered."""

    def __init__(self, inbox: Inbox, speaker: Speaker, clock: Callable[[], datetime], answerer: Answerer) -> None:
        self._inbox = inbox
        self._speaker = speaker
        self._clock = clock
        self._answerer = answerer
        self._resuming = asyncio.Lock()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._last: dict[int, asyncio.Task[None]] = {}
        self._waiting: Counter[int] = Counter()
        self._refused: set[int] = set()
        #: The updates that are being answered.
        self._in_hand: set[int] = set()
        #: Whether an update may have been stored or carried out without this process knowing it.
        self._is_unsure = False
        self._answered: list[Answered] = []
        self._marking = asyncio.Lock()
        self._context = copy_context()
        self._working: set[asyncio.Task[None]] = set()

    async def resume(self) -> None:
        """Handles the updates that this process or an earlier one left unanswered."""
        await self._claim(with_own=True)

    async def take_over(self) -> None:
        """Handles the updates that other processes leave unanswered when they end. Never returns."""
        while True:
            await asyncio.sleep(_CLAIMS_EVERY)
            with_own, self._is_unsure = self._is_unsure, False
            await _persistently(partial(self._claim, with_own=with_own))

    async def _claim(self, *, with_own: bool) -> None:
        for incoming in await self._inbox.claim(PLATFORM, with_own=with_own):
            self._begin(incoming, is_resumed=True)

    async def hear(self, updates: Sequence[dict[str, object]]) -> None:
        """Stores updates and starts to answer the new ones.

        Raises:
            StorageError: The updates could not be stored and must be fetched again.
        """
        bodies = [(number, json.dumps(one)) for one in updates if (number := number_of(one)) is not None]
        if len(bodies) < len(updates):
            _log.warning("updates_unnumbered", count=len(updates) - len(bodies))
        idle, flood = [], []
        try:
            stored = await self._inbox.store(PLATFORM, bodies, self._clock(), self._beginning(bodies))
        except BaseException:  # also if this task is cancelled: the updates may have been stored all the same
            self._is_unsure = True
            raise
        for incoming in stored:
            self._run(self._answerer.notice(incoming))
            waiting = self._waiting[chat_of(incoming.body)]
            if waiting and self._answerer.is_idle(incoming):
                idle.append(Answered(incoming.id, ()))
            elif waiting < _MOST_OF_A_CHAT or (refusal := self._answerer.refusal(incoming)) is None:
                self._begin(incoming)
            else:
                self._in_hand.add(incoming.id)
                flood.append((incoming, refusal))
        if idle:
            self._run(_persistently(partial(self._inbox.done, idle)))
        if flood:
            _log.warning("chat_flooded", dropped=dict(Counter(chat_of(one.body) for one, _ in flood)))
            self._run(self._refuse(flood))

    async def rest(self, most: int) -> None:
        """Waits until fewer than ``most`` updates are being handled."""
        while len(self._working) >= most:
            await asyncio.wait(self._working, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, seconds: float) -> None:
        """Waits for current answers. Unanswered updates are handled after the next start."""
        if self._working:
            _, late = await asyncio.wait(self._working, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _beginning(self, bodies: Sequence[tuple[int, str]]) -> set[int]:
        """The numbers of the updates that are handled at once: the first of each idle chat, while there is room."""
        first: dict[int, int] = {}
        for number, body in bodies:
            first.setdefault(chat_of(body), number)
        idle = [number for chat, number in first.items() if chat not in self._last]
        return set(idle[: max(0, AT_ONCE - len(self._last))])

    def _run(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        # What hears of an update may stop holding the platform before the answer is finished.
        task = asyncio.create_task(work, context=self._context.copy())
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    def _begin(self, incoming: Incoming, is_resumed: bool = False) -> None:
        if incoming.id in self._in_hand:
            return
        self._in_hand.add(incoming.id)
        chat = chat_of(incoming.body)
        self._waiting[chat] += 1
        self._last[chat] = task = self._run(self._in_turn(incoming, self._last.get(chat), is_resumed))
        task.add_done_callback(lambda done: self._ended(incoming, chat, done))

    def _ended(self, incoming: Incoming, chat: int, done: asyncio.Task[None]) -> None:
        self._in_hand.discard(incoming.id)
        self._waiting[chat] -= 1
        if self._last.get(chat) is done:
            del self._last[chat], self._waiting[chat]
            self._refused.discard(chat)

    async def _refuse(self, flood: Sequence[tuple[Incoming, Reply]]) -> None:
        """Drops updates and tells each chat once. The refusal is stored like any reply, so that it is not lost."""
        dropped = []
        for incoming, refusal in flood:
            if (chat := chat_of(incoming.body)) in self._refused:
                dropped.append(Answered(incoming.id, ()))
            else:
                self._refused.add(chat)
                self._run(self._tell(incoming, refusal))
        await _persistently(partial(self._inbox.done, dropped))
        self._in_hand -= {one.incoming for one in dropped}

    async def _tell(self, incoming: Incoming, refusal: Reply) -> None:
        try:
            await _persistently(partial(self._inbox.handled, incoming.id, refusal.write()))
            await self._say(incoming, refusal)
        except AlreadyHandled:
            self._note_repeated(incoming)
        finally:
            self._in_hand.discard(incoming.id)

    async def _in_turn(self, incoming: Incoming, before: asyncio.Task[None] | None, is_resumed: bool) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            if reply := await self._reply_to(incoming, is_resumed):
                await self._say(incoming, reply)
        except AlreadyHandled:
            self._note_repeated(incoming)
        except NotHandled as error:
            _log.warning("update_not_handled", update=incoming.number, error=repr(error.__cause__))
            await self._give_up(incoming, str(error))
        except Exception as error:  # noqa: BLE001  # a mistake of ours; it would be made again at each start
            _log.exception("update_failed", update=incoming.number)
            await self._give_up(incoming, f"an internal error ({type(error).__name__})")

    def _note_repeated(self, incoming: Incoming) -> None:
        """Another process answers an update, or this one did not hear that its reply was stored."""
        _log.warning("update_repeated", update=incoming.number)
        self._is_unsure = True

    async def _reply_to(self, incoming: Incoming, is_resumed: bool) -> Reply | None:
        """The reply to an update. A stored reply is checked first, because its stories may be hidden by now."""
        if incoming.reply:
            return await _persistently(partial(self._answerer.checked, Reply.read(incoming.reply)))
        # Updates that an earlier process left unfinished are handled one by one: only the one that hangs is blamed.
        async with self._resuming if is_resumed else nullcontext(), self._places:
            if not incoming.is_counted:
                attempts = await _persistently(partial(self._inbox.begin, incoming.id))
                if attempts > _MOST_ATTEMPTS:
                    return await self._set_aside(incoming, f"{_MOST_ATTEMPTS} attempts to answer it did not end")
            return await _persistently(partial(self._handle, incoming))

    async def _handle(self, incoming: Incoming) -> Reply | None:
        """Carries out the request of an update, once, and stores the reply in the same transaction."""
        async with self._inbox.unit_of_work():
            reply = await self._answerer.reply(incoming)
            await self._inbox.handled(incoming.id, reply.write() if reply else None)
        return reply

    async def _set_aside(self, incoming: Incoming, reason: str) -> Reply | None:
        """Sets an update aside. The apology is stored in the same transaction, so that it is not lost."""
        apology = self._answerer.apology(incoming)
        written = apology.write() if apology else None
        await _persistently(partial(self._inbox.set_aside, incoming.id, reason, written))
        _log.error("update_set_aside", update=incoming.number, reason=reason)
        return apology

    async def _give_up(self, incoming: Incoming, reason: str) -> None:
        try:
            if (apology := await self._set_aside(incoming, reason)) is None:
                return
            await self._confirm(incoming)
        except AlreadyHandled:
            self._note_repeated(incoming)
            return
        with suppress(Exception):  # it may be the same error, which is already logged
            await self._speaker.say(apology)
        await _persistently(partial(self._mark, Answered(incoming.id, ())))

    async def _confirm(self, incoming: Incoming) -> None:
        """Checks that the reply is still to be sent by this process, which may have been stopped for a while.

        Raises:
            AlreadyHandled: It is not.
        """
        if not await _persistently(partial(self._inbox.is_ours, incoming)):
            raise AlreadyHandled(incoming.id)

    async def _say(self, incoming: Incoming, reply: Reply) -> None:
        said = await self._speaker.say(reply, partial(self._confirm, incoming))
        answered = Answered(incoming.id, tuple(said), reply.request, reply.asked, reply.is_kept)
        await _persistently(partial(self._mark, answered))

    async def _mark(self, answered: Answered) -> None:
        """Stores that a reply was sent, together with other replies of the same moment."""
        self._answered.append(answered)
        async with self._marking:  # replies that arrive while a batch is written form the next batch
            batch, self._answered = self._answered, []
            try:
                if batch:
                    await self._inbox.done(batch)
            except StorageError:
                self._answered = batch + self._answered
                raise


async def _persistently(work: Callable[[], Awaitable[Found]]) -> Found:
    """The result of ``work``. It is tried again as long as the database is down."""
    wait = _FIRST_WAIT
    while True:
        try:
            return await work()
        except StorageError as error:
            _log.warning("database_awaited", error=repr(error), again_in=wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)


def number_of(update: object) -> int | None:
    """The number of an update. None if it has no number that can be stored."""
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number < _LARGEST_NUMBER else None
