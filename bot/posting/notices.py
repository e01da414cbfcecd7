"""Writes what the bot says by itself, besides digests and alerts, into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.chats import ChatStore, Destination
from bot.delivery.model import NOTICE, Delivery
from bot.i18n import Translator
from bot.posting.alerts import AlertQueue
from bot.posting.compositions import PostRenderer
from bot.views.model import View

_LIFE = timedelta(days=2)


class Notices:
    """Writes notices, each once."""

    def __init__(
        self, queue: AlertQueue, chats: ChatStore, *, renderers: Mapping[str, PostRenderer], language: str
    ) -> None:
        self._queue = queue
        self._chats = chats
        self._renderers = renderers
        self._language = language

    async def write(  # each is a property of the notice
        self,
        key: str,
        where: Destination,
        view: View,
        now: datetime,
        *,
        at: datetime | None = None,
        language: str | None = None,
        is_silent: bool = False,
    ) -> None:
        """Writes a notice to a chat, if its platform is connected and no notice with the key was written before.

        Args:
            at: The earliest time to send it; now if it is None.
            language: The language, if it is not the chat's own.
        """
        renderer = self._renderers.get(where.platform)
        if renderer is None:
            return
        spoken = language or await self._chats.language(where) or self._language
        payload = renderer.payload(view, Translator(spoken), silent=is_silent)
        due = at or now
        await self._queue.enqueue([Delivery(0, f"{NOTICE}{key}", 0, where, payload, due, due + _LIFE)], now)
