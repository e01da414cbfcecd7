"""A `Bot` of python-telegram-bot that uses our transport."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import cached_property, wraps
from typing import Any, ParamSpec, TypeVar

from telegram import Bot, InputFile
from telegram.error import InvalidToken, TelegramError

from bot.chats import Destination
from bot.platforms.telegram.posts import Markup
from bot.platforms.telegram.transport import AiohttpRequest, Garbled, Timeouts
from bot.platforms.telegram.updates import WANTED

#: Telegram's own server. Others are self-hosted (https://github.com/tdlib/telegram-bot-api).
BASE_URL = "https://api.telegram.org"
#: Connections. Enough for all requests that the rate limits allow, if each takes half a minute.
_CONNECTIONS = 128
_POLLING = 2
#: https://core.telegram.org/bots/api#linkpreviewoptions
_NO_PREVIEW: dict[str, object] = {"is_disabled": True}
_PICTURE: dict[str, object] = {"show_above_text": True, "prefer_large_media": True}
#: Seconds by which the response to a poll may be late.
_GRACE = 10


#: What python-telegram-bot raises for a response of an unexpected shape.
_UNEXPECTED = (AttributeError, LookupError, TypeError, ValueError)

Arguments = ParamSpec("Arguments")
Found = TypeVar("Found")
_Asking = Callable[Arguments, Coroutine[Any, Any, Found]]


def _legible(ask: _Asking[Arguments, Found]) -> _Asking[Arguments, Found]:
    """Makes a method raise `Garbled` if its response has an unexpected shape."""

    @wraps(ask)
    async def asking(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Found:
        try:
            found = await ask(*args, **kwargs)
        except _UNEXPECTED as error:
            raise Garbled("the answer is not the Bot API's") from error
        if found is None or not isinstance(getattr(found, "id", 0), int):
            raise Garbled("the answer is not the Bot API's")
        return found

    return asking


class Client(Bot):
    """A bot that returns some responses unparsed, and raises `Garbled` for those that cannot be parsed.

    An update that python-telegram-bot cannot parse does not block others. Of a sent message only the id is parsed.
    """

    get_me = _legible(Bot.get_me)
    get_chat = _legible(Bot.get_chat)
    get_chat_member = _legible(Bot.get_chat_member)
    get_file = _legible(Bot.get_file)
    get_chat_menu_button = _legible(Bot.get_chat_menu_button)
    get_my_commands = _legible(Bot.get_my_commands)
    get_my_description = _legible(Bot.get_my_description)
    get_my_short_description = _legible(Bot.get_my_short_description)
    get_webhook_info = _legible(Bot.get_webhook_info)

    @cached_property
    def token_refused(self) -> asyncio.Event:
        """Set when Telegram has refused the token in any request."""
        return asyncio.Event()

    async def _post(self, *args: Any, **kwargs: Any) -> Any:
        """Sends a request. All methods do it here."""
        try:
            return await super()._post(*args, **kwargs)
        except InvalidToken:
            self.token_refused.set()
            raise

    async def raw_updates(self, offset: int | None, seconds: int) -> list[dict[str, object]]:
        """The updates from number ``offset`` on. Waits up to ``seconds`` for the first.

        Raises:
            telegram.error.TelegramError: The request failed.
        """
        parameters: dict[str, object] = {"timeout": seconds, "allowed_updates": list(WANTED)}
        if offset is not None:
            parameters["offset"] = offset
        found = await self._post("getUpdates", parameters, read_timeout=seconds + _GRACE)
        if not isinstance(found, list):
            raise TelegramError("the updates are no list")
        return found

    async def say(
        self,
        where: Destination,
        text: str,
        mode: str | None,
        keyboard: Markup | None,
        *,
        picture: str = "",
        replies_to: int | None = None,
        is_silent: bool = False,
    ) -> int:
        """Sends a message and returns its id.

        Args:
            mode: ``HTML``, or None for text without markup.
            picture: The address of the picture above the text. Telegram fetches it.
            replies_to: The message that it replies to, if that still exists.

        Raises:
            telegram.error.TelegramError: The request failed.
        """
        parameters = _message(where, text, mode, keyboard, picture)
        if where.thread:
            parameters["message_thread_id"] = int(where.thread)
        if replies_to is not None:
            parameters["reply_parameters"] = {"message_id": replies_to, "allow_sending_without_reply": True}
        if is_silent:
            parameters["disable_notification"] = True
        return _id_of(await self._post("sendMessage", parameters))

    async def say_file(self, where: Destination, name: str, text: str, replies_to: int | None = None) -> None:
        """Sends a text as a file.

        Raises:
            telegram.error.TelegramError: The request failed.
        """
        parameters: dict[str, object] = {"chat_id": where.chat, "document": InputFile(text.encode(), filename=name)}
        if where.thread:
            parameters["message_thread_id"] = int(where.thread)
        if replies_to is not None:
            parameters["reply_parameters"] = {"message_id": replies_to, "allow_sending_without_reply": True}
        await self._post("sendDocument", parameters)

    async def say_picture(
        self,
        where: Destination,
        picture: bytes,
        text: str,
        mode: str | None,
        keyboard: Markup | None,
        *,
        replies_to: int | None = None,
    ) -> int:
        """Sends a picture with a text below it. Returns the id of the message.

        Raises:
            telegram.error.TelegramError: The request failed.
        """
        parameters: dict[str, object] = {
            "chat_id": where.chat,
            "photo": InputFile(picture, filename="story.png"),
            "caption": text,
            "parse_mode": mode,
            "reply_markup": keyboard,
        }
        if where.thread:
            parameters["message_thread_id"] = int(where.thread)
        if replies_to is not None:
            parameters["reply_parameters"] = {"message_id": replies_to, "allow_sending_without_reply": True}
        return _id_of(await self._post("sendPhoto", parameters))

    async def rewrite(
        self,
        where: Destination,
        message: int,
        text: str,
        mode: str | None,
        keyboard: Markup | None,
        *,
        picture: str = "",
    ) -> None:
        """Edits a message.

        Raises:
            telegram.error.TelegramError: The request failed.
        """
        await self._post("editMessageText", _message(where, text, mode, keyboard, picture) | {"message_id": message})

    async def offer(self, query: str, offered: Mapping[str, object], seconds: int) -> None:
        """Answers an inline query. Telegram keeps the answer for this person for so many seconds.

        Args:
            offered: The results, and the button above them, if there is one.

        Raises:
            telegram.error.TelegramError: The request failed.
        """
        parameters = {"inline_query_id": query, **offered, "cache_time": seconds, "is_personal": True}
        await self._post("answerInlineQuery", parameters)

    async def file_address(self, file: str) -> str:
        """Returns the address from which a file can be downloaded. It holds the token.

        Raises:
            telegram.error.TelegramError: Telegram does not hand it out.
        """
        found = await self.get_file(file)
        if not found.file_path:
            raise Garbled("the file has no path")
        return found.file_path

    async def show_typing(self, where: Destination) -> None:
        """Shows in a chat for five seconds that the bot is typing.

        Raises:
            telegram.error.TelegramError: Telegram does not show it.
        """
        await self.send_chat_action(where.chat, "typing", int(where.thread) if where.thread else None)

    async def erase(self, where: Destination, message: int) -> None:
        """Deletes a message.

        Raises:
            telegram.error.TelegramError: The request failed.
        """
        await self._post("deleteMessage", {"chat_id": where.chat, "message_id": message})

    def __repr__(self) -> str:
        """A text without the token, which the inherited one would show."""
        return "Client[...]"

    async def open(self) -> None:
        """Opens the connection pools without a request, since Telegram may be down."""
        for pool in self._request:
            await pool.initialize()

    async def close_connections(self) -> None:
        """Closes the connection pools."""
        for pool in self._request:
            await pool.shutdown()

    async def renew_polling(self) -> None:
        """Replaces the connections for polling by new ones."""
        await self._request[0].shutdown()
        await self._request[0].initialize()


def _id_of(message: Any) -> int:
    try:
        return int(message["message_id"])
    except (KeyError, TypeError, ValueError) as error:
        raise Garbled("the answer has no message id") from error


def _message(
    where: Destination, text: str, mode: str | None, keyboard: Markup | None, picture: str
) -> dict[str, object]:
    return {
        "chat_id": where.chat,
        "text": text,
        "parse_mode": mode,
        "reply_markup": keyboard,
        "link_preview_options": _PICTURE | {"url": picture} if picture else _NO_PREVIEW,
    }


def new_bot(token: str, base_url: str = BASE_URL, timeouts: Timeouts = Timeouts()) -> Client:  # noqa: B008  # frozen
    """A bot with one pool of connections for sending and one for polling. `Client.open` opens them.

    Raises:
        telegram.error.InvalidToken: The token is empty.
    """
    root = base_url.rstrip("/")
    return Client(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=AiohttpRequest(_CONNECTIONS, timeouts),
        get_updates_request=AiohttpRequest(_POLLING, timeouts),
    )
