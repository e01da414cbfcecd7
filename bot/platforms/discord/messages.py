"""Answers messages, and edits the answers to edited messages."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from weakref import WeakValueDictionary

import structlog
from discord import File, Message, MessageReference, NotFound

from bot.answers.access import unsent_view
from bot.chats import Answer, ChatStore, digest_of
from bot.commands.typed import command_in
from bot.delivery.answer_turns import AnswerTurns
from bot.platforms.discord.adapter import Discord
from bot.platforms.discord.client import Client
from bot.platforms.discord.events import is_private, place_of
from bot.platforms.discord.layout import layout
from bot.platforms.discord.outcomes import REQUEST_ERRORS, UNREADABLE
from bot.platforms.discord.posts import Draft, answer
from bot.platforms.discord.refusals import sent_as_taken
from bot.platforms.discord.replies import Reply

_log = structlog.stdlib.get_logger("nutgraf.discord")


class MessageAnswers:
    """Sends the answers to messages, as replies to them."""

    def __init__(self, client: Client, adapter: Discord, chats: ChatStore, answers: AnswerTurns) -> None:
        self._client = client
        self._adapter = adapter
        self._chats = chats
        self._answers = answers
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def reply(self, message: Message, question: str) -> None:
        """Answers a message."""
        async with self._turn(message):
            made = await self._adapter.reply_to(self._client, message, question)
            if made:
                await self._deliver(message, made, question)

    async def reply_again(self, message: Message, question: str) -> None:
        """Edits the answer to a message, if the message has one and its text has changed."""
        async with self._turn(message):
            before = await self._chats.answer_to(place_of(message), str(message.id))
            if before is None or before.asked == digest_of(question):
                return
            made = await self._adapter.reply_to(self._client, message, question, is_edit=True)
            if made:
                await self._deliver(message, made, question, before.messages)

    async def say(self, message: Message, reply: Reply, rewrites: Sequence[str] = ()) -> tuple[str, ...]:
        """Sends a reply and returns the ids of its messages. If that fails, says that it may not have arrived.

        Args:
            rewrites: The ids of the bot's messages that it replaces, one by one. Those that are left over are deleted.
        """
        said: list[str] = []
        try:
            await self._say(message, reply, rewrites, said)
        except UNREADABLE as error:
            _log.warning("answer_uncertain", channel=message.channel.id, error=f"{type(error).__name__}: {error}")
        except REQUEST_ERRORS as error:
            _log.warning("answer_unsent", channel=message.channel.id, error=f"{type(error).__name__}: {error}")
            (regret,) = answer(unsent_view(), reply.language)
            try:
                await self._send(message, reply, "x", regret)
            except REQUEST_ERRORS as again:
                _log.debug("answer_unsent", channel=message.channel.id, error=str(again))
        return tuple(said)

    def _turn(self, message: Message) -> asyncio.Lock:
        """The lock of a message: an edit waits until the message is answered."""
        return self._turns.setdefault(message.id, asyncio.Lock())

    async def _deliver(self, message: Message, reply: Reply, question: str, rewrites: Sequence[str] = ()) -> None:
        """Sends a reply, and remembers it for the next edit. A refusal is no answer: it replaces none.

        What confirms a change stays: the answer to an edit is then a new message.
        """
        if not reply.is_for_one:
            said = await self.say(message, reply, rewrites)
            if said:
                command = command_in(question)
                replaced = () if command is not None and command.changes else said
                await self._chats.answered(reply.where, str(message.id), Answer(replaced, digest_of(question)))
        elif is_private(message):
            await self.say(message, reply)
        else:
            await self._tell_author(message, reply)

    async def _tell_author(self, message: Message, reply: Reply) -> None:
        """Sends a refusal as a direct message, if the author accepts those. It concerns nobody else in the channel."""
        try:
            for draft in map(self._client.links.resolved, reply.drafts):
                await self._answers.turn(reply.where, is_private=True)
                await message.author.send(view=layout(draft, reply.hint))
        except REQUEST_ERRORS as error:
            _log.debug("answer_unsent", channel=message.channel.id, error=str(error))

    async def _say(self, message: Message, reply: Reply, rewrites: Sequence[str], said: list[str]) -> None:
        for part, draft in enumerate(map(self._client.links.resolved, reply.drafts)):
            old = rewrites[part] if part < len(rewrites) else None
            sent = await sent_as_taken(draft, partial(self._put, message, reply, part, old))
            said.append(sent)
            await self._chats.posted(reply.where, sent, reply.about)
        if reply.file and is_private(message):  # files are private: in a server only a command can answer privately
            name, text = reply.file
            await self._answers.turn(reply.where, is_private=True)
            file = File(BytesIO(text.encode()), filename=name)
            await message.channel.send(file=file, reference=_reference(message))
        await self._erase(message, reply, rewrites[len(said) :])

    async def _put(self, message: Message, reply: Reply, part: int, old: str | None, draft: Draft) -> str:
        """Edits the old message or, if there is none or it is gone, sends a new one. Returns its id."""
        if old is None:
            return await self._send(message, reply, part, draft)
        await self._answers.turn(reply.where, is_private(message))
        target = self._client.get_partial_messageable(message.channel.id).get_partial_message(int(old))
        try:
            await target.edit(view=layout(draft, reply.hint), attachments=reply.files(draft))
        except NotFound:
            return await self._send(message, reply, part, draft)
        return old

    async def _send(self, message: Message, reply: Reply, part: object, draft: Draft) -> str:
        """Sends one message as a reply, and returns its id."""
        await self._answers.turn(reply.where, is_private(message))
        sent = await message.channel.send(
            view=layout(draft, reply.hint),
            reference=_reference(message),
            mention_author=False,
            nonce=digest_of(f"{message.id} {message.edited_at} {part}"),  # an edit is no repeat
            files=reply.files(draft),
        )
        return str(sent.id)

    async def _erase(self, message: Message, reply: Reply, left: Sequence[str]) -> None:
        """Deletes what is left of a longer answer."""
        channel = self._client.get_partial_messageable(message.channel.id)
        for number in left:
            await self._answers.turn(reply.where, is_private(message))
            with suppress(NotFound):
                await channel.get_partial_message(int(number)).delete()


def _reference(message: Message) -> MessageReference:
    return MessageReference.from_message(message, fail_if_not_exists=False)
