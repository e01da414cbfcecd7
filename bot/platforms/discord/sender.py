"""Sends deliveries of the ledger to Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta

from discord import ForumChannel, NotFound, Object
from discord.abc import GuildChannel, PrivateChannel
from discord.threads import Thread
from discord.ui import LayoutView, TextDisplay

from bot.delivery.model import Dead, Delivery, Op, Outcome, Sent, Uncertain
from bot.platforms.discord import forums
from bot.platforms.discord.client import Client
from bot.platforms.discord.layout import allowed_mentions, components_of, layout
from bot.platforms.discord.outcomes import REQUEST_ERRORS, UNKNOWN_MESSAGE, outcome_of
from bot.platforms.discord.posts import Draft
from bot.platforms.discord.refusals import sent_as_taken
from bot.platforms.discord.steps import follow
from bot.platforms.payloads import draft_of

#: How long Discord recognises a nonce.
RESEND_WITHIN = timedelta(minutes=2)
_MOST_LOOKED_AT = 50
_MARGIN = timedelta(seconds=30)

Channel = GuildChannel | PrivateChannel | Thread | None


class DiscordSender:
    """A `bot.delivery.model.Sender`.

    Args:
        hint: The placeholder of a select.
        tags: The names of the tags for forum posts. Tags that a forum does not have are ignored.
    """

    def __init__(self, client: Client, hint: str, tags: Sequence[str] = ()) -> None:
        self._client = client
        self._hint = hint
        self._tags = tags
        self._going: set[asyncio.Task[Outcome]] = set()
        self._operators: dict[str, str] = {}

    async def send(self, delivery: Delivery) -> Outcome:
        """Posts a message, or edits or deletes one that was posted.

        If the caller cancels while discord.py waits for the global rate limit, the request goes on in the background.
        Cancelling it would block all other requests for ever.
        """
        going = asyncio.create_task(self._send(delivery))
        self._going.add(going)
        going.add_done_callback(self._going.discard)
        try:
            return await asyncio.shield(going)
        except asyncio.CancelledError:
            if not self._client.is_held:
                going.cancel()
            raise

    async def _send(self, delivery: Delivery) -> Outcome:
        draft = draft_of(delivery, Draft.read)
        if isinstance(draft, Dead):
            return draft
        return await self._send_draft(delivery, draft)

    async def _ready(self, delivery: Delivery, draft: Draft) -> Draft:
        """The draft with links to commands, and without a role that its server no longer has or that is everybody."""
        guild = await self._client.server_of(int(delivery.destination.chat)) if draft.role else None
        role = guild.get_role(int(draft.role)) if guild else None
        is_pinged = guild is None or (role is not None and not role.is_default())
        return self._client.links.resolved(draft if is_pinged else replace(draft, role=""))

    async def _send_draft(self, delivery: Delivery, draft: Draft) -> Outcome:
        try:
            if not delivery.subscription:
                delivery = await self._to_person(delivery)
            return await self._done(delivery, await self._ready(delivery, draft))
        except REQUEST_ERRORS as error:
            if isinstance(error, NotFound) and delivery.op is Op.DELETE:
                return Sent(delivery.target or "")
            if delivery.is_repeat and _is_gone(error):
                return Sent("0")  # the first request arrived, and somebody has deleted the message since
            return outcome_of(error)

    async def _done(self, delivery: Delivery, draft: Draft) -> Outcome:
        forum = None if delivery.destination.thread else await self._forum(int(delivery.destination.chat))
        match delivery.op:
            case Op.EDIT:
                return await self._edited(delivery, draft, forum)
            case Op.DELETE:
                return await self._deleted(delivery, forum)
            case Op.THREAD | Op.PUBLISH:
                is_in_thread = forum is not None or bool(delivery.destination.thread)
                return await follow(self._client, delivery, draft, is_in_thread=is_in_thread)
            case Op.POST:
                return await (self._in_forum(delivery, draft, forum) if forum else self._posted(delivery, draft))

    async def find(self, delivery: Delivery) -> str | None:
        """The id of the message that an uncertain delivery became. None if it is not found.

        Raises:
            discord.DiscordException: The search failed.
        """
        if delivery.payload is None or delivery.sending_at is None:
            return None
        draft, since = await self._ready(delivery, Draft.read(delivery.payload)), delivery.sending_at
        if not delivery.destination.thread and await self._forum(int(delivery.destination.chat)):
            return await forums.find(self._client, int(delivery.destination.chat), draft.name, since)
        channel = self._client.get_partial_messageable(_channel(delivery))
        async for message in channel.history(limit=_MOST_LOOKED_AT, after=since.astimezone(UTC) - _MARGIN):
            if message.author.id != self._client.me:
                continue
            view = LayoutView.from_message(message, timeout=None)
            texts = [one.content for one in view.walk_children() if isinstance(one, TextDisplay)]
            if "\n\n".join(texts) == draft.whole:
                return str(message.id)
        return None

    async def _posted(self, delivery: Delivery, draft: Draft) -> Outcome:
        channel = self._client.get_partial_messageable(_channel(delivery))

        async def send(draft: Draft) -> str:
            view, mentions = layout(draft, self._hint), allowed_mentions(draft)
            sent = await channel.send(view=view, nonce=delivery.id, silent=draft.silent, allowed_mentions=mentions)
            return str(sent.id)

        return Sent(await sent_as_taken(draft, send))

    async def _edited(self, delivery: Delivery, draft: Draft, forum: ForumChannel | None) -> Outcome:
        target = int(delivery.target or 0)
        channel = self._client.get_partial_messageable(target if forum else _channel(delivery))
        message = channel.get_partial_message(target)
        draft = replace(draft, heading="") if forum else draft
        await sent_as_taken(draft, lambda draft: message.edit(view=layout(draft, self._hint)))
        return Sent(str(target))

    async def _deleted(self, delivery: Delivery, forum: ForumChannel | None) -> Outcome:
        target = int(delivery.target or 0)
        if forum is not None:  # the post is a thread
            await self._client.http.delete_channel(target, reason=None)
        else:
            await self._client.get_partial_messageable(_channel(delivery)).get_partial_message(target).delete()
        return Sent(str(target))

    async def _in_forum(self, delivery: Delivery, draft: Draft, forum: ForumChannel) -> Outcome:
        if delivery.is_repeat:
            found = await self.find(delivery)
            return Sent(found) if found else Uncertain("nobody can tell whether the forum has it")
        tags = forums.tags_named(forum, self._tags)

        async def create(draft: Draft) -> Outcome:
            inside = replace(draft, heading="")  # the title of the post says it
            post = forums.ForumPost(draft.name, components_of(inside, self._hint), draft.silent, tags, draft.role)
            return await forums.create(self._client, forum.id, post)

        return await sent_as_taken(draft, create)

    async def _to_person(self, delivery: Delivery) -> Delivery:
        """Addresses an alert to the operator's direct messages."""
        person = delivery.destination.chat
        if person not in self._operators:
            self._operators[person] = str((await self._client.create_dm(Object(int(person)))).id)
        return replace(delivery, destination=replace(delivery.destination, chat=self._operators[person]))

    async def _forum(self, number: int) -> ForumChannel | None:
        """The channel with this id, if it is a forum."""
        channel: Channel = self._client.get_channel(number)
        if channel is None and number not in self._client.plain:
            channel = await self._client.fetch_channel(number)
            if not isinstance(channel, ForumChannel):
                self._client.plain.add(number)
        return channel if isinstance(channel, ForumChannel) else None


def _channel(delivery: Delivery) -> int:
    return int(delivery.destination.thread or delivery.destination.chat)


def _is_gone(error: Exception) -> bool:
    return isinstance(error, NotFound) and error.code == UNKNOWN_MESSAGE
