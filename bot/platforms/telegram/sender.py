"""Sends what the ledger holds for Telegram."""

from __future__ import annotations

from telegram.error import BadRequest, TelegramError

from bot.delivery.model import Dead, Delivery, Op, Outcome, Sent
from bot.platforms.telegram.client import Client
from bot.platforms.telegram.outcomes import is_bad_markup, is_unchanged, outcome_of
from bot.platforms.telegram.posts import Draft, is_private_chat, markup


class TelegramSender:
    """A `bot.delivery.model.Sender`."""

    def __init__(self, client: Client, username: str) -> None:
        self._client = client
        self._username = username

    async def send(self, delivery: Delivery) -> Outcome:
        """Posts a message, or edits one that was posted."""
        if delivery.payload is None:
            return Dead("its content was deleted")
        draft = Draft.read(delivery.payload)
        try:
            try:
                return await self._sent(delivery, draft, is_html=True)
            except BadRequest as error:
                if not is_bad_markup(error):
                    raise
                return await self._sent(delivery, draft, is_html=False)  # better plain than not at all
        except TelegramError as error:
            if delivery.target is not None and is_unchanged(error):
                return Sent(delivery.target)
            return outcome_of(error)

    async def _sent(self, delivery: Delivery, draft: Draft, is_html: bool) -> Outcome:
        where = delivery.destination
        keyboard = markup(draft.keyboard, self._username, is_private_chat(where.chat))
        text, mode = (draft.html, "HTML") if is_html else (draft.plain, None)
        if delivery.op is Op.EDIT:
            await self._client.rewrite(where, int(delivery.target or 0), text, mode, keyboard)
            return Sent(delivery.target or "")
        return Sent(str(await self._client.say(where, text, mode, keyboard, is_silent=draft.silent)))
