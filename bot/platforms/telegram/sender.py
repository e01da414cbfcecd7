"""Sends deliveries of the ledger to Telegram."""

from __future__ import annotations

from functools import partial

from telegram.error import BadRequest, TelegramError

from bot.delivery.model import Dead, Delivery, Op, Outcome, Sent
from bot.platforms.payloads import draft_of
from bot.platforms.telegram.client import Client
from bot.platforms.telegram.outcomes import is_gone, is_unchanged, outcome_of
from bot.platforms.telegram.posts import Draft, is_private_chat, markup
from bot.platforms.telegram.refusals import sent_as_taken
from bot.views.layout import Rows


class TelegramSender:
    """A `bot.delivery.model.Sender`."""

    def __init__(self, client: Client, username: str) -> None:
        self._client = client
        self._username = username

    async def send(self, delivery: Delivery) -> Outcome:
        """Posts a message, or edits or deletes one that was posted."""
        draft = draft_of(delivery, Draft.read)
        if isinstance(draft, Dead):
            return draft
        try:
            if delivery.op is Op.DELETE and await self._deleted(delivery):
                return Sent(delivery.target or "")
            return await sent_as_taken(draft, partial(self._sent, delivery, draft))
        except TelegramError as error:
            if delivery.target is not None and is_unchanged(error):
                return Sent(delivery.target)
            return outcome_of(error)

    async def _deleted(self, delivery: Delivery) -> bool:
        """Deletes a message. Returns whether it is gone. Telegram deletes no message after 48 hours; such a message is
        edited.
        """
        try:
            await self._client.erase(delivery.destination, int(delivery.target or 0))
        except BadRequest as error:
            return is_gone(error)
        return True

    async def _sent(self, delivery: Delivery, draft: Draft, text: str, mode: str | None, buttons: Rows) -> Outcome:
        where = delivery.destination
        keyboard = markup(buttons, self._username, is_private_chat(where.chat))
        if delivery.op is not Op.POST:
            target = int(delivery.target or 0)
            await self._client.rewrite(where, target, text, mode, keyboard, picture=draft.picture)
            return Sent(delivery.target or "")
        say = partial(self._client.say, where, text, mode, keyboard)
        return Sent(str(await say(picture=draft.picture, is_silent=draft.silent)))
