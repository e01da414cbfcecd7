"""A running bot on Telegram, with methods for the actions of people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.access import Access, Throttle
from bot.app import Bot, build
from bot.commands.context import Policies
from bot.delivery.courier import Timing
from bot.delivery.pacing import UNLIMITED
from bot.platforms.telegram.polling import Patience
from bot.platforms.telegram.posts import TelegramPosts
from bot.platforms.telegram.service import Settings, TelegramService
from bot.runtime.clock import clock
from briefings.fetching.client import Client
from briefings.model import Article
from briefings.workers import Workers
from tests.fakes import OPEN
from tests.libraries import add_articles, opened_library
from tests.telegram.server import BOT, TOKEN, BotApi, Message, running_bot_api

ANN, GROUP, CHANNEL = 7, -1001, -1002
_PHOTO = {"file_id": "p", "file_unique_id": "p", "width": 1080, "height": 900}
#: Seconds that an answer may take, on a machine that is busy with all other tests.
PATIENCE = 60
QUICK = Patience(poll=2, deaf=4, first=0.05, longest=0.2, standby=0.2)


@dataclass
class TelegramTalk:
    """A running bot, and the server that replaces Telegram."""

    api: BotApi
    bot: Bot
    service: TelegramService
    _number: int = 500

    async def says(self, text: str, chat: int = ANN, user: int | None = ANN, **more: Any) -> list[Message]:
        """Writes a message. Returns the bot's messages."""
        return await self._answered(lambda: self.api.say(message=self._message(text, chat, user, **more)))

    async def edits(self, text: str, chat: int = ANN, user: int | None = ANN, number: int = 0) -> list[Message]:
        """Edits a message, by default the last one that somebody wrote. Returns the bot's messages that changed."""
        number = number or self._number
        message = self._message(text, chat, user) | {"message_id": number, "edit_date": 1_700_000_060}
        self._number -= 1
        return await self._answered(lambda: self.api.say(edited_message=message))

    async def sends(
        self, name: str, content: bytes | None, caption: str = "", chat: int = ANN, **more: Any
    ) -> list[Message]:
        """Somebody sends a file; None: Telegram does not hand it out. Returns what the bot says to it."""
        return await self._answered(
            lambda: self.api.say(message=self.file_message(name, content, caption, chat, **more))
        )

    def file_message(self, name: str, content: bytes | None, caption: str, chat: int, **more: Any) -> dict[str, Any]:
        """A message with a file."""
        number = f"f{self._next()}"
        self.api.files[number] = content
        document = {"file_id": number, "file_unique_id": number, "file_name": name, "file_size": len(content or b"")}
        message = self._message(caption, chat, ANN)
        del message["text"]
        size = more.pop("size", None)
        document |= {"file_size": size} if size is not None else {}
        document |= {"mime_type": more.pop("media")} if "media" in more else {}
        return message | ({"caption": caption} if caption else {}) | {"document": document} | more

    async def presses(self, data: str, message: Message, user: int = ANN) -> list[Message]:
        """Presses a button below a message of the bot."""
        query = {
            "id": f"q{self._next()}",
            "from": person(user),
            "chat_instance": "1",
            "data": data,
            "message": {
                "message_id": message.number,
                "date": 1_700_000_000,
                "chat": chat_of(message.chat),
                "from": BOT,
                **({"photo": [_PHOTO]} if "photo" in message.request else {"text": message.parsed.text}),
            },
        }
        return await self._answered(lambda: self.api.say(callback_query=query))

    async def posts_in_channel(self, text: str, **more: Any) -> list[Message]:
        """Posts in a channel."""
        post = {
            "message_id": self._next(),
            "date": 1_700_000_000,
            "chat": chat_of(CHANNEL),
            "sender_chat": chat_of(CHANNEL),
            "text": text,
            **more,
        }
        return await self._answered(lambda: self.api.say(channel_post=post))

    async def membership(self, chat: int, status: str, **rights: Any) -> None:
        """Changes the bot's membership in a chat."""
        change = {
            "chat": chat_of(chat),
            "from": person(ANN),
            "date": 1_700_000_000,
            "old_chat_member": {"status": "left", "user": BOT},
            "new_chat_member": {"status": status, "user": BOT, "until_date": 0, **rights},
        }
        await self._answered(lambda: self.api.say(my_chat_member=change))

    async def _answered(self, happen: Callable[[], int]) -> list[Message]:
        before = {one.number: one.edits for one in self.api.messages}
        number = happen()
        async with asyncio.timeout(PATIENCE):
            while not await self._is_done(number):
                await asyncio.sleep(0.01)
        return [one for one in self.api.messages if before.get(one.number) != one.edits]

    async def _is_done(self, number: int) -> bool:
        from sqlalchemy import select

        from bot.storage.database.tables import inbox

        async with self.bot.database.read() as connection:
            found = (
                await connection.execute(select(inbox.c.state, inbox.c.reply).where(inbox.c.number == number))
            ).first()
        return found is not None and (found.state == "done" or (found.state == "aside" and found.reply is None))

    def _message(self, text: str, chat: int, user: int | None, **more: Any) -> dict[str, Any]:
        message: dict[str, Any] = {
            "message_id": self._next(),
            "date": 1_700_000_000,
            "chat": chat_of(chat),
            "text": text,
            **more,
        }
        if user is not None:
            message["from"] = person(user) | message.pop("client", {})
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return message

    def _next(self) -> int:
        self._number += 1
        return self._number


def person(user: int) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": "Ann"}


def chat_of(chat: int) -> dict[str, Any]:
    if chat > 0:
        return {"id": chat, "type": "private", "first_name": "Ann"}
    return {"id": chat, "type": "channel" if chat == CHANNEL else "supergroup", "title": "News"}


def reply_to(message: Message, quote: str | None = None) -> dict[str, Any]:
    """The fields of a message that replies to one of the bot's messages."""
    replied = {
        "message_id": message.number,
        "date": 1_700_000_000,
        "chat": chat_of(message.chat),
        "from": BOT,
        "text": message.parsed.text,
    }
    found: dict[str, Any] = {"reply_to_message": replied}
    if quote is not None:
        found["quote"] = {"text": quote, "position": message.parsed.text.index(quote)}
    return found


@asynccontextmanager
async def telegram_talk(
    *articles: Article,
    url: str | None = None,
    access: Access = OPEN,
    policies: Policies = Policies(),  # noqa: B008  # frozen
    settings: dict[str, Any] | None = None,
    api_state: dict[str, Any] | None = None,
    workers: Workers | None = None,
    client: Client | None = None,
) -> AsyncIterator[TelegramTalk]:
    """A running bot over these articles, or else the bundled ones.

    It sends as fast as it can: waiting for Telegram's limits would take a second for every message. Tests of the
    limits pass their own ``settings``.
    """
    chosen: dict[str, Any] = {"patience": QUICK, "limits": UNLIMITED} | (settings or {})
    async with running_bot_api(**(api_state or {})) as api, opened_library(url, articles) as database:
        renderers = {"telegram": TelegramPosts()}
        throttle = Throttle(1000, timedelta(minutes=1))
        bot = build(database, access, policies, throttle=throttle, renderers=renderers, workers=workers, client=client)
        await add_articles(bot, articles)
        service = TelegramService(
            Settings(TOKEN, api.url, **chosen),
            dispatcher=bot.dispatcher,
            ledger=bot.ledger,
            inbox=bot.inbox,
            timing=Timing(clock, beat=0.05),
            language=policies.language,
        )
        running = asyncio.create_task(service.run())
        try:
            yield TelegramTalk(api, bot, service)
        finally:
            service.stop()
            await running
