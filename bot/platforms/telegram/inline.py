"""Inline mode: in any chat, people type the bot's name and some words, and choose a story to send there.

https://core.telegram.org/bots/api#inline-mode
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.access import Throttle
from bot.chats import Destination
from bot.commands.cards import Card, cards
from bot.commands.dispatcher import Dispatcher
from bot.i18n import Translator, own, supported_locale
from bot.platforms.telegram.client import Client
from bot.platforms.telegram.posts import LATEST, answer, markup
from bot.platforms.telegram.updates import PLATFORM
from bot.views.layout import web_link
from briefings.addresses import web_address

_log = structlog.stdlib.get_logger("nutgraf.telegram")

#: Seconds for which Telegram keeps the results for one person.
_KEPT = 60
#: Queries that are answered at once. Further ones get no results.
_MOST_AT_ONCE = 8
#: A query arrives with each letter that somebody types.
_MOST_QUERIES, _PERIOD = 60, timedelta(minutes=1)


class Inline:
    """Answers inline queries. They are not stored, because Telegram takes an answer for a few seconds only."""

    def __init__(self, client: Client, username: str, dispatcher: Dispatcher, language: str) -> None:
        self._client = client
        self._username = username
        self._context = dispatcher.context
        self._language = language
        self._throttle = Throttle(_MOST_QUERIES, _PERIOD)
        self._working: set[asyncio.Task[None]] = set()

    def take(self, updates: Sequence[dict[str, object]]) -> list[dict[str, object]]:
        """Begins to answer the inline queries among the updates, and returns the other updates."""
        for update in updates:
            query = update.get("inline_query")
            if isinstance(query, dict) and len(self._working) < _MOST_AT_ONCE:
                task = asyncio.create_task(self._answer(query))
                self._working.add(task)
                task.add_done_callback(self._working.discard)
        return [update for update in updates if "inline_query" not in update]

    def stop(self) -> None:
        """Ends the current answers."""
        for task in self._working:
            task.cancel()

    async def _answer(self, query: dict[str, Any]) -> None:
        try:
            await self._client.offer(str(query["id"]), await self._offered(query), _KEPT)
        except TelegramError as error:  # such as a query that is too old, because more letters were typed
            _log.debug("inline_unanswered", error=error.message)
        except Exception:  # noqa: BLE001  # a malformed query or a mistake of ours, which the log tells
            _log.exception("inline_failed")

    async def _offered(self, query: dict[str, Any]) -> dict[str, object]:
        """Returns the results, if somebody may have any."""
        person = Destination(PLATFORM, str(int(query["from"]["id"])))
        access, now = self._context.access, self._context.clock()
        if not access.admits(person, str(person)) or self._throttle.check(str(person), now):
            return {"results": []}
        client_language = supported_locale(str(query["from"].get("language_code") or ""))
        language = await self._context.chats.language(person) or client_language or self._language
        found = await cards(self._context, str(query.get("query") or ""))
        if found:
            return {"results": [result(card, self._username, language) for card in found]}
        return nothing_found(language)


def nothing_found(language: str) -> dict[str, object]:
    """Returns no results, with a button that says so and opens the latest stories."""
    said = Translator(language).say(own("Nothing found. Open the latest stories"))
    return {"results": [], "button": {"text": said, "start_parameter": LATEST}}


def result(card: Card, username: str, language: str) -> dict[str, object]:
    """Returns a card as Telegram takes it. Only its links stay: other buttons would be pressed in a foreign chat."""
    translator = Translator(language)
    draft, *_ = answer(card.view, language)
    content = {"message_text": draft.html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    headline = " ".join(card.headline.text.split())
    title = f"{translator.say(card.section)} · {headline}" if card.section else headline
    found: dict[str, object] = {"type": "article", "id": card.key, "title": title, "input_message_content": content}
    if card.line:
        found["description"] = " ".join(card.line.text.split()) + "…" * card.line.is_cut
    if card.image and web_link(card.image):
        found["thumbnail_url"] = web_address(card.image)
    rows = markup(draft.keyboard, username, is_private=False) or {"inline_keyboard": []}
    links = [[key for key in row if "url" in key] for row in rows["inline_keyboard"]]
    if kept := [row for row in links if row]:
        found["reply_markup"] = {"inline_keyboard": kept}
    return found
