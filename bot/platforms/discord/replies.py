"""Answers within the three seconds that Discord gives, or says that it takes longer, and then answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import structlog
from discord import (
    AllowedMentions,
    DiscordException,
    File,
    Interaction,
    InteractionResponseType,
    InteractionType,
    MessageFlags,
)
from discord.http import MultipartParameters
from discord.webhook.async_ import async_context

from bot.chats import ChatStore, Destination
from bot.platforms.discord.client import Client
from bot.platforms.discord.layout import components_of, layout
from bot.platforms.discord.posts import Draft
from bot.platforms.discord.sender import STRAY

_log = structlog.stdlib.get_logger("nutgraf.discord")

#: Seconds: what takes longer is announced, since Discord gives up after three.
_GRACE = 1.5
_COMPONENTS, _EPHEMERAL = MessageFlags(components_v2=True).value, MessageFlags(ephemeral=True).value
_NO_MENTIONS = AllowedMentions.none().to_dict()


@dataclass(frozen=True, slots=True)
class Reply:
    """What is to be said.

    Attributes:
        about: The versions that it tells of.
        file: A name and a text that come with it.
        replaces: Whether it takes the place of the message that was pressed.
        is_for_one: Whether nobody else may see it.
    """

    where: Destination
    drafts: tuple[Draft, ...]
    hint: str
    about: tuple[str, ...] = ()
    file: tuple[str, str] | None = None
    replaces: bool = False
    is_for_one: bool = False


class Speaker:
    """Answers interactions."""

    def __init__(self, chats: ChatStore, grace: float = _GRACE) -> None:
        self._chats = chats
        self._grace = grace

    async def answer(
        self, interaction: Interaction[Client], work: Callable[[], Awaitable[Reply | None]], is_for_one: bool
    ) -> None:
        """Says what ``work`` comes to: at once, or where it takes longer, in place of the sign that it does."""
        announcing: list[asyncio.Task[Any]] = []

        def announce() -> None:
            announcing.append(asyncio.create_task(_defer(interaction, is_for_one)))

        grace = asyncio.get_running_loop().call_later(self._grace, announce)
        try:
            try:
                reply = await work()
            finally:
                grace.cancel()
                for announced in announcing:
                    await announced
            is_late = bool(announcing)
            if reply is not None:
                await self._say(interaction, reply, is_late)
            else:
                await self._say_nothing(interaction, is_late)
        except (DiscordException, *STRAY) as error:
            # A person who got no answer asks again; who got it twice wonders.
            _log.warning("answer_unsent", channel=interaction.channel_id, error=f"{type(error).__name__}: {error}")

    async def _say_nothing(self, interaction: Interaction[Client], is_late: bool) -> None:
        """Lets the client know that nothing comes, since it would show an error."""
        if not is_late:
            await interaction.response.defer(ephemeral=True)
        if is_late or interaction.type is InteractionType.application_command:
            await interaction.delete_original_response()

    async def _say(self, interaction: Interaction[Client], reply: Reply, is_late: bool) -> None:
        first, *rest = reply.drafts
        message = await self._first(interaction, reply, first, is_late)
        numbers = [message] if message else []
        for draft in rest:
            sent = await interaction.followup.send(
                view=layout(draft, reply.hint), ephemeral=reply.is_for_one, wait=True
            )
            numbers.append(str(sent.id))
        if reply.file:
            name, text = reply.file
            file = File(BytesIO(text.encode()), filename=name)
            await interaction.followup.send(file=file, ephemeral=reply.is_for_one, wait=True)
        if reply.about:
            for number in numbers:
                await self._chats.posted(reply.where, number, reply.about)

    async def _first(self, interaction: Interaction[Client], reply: Reply, draft: Draft, is_late: bool) -> str | None:
        if is_late:
            return str((await interaction.edit_original_response(view=layout(draft, reply.hint))).id)
        if reply.replaces:
            await interaction.response.edit_message(view=layout(draft, reply.hint))
            return str(interaction.message.id) if interaction.message else None
        return await _respond(interaction, components_of(draft, reply.hint), reply.is_for_one)


async def _defer(interaction: Interaction[Client], is_for_one: bool) -> None:
    await interaction.response.defer(ephemeral=is_for_one, thinking=True)


async def _respond(interaction: Interaction[Client], components: list[dict[str, Any]], is_for_one: bool) -> str | None:
    """Answers with components that are ready, and returns the message's id, if Discord tells it.

    `discord.InteractionResponse.send_message` makes objects of them, and of the whole message that comes back. It would
    also remember that there is an answer; here nobody answers twice.
    """
    flags = _COMPONENTS | (_EPHEMERAL if is_for_one else 0)
    data = {"components": components, "flags": flags, "allowed_mentions": _NO_MENTIONS}
    http = interaction.client.http
    found: Any = await async_context.get().create_interaction_response(
        interaction.id,
        interaction.token,
        session=interaction._session,  # noqa: SLF001  # as `send_message` does
        proxy=http.proxy,
        proxy_auth=http.proxy_auth,
        params=MultipartParameters({"type": InteractionResponseType.channel_message.value, "data": data}, None, None),
    )
    message = (found.get("resource") or {}).get("message") or {}
    return str(message["id"]) if "id" in message else None
