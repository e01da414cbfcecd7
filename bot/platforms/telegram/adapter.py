"""Telegram as a platform: what people say becomes requests, and what the commands answer is said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from telegram import Bot, Update
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.chats import Destination
from bot.commands.chats import barred, let_in, moved
from bot.commands.desk import Request
from bot.commands.dispatcher import Dispatcher
from bot.delivery.inbox import Inbox, Incoming
from bot.i18n import LOCALES, Translator
from bot.platforms.telegram.posts import drafts
from bot.platforms.telegram.replies import Reply, Speaker
from bot.platforms.telegram.updates import PLATFORM, Event, Me, Membership, Moved, Pressed, Typed, event_of
from bot.storage.errors import StorageError
from bot.views import Action, Verb, View

_log = structlog.stdlib.get_logger("nutgraf.telegram")

_ADMINISTRATORS = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}
#: So many chats are answered at once; what comes above that waits its turn.
AT_ONCE = 16
_RETRIES, _RETRY_SECONDS = 5, 2.0


class Telegram:
    """Answers what Telegram tells of, each chat in its order, and none twice."""

    def __init__(
        self,
        bot: Bot,
        me: Me,
        *,
        dispatcher: Dispatcher,
        inbox: Inbox,
        speaker: Speaker,
        clock: Callable[[], datetime],
        language: str,
    ) -> None:
        self._bot = bot
        self._me = me
        self._dispatcher = dispatcher
        self._inbox = inbox
        self._speaker = speaker
        self._clock = clock
        self._language = language
        self._places = asyncio.Semaphore(AT_ONCE)
        self._last: dict[int, asyncio.Task[None]] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def resume(self) -> None:
        """Takes up what a process that ended left unanswered."""
        for incoming in await self._inbox.unanswered(PLATFORM):
            self._begin(incoming)

    async def hear(self, updates: Sequence[dict[str, object]]) -> None:
        """Stores updates, and begins to answer those that are new.

        Raises:
            StorageError: They could not be stored; they have to be told again.
        """
        bodies = [(int(str(one["update_id"])), json.dumps(one, ensure_ascii=False)) for one in updates]
        for incoming in await self._inbox.store(PLATFORM, bodies, self._clock()):
            self._greet(incoming)
            self._begin(incoming)

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

    def _greet(self, incoming: Incoming) -> None:
        """Tells the client at once that its press was noticed."""
        if '"callback_query"' in incoming.body:
            query = json.loads(incoming.body).get("callback_query")
            if query:
                self._run(self._notice(str(query["id"])))

    async def _notice(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:  # it is too old, or the way is blocked: the answer matters more
            _log.debug("press_not_noticed", error=error.message)

    def _run(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    def _begin(self, incoming: Incoming) -> None:
        chat = _chat_of(incoming.body)
        self._last[chat] = task = self._run(self._in_turn(incoming, self._last.get(chat)))
        task.add_done_callback(lambda done: self._last.pop(chat) if self._last.get(chat) is done else None)

    async def _in_turn(self, incoming: Incoming, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._places:
            for attempt in range(_RETRIES):
                try:
                    return await self._answer(incoming)
                except StorageError as error:  # it stays in the inbox, and is answered now or after the next start
                    _log.warning("update_waits", update=incoming.number, error=repr(error), attempt=attempt)
                    await asyncio.sleep(_RETRY_SECONDS)
                except Exception:  # noqa: BLE001  # a mistake of ours; it would be made again at each start
                    _log.exception("update_failed", update=incoming.number)
                    return await self._inbox.handled(incoming.id, None)
        return None

    async def _answer(self, incoming: Incoming) -> None:
        """Does what an update asks for, once, and says what came of it."""
        written = incoming.reply
        if written is None:
            async with self._inbox.together():
                reply = await self._reply(incoming)
                written = reply.write() if reply else None
                await self._inbox.handled(incoming.id, written)
        if written is not None:
            said = await self._speaker.say(Reply.read(written))
            await self._inbox.done(incoming.id, said)

    async def _reply(self, incoming: Incoming) -> Reply | None:
        try:
            event = event_of(Update.de_json(json.loads(incoming.body), self._bot), self._me)
        except (TelegramError, TypeError, KeyError, ValueError, AttributeError):
            _log.exception("update_not_understood", update=incoming.number)
            return None
        if event is None:
            return None
        return await self._reply_to(event)

    async def _reply_to(self, event: Event) -> Reply | None:
        desk = self._dispatcher.desk
        match event:
            case Typed():
                return await self._typed(event)
            case Pressed():
                return await self._pressed(event)
            case Membership(chat, reason):
                await (let_in(desk, chat) if reason is None else barred(desk, chat, reason))
            case Moved(chat, to):
                await moved(desk, chat, to)
        return None

    async def _typed(self, typed: Typed) -> Reply | None:
        where, text = typed.where, typed.text
        opened = _opened(text)
        if typed.is_private and (elsewhere := await self._elsewhere(text)):
            where, text = elsewhere
        is_remote = where != typed.where
        request = Request(
            where,
            opened or text,
            _user(typed),
            typed.replies_to,
            quote=typed.quote,
            is_private=typed.is_private and not is_remote,
            may_manage=lambda: self._may_manage(where, typed.user, typed.is_private and not is_remote),
        )
        view = await (self._dispatcher.press(request) if opened else self._dispatcher.answer(request))
        if view is None:
            return None
        if is_remote:  # its buttons would be pressed here, and are about another chat
            view = replace(view, buttons=())
        reply = await self._drawn(view, typed.where, typed.language if typed.is_private else "")
        return replace(reply, replies_to=None if typed.is_private else typed.message)

    async def _pressed(self, pressed: Pressed) -> Reply | None:
        about = await self._dispatcher.desk.chats.about(pressed.where, str(pressed.message))
        request = Request(
            pressed.where,
            pressed.data,
            f"{PLATFORM}:{pressed.user}",
            is_private=pressed.is_private,
            may_manage=lambda: self._may_manage(pressed.where, pressed.user, pressed.is_private),
        )
        view = await self._dispatcher.press(request)
        if view is None:
            return None
        reply = await self._drawn(view, pressed.where, pressed.language if pressed.is_private else "")
        if not pressed.is_private:
            return replace(reply, replies_to=pressed.message)
        # A list stays where it is: who opened one of its stories may want another one.
        return reply if len(about) > 1 else replace(reply, replaces=pressed.message)

    async def _drawn(self, view: View, where: Destination, language: str) -> Reply:
        chosen = await self._dispatcher.desk.chats.language(where)
        translator = Translator(chosen or _spoken(language) or self._language)
        file = (view.document.name, view.document.text) if view.document else None
        return Reply(where, tuple(drafts(view, translator)), view.about, file=file)

    async def _elsewhere(self, text: str) -> tuple[Destination, str] | None:
        """A channel that a command names, with the command as it would be typed there."""
        command, _, rest = text.partition(" ")
        name, _, words = rest.strip().partition(" ")
        if command not in _OF_CHANNELS or not (name.startswith("@") or _is_chat_number(name)):
            return None
        try:
            chat = await self._bot.get_chat(name)
        except TelegramError:
            return Destination(PLATFORM, name), f"{command} {words}".strip()  # nobody may manage what is not there
        return Destination(PLATFORM, str(chat.id)), f"{command} {words}".strip()

    async def _may_manage(self, where: Destination, user: int | None, is_private: bool) -> bool:
        """Whether somebody may change what is posted there, asked of Telegram now.

        A chat that speaks by itself (a channel's post, an anonymous administrator) does so through an administrator.
        """
        if is_private or user is None:
            return True
        try:
            member = await self._bot.get_chat_member(where.chat, user)
        except TelegramError as error:
            _log.info("member_not_known", chat=str(where), error=error.message)
            return False
        return member.status in _ADMINISTRATORS


_OF_CHANNELS = frozenset(f"/{name}" for name in ("subscribe", "unsubscribe", "settings", "status", "pause", "resume"))


def _opened(text: str) -> str | None:
    """The button that a deep link stands for: ``/start`` with a story."""
    command, _, version = text.partition(" ")
    if command != "/start" or not version.strip().isalnum():
        return None
    return Action(Verb.BRIEF, version.strip()[:32]).encode()


def _user(typed: Typed) -> str:
    return f"{PLATFORM}:{typed.user}" if typed.user is not None else typed.where.owner


def _spoken(language: str) -> str | None:
    """The locale of a client's language, if the bot speaks it."""
    code = language.split("-", maxsplit=1)[0].lower()
    return code if code in LOCALES else None


def _is_chat_number(name: str) -> bool:
    return name.startswith("-") and name[1:].isdigit()


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
