"""Answers interactions within three seconds, or defers them and answers later."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO

import structlog
from discord import File, Interaction, InteractionType

from bot.answers.access import unsent_view
from bot.chats import ChatStore, Destination
from bot.platforms.discord.callbacks import call_back
from bot.platforms.discord.client import Client
from bot.platforms.discord.layout import layout
from bot.platforms.discord.outcomes import REQUEST_ERRORS, UNREADABLE
from bot.platforms.discord.posts import Draft, answer
from bot.platforms.discord.refusals import sent_as_taken

_log = structlog.stdlib.get_logger("nutgraf.discord")

#: Seconds before an interaction is deferred. Discord gives up after three.
_GRACE = 1.5


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to an interaction or message.

    Attributes:
        about: The ids of the versions that it shows.
        file: The name and text of an attached file.
        replaces: Whether it replaces the message whose button was pressed.
        is_for_one: Whether only the person who asked sees it.
        language: The language of the bot's words.
        picture: The picture that the last message shows.
    """

    where: Destination
    drafts: tuple[Draft, ...]
    hint: str
    about: tuple[str, ...] = ()
    file: tuple[str, str] | None = None
    replaces: bool = False
    is_for_one: bool = False
    language: str = "en"
    picture: bytes | None = None

    def files(self, draft: Draft) -> list[File]:
        """The files that are sent with a message. Each request needs its own."""
        if draft.attached is None or self.picture is None:
            return []
        name, description = draft.attached
        return [File(BytesIO(self.picture), filename=name, description=description)]


class Speaker:
    """Answers interactions."""

    def __init__(self, chats: ChatStore, grace: float = _GRACE) -> None:
        self._chats = chats
        self._grace = grace

    async def answer(
        self, interaction: Interaction[Client], work: Callable[[], Awaitable[Reply | None]], is_for_one: bool
    ) -> None:
        """Answers with the result of ``work``. If that takes too long, defers first."""
        announcing: list[asyncio.Task[bool]] = []

        def announce() -> None:
            announcing.append(asyncio.create_task(_defer(interaction, is_for_one)))

        grace = asyncio.get_running_loop().call_later(self._grace, announce)
        try:
            reply = await work()
        finally:
            grace.cancel()
            is_late = any([await announced for announced in announcing])
        if reply is not None:
            await self._say(interaction, reply, is_late)
        else:
            await self._say_nothing(interaction, is_late)

    async def _say_nothing(self, interaction: Interaction[Client], is_late: bool) -> None:
        """Acknowledges without an answer. Otherwise the client would show an error."""
        try:
            if not is_late:
                await interaction.response.defer(ephemeral=True)
            if is_late or interaction.type is InteractionType.application_command:
                await interaction.delete_original_response()
        except REQUEST_ERRORS as error:
            _log.debug("answer_unsent", channel=interaction.channel_id, error=str(error))

    async def _say(self, interaction: Interaction[Client], reply: Reply, is_late: bool) -> None:
        first = _Answering(interaction, reply, is_late)
        numbers: list[str] = []
        try:
            for draft in map(interaction.client.links.resolved, reply.drafts):
                numbers.append(await sent_as_taken(draft, first.follow if numbers else first.begin))
            if reply.file:
                await first.send_file(*reply.file)
        except UNREADABLE as error:
            _log.warning("answer_uncertain", channel=interaction.channel_id, error=f"{type(error).__name__}: {error}")
        except REQUEST_ERRORS as error:
            _log.warning("answer_unsent", channel=interaction.channel_id, error=f"{type(error).__name__}: {error}")
            await first.apologise(is_begun=bool(numbers))
        for number in filter(None, numbers):
            if reply.about:
                await self._chats.posted(reply.where, number, reply.about)


@dataclass(frozen=True)
class _Answering:
    """Answers one interaction.

    Attributes:
        is_late: Whether the answer was deferred.
    """

    interaction: Interaction[Client]
    reply: Reply
    is_late: bool

    async def begin(self, draft: Draft) -> str:
        """Sends the first message. Returns its id, or an empty text if Discord does not return one."""
        interaction, reply = self.interaction, self.reply
        if self.is_late:
            view = layout(draft, reply.hint)
            return str((await interaction.edit_original_response(view=view, attachments=reply.files(draft))).id)
        if draft.attached:
            view, files = layout(draft, reply.hint), reply.files(draft)
            sent = await interaction.response.send_message(view=view, files=files, ephemeral=reply.is_for_one)
            return str(sent.message_id or "")
        if reply.replaces:
            await interaction.response.edit_message(view=layout(draft, reply.hint))
            return str(interaction.message.id) if interaction.message else ""
        return await call_back(interaction, draft, reply.hint, reply.is_for_one)

    async def follow(self, draft: Draft) -> str:
        """Sends a further message. Returns its id."""
        view, is_for_one = layout(draft, self.reply.hint), self.reply.is_for_one
        files = self.reply.files(draft)
        sent = await self.interaction.followup.send(view=view, files=files, ephemeral=is_for_one, wait=True)
        return str(sent.id)

    async def send_file(self, name: str, text: str) -> None:
        """Sends a file after the messages."""
        file = File(BytesIO(text.encode()), filename=name)
        await self.interaction.followup.send(file=file, ephemeral=self.reply.is_for_one, wait=True)

    async def apologise(self, is_begun: bool) -> None:
        """Says that the answer may not have arrived, in the first way that works."""
        (draft,) = answer(unsent_view(), self.reply.language)
        for send in (self.follow,) if is_begun else (self.begin, self.follow):
            try:
                await send(draft)
            except REQUEST_ERRORS as error:
                _log.debug("answer_unsent", channel=self.interaction.channel_id, error=str(error))
            else:
                return


async def _defer(interaction: Interaction[Client], is_for_one: bool) -> bool:
    """Defers the answer. Returns whether Discord accepted that."""
    try:
        await interaction.response.defer(ephemeral=is_for_one, thinking=True)
    except REQUEST_ERRORS as error:
        _log.warning("answer_unsent", channel=interaction.channel_id, error=f"{type(error).__name__}: {error}")
        return False
    return True
