"""Sends the answers of commands: as replies in groups, and in place of the previous answer in private chats."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from typing import TypeVar

import structlog
from pydantic import TypeAdapter
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.answers.access import unsent_view
from bot.chats import Destination
from bot.delivery.answer_turns import AnswerTurns
from bot.delivery.inbox import Said
from bot.platforms.telegram.client import Client
from bot.platforms.telegram.outcomes import is_unchanged
from bot.platforms.telegram.posts import Draft, answer, is_private_chat, markup
from bot.platforms.telegram.refusals import sent_as_taken
from bot.platforms.telegram.transport import Flooded, Garbled, NeverArrived
from bot.views.layout import Rows

_log = structlog.stdlib.get_logger("nutgraf.telegram")

#: An answer is given up after this time.
_PATIENCE = timedelta(minutes=2)
_FIRST_WAIT = timedelta(seconds=1)

Sent = TypeVar("Sent")
Sleep = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply before it is sent.

    Attributes:
        replies_to: The id of the message that it answers, in a group.
        replaces: The id of the bot's message that it replaces, if it is a single message.
        rewrites: The ids of the bot's messages that it replaces, one by one. Those that are left over are deleted.
        request: The id of the user's message, if a later edit of it changes this reply.
        asked: The digest of its text.
        about: The ids of the versions that a follow-up question is about.
        file: The name and text of an attached file.
        shows: The ids of all versions that it shows, also in part.
        language: The language of the bot's words.
        picture: A picture above the text, as PNG in base64. Such a reply replaces no other message.
        is_kept: Whether it stays when the user's message is edited, because it confirms a change.
    """

    where: Destination
    drafts: tuple[Draft, ...]
    about: tuple[str, ...] = ()
    replies_to: int | None = None
    replaces: int | None = None
    file: tuple[str, str] | None = None
    shows: tuple[str, ...] = ()
    language: str = "en"
    rewrites: tuple[int, ...] = ()
    request: str = ""
    asked: str = ""
    picture: str = ""
    is_kept: bool = False

    def target(self, place: int) -> int | None:
        """Returns the id of the message that the draft at a place replaces, or None."""
        if self.picture:
            return None
        if self.rewrites:
            return next(iter(self.rewrites[place : place + 1]), None)
        return self.replaces if len(self.drafts) == 1 else None

    def write(self) -> str:
        """The reply as JSON."""
        return _replies().dump_json(self).decode()

    @staticmethod
    def read(text: str) -> Reply:
        """Parses the result of `write`."""
        return _replies().validate_json(text)


class Speaker:
    """Sends replies at the pace that Telegram allows."""

    def __init__(self, client: Client, username: str, answers: AnswerTurns, sleep: Sleep) -> None:
        self._client = client
        self._username = username
        self._answers = answers
        self._sleep = sleep

    async def say(self, reply: Reply, confirm: Callable[[], Awaitable[None]] | None = None) -> list[Said]:
        """Sends a reply and returns its messages. If Telegram refuses one, says that something is missing.

        Args:
            confirm: Is called immediately before each message. It raises if the message must not be sent.
        """
        said: list[Said] = []
        try:
            for place in range(len(reply.drafts)):
                try:
                    message = await self._known(reply, _confirmed(confirm, partial(self._in_place, reply, place)))
                except ChatMigrated as error:
                    reply = replace(reply, where=Destination(reply.where.platform, str(error.new_chat_id)))
                    message = await self._known(reply, _confirmed(confirm, partial(self._in_place, reply, place)))
                if message is not None:
                    said.append(Said(reply.where, str(message), reply.about))
            if reply.file:
                send = partial(self._client.say_file, reply.where, *reply.file, replies_to=reply.replies_to)
                await self._known(reply, _confirmed(confirm, send))
            await self._erase(reply)
        except TelegramError as error:
            _log.warning("answer_unsent", chat=str(reply.where), error=error.message)
            await self._apologise(reply)
        return said

    async def _erase(self, reply: Reply) -> None:
        """Deletes what is left of a longer answer that the reply replaces."""
        rewritten = 0 if reply.picture else len(reply.drafts)
        for message in reply.rewrites[rewritten:]:
            with suppress(BadRequest):  # it is gone, or too old
                await self._client.erase(reply.where, message)

    async def _apologise(self, reply: Reply) -> None:
        """Says that the answer may not have arrived. The answer is not repeated, because it may have."""
        for draft in answer(unsent_view(), reply.language):
            try:
                await self._patiently(reply, partial(self._readable, reply, draft))
            except TelegramError as error:
                _log.debug("answer_unsent", chat=str(reply.where), error=error.message)

    async def _known(self, reply: Reply, send: Callable[[], Awaitable[Sent]]) -> Sent | None:
        """Sends one message. Returns None if the response cannot be parsed: the message has probably arrived."""
        try:
            return await self._patiently(reply, send)
        except Garbled as error:
            _log.warning("answer_uncertain", chat=str(reply.where), error=error.message)
            return None

    async def _patiently(self, reply: Reply, send: Callable[[], Awaitable[Sent]]) -> Sent:
        """Sends one message. Tries again as long as it surely has not arrived."""
        waited, wait = timedelta(0), _FIRST_WAIT
        while True:
            await self._answers.turn(reply.where, is_private_chat(reply.where.chat))
            try:
                return await send()
            except Flooded as error:
                wait = error.wait
                self._answers.hold(reply.where, wait)
                failed: TelegramError = error
            except NeverArrived as error:
                failed, wait = error, 2 * wait
            waited += wait
            if waited > _PATIENCE:
                raise failed
            await self._sleep(wait.total_seconds())

    async def _in_place(self, reply: Reply, place: int) -> int:
        draft, replaced = reply.drafts[place], reply.target(place)
        if replaced is None:
            return await self._readable(reply, draft)
        try:
            return await self._readable(reply, draft, replaced)
        except BadRequest as error:
            if is_unchanged(error):
                return replaced
            return await self._readable(reply, draft)  # the old message was deleted or is too old to be edited

    async def _readable(self, reply: Reply, draft: Draft, replaces: int | None = None) -> int:
        return await sent_as_taken(draft, partial(self._send, reply, replaces=replaces, picture=draft.picture))

    async def _send(
        self, reply: Reply, text: str, mode: str | None, buttons: Rows, *, replaces: int | None, picture: str
    ) -> int:
        where = reply.where
        keyboard = markup(buttons, self._username, is_private=is_private_chat(where.chat))
        if reply.picture:
            content = b64decode(reply.picture)
            return await self._client.say_picture(where, content, text, mode, keyboard, replies_to=reply.replies_to)
        if replaces is not None:
            await self._client.rewrite(where, replaces, text, mode, keyboard, picture=picture)
            return replaces
        return await self._client.say(where, text, mode, keyboard, picture=picture, replies_to=reply.replies_to)


def _confirmed(
    confirm: Callable[[], Awaitable[None]] | None, send: Callable[[], Awaitable[Sent]]
) -> Callable[[], Awaitable[Sent]]:
    async def call() -> Sent:
        if confirm is not None:
            await confirm()
        return await send()

    return call


@cache
def _replies() -> TypeAdapter[Reply]:
    return TypeAdapter(Reply)
