"""A Bot API server over loopback. It refuses what Telegram refuses, in Telegram's words, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TextIO

from aiohttp import web

from tests.telegram import parser, specification

TOKEN = "123456789:AAF0-a_test_token_of_the_right_length0"
USERNAME = "nutgraf_test_bot"
#: The only numbered chat that is a channel.
_CHANNEL = -1002
BOT = {
    "id": 123456789,
    "is_bot": True,
    "first_name": "Nutgraf",
    "username": USERNAME,
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
#: What bots get that ask for nothing else: https://core.telegram.org/bots/api#getupdates
ASKED_FOR_BY_DEFAULT = ("message", "edited_message", "channel_post", "edited_channel_post", "callback_query")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MOST_COMMANDS, _MOST_EXPLAINED, _MOST_TOAST = 100, 256, 200
#: https://core.telegram.org/bots/api#getfile
MOST_HANDED_OUT = 20_000_000
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

Answer = tuple[int, dict[str, Any]]
#: What happens instead of an answer, before (``False``) or after (``True``) the request was carried out.
Fault = Callable[[web.Request, bool], "web.StreamResponse | None"]


class Refusal(Exception):
    """An error response."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass
class Message:
    """A message as it is in its chat now."""

    chat: int
    number: int
    parsed: parser.Parsed
    request: dict[str, Any]
    edits: int = 0


@dataclass
class Limits:
    """The published limits (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).

    Attributes:
        deadlines: Until when a chat was told to wait.
        early: The chats that did not wait so long.
    """

    clock: Callable[[], datetime]
    all: deque[datetime] = field(default_factory=deque)
    chats: defaultdict[int, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    deadlines: dict[int, datetime] = field(default_factory=dict)
    early: list[int] = field(default_factory=list)

    def check(self, chat: int) -> None:
        """Counts a message, or refuses it."""
        now, recent = self.clock(), self.chats[chat]
        if chat in self.deadlines and now < self.deadlines[chat]:
            self.early.append(chat)
        # A little less than a second each: the way of a message is not always equally long.
        while self.all and now - self.all[0] >= 0.9 * SECOND:
            self.all.popleft()
        while recent and now - recent[0] >= MINUTE:
            recent.popleft()
        if len(self.all) >= 30 or (recent and now - recent[-1] < 0.9 * SECOND) or (chat < 0 and len(recent) >= 20):
            self.refuse(chat, 3)
        self.all.append(now)
        recent.append(now)

    def refuse(self, chat: int, seconds: int) -> None:
        """Makes a chat wait."""
        self.deadlines[chat] = self.clock() + timedelta(seconds=seconds)
        raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


@dataclass
class BotApi:
    """The server's state, and what tests look at.

    Attributes:
        refused: What it refused, in Telegram's words; tests want it empty unless they mean it.
        members: The status of a user in a chat.
        closed: Why nothing may be sent to a chat.
        untold: Why the bot may not ask who is a member of a chat.
        faults: What happens instead of the next answers to messages.
        misbehave: Chooses a fault for any message.
        journal: Where the chat and first line of each message that is taken are written, and ``+`` for each poll that
            gave something.
        most_at_once: How many updates a poll gives at the most.
        refused_once: Methods whose next request is answered by 401.
        too_old: Messages that cannot be deleted any more.
        takes_no_buttons: Whether it refuses every message that has any.
        unwanted: Words that it takes in no message; nothing stands for none.
        files: What people have sent, by file id; None: the server does not hand it out.
        offers: The answers to inline queries, by their ids.
        actions: The chats in which the bot showed that it is working.
        garbled: What comes instead of the next answers to a method.
    """

    url: str = ""
    files: dict[str, bytes | None] = field(default_factory=dict)
    actions: list[int] = field(default_factory=list)
    limits: Limits | None = None
    refused: list[str] = field(default_factory=list)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    members: dict[tuple[int, int], str] = field(default_factory=dict)
    closed: dict[int, Refusal] = field(default_factory=dict)
    untold: dict[int, Refusal] = field(default_factory=dict)
    faults: deque[Fault | None] = field(default_factory=deque)
    misbehave: Callable[[], Fault | None] = lambda: None  # a default, not a function
    menu_button: str = "default"
    offers: dict[str, dict[str, Any]] = field(default_factory=dict)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    webhook: str = ""
    webhook_refusals: int = 0
    answered: list[str] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    delay: float = 0
    most_at_once: int = 100
    journal: TextIO | None = None
    is_revoked: bool = False
    refused_once: set[str] = field(default_factory=set)
    too_old: set[int] = field(default_factory=set)
    takes_no_buttons: bool = False
    unwanted: str = ""
    garbled: defaultdict[str, deque[bytes]] = field(default_factory=lambda: defaultdict(deque))
    _polls: int = 0
    _next_update: int = 1000
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, **update: Any) -> int:
        """Queues an update for the next poll and returns its number."""
        self._next_update += 1
        self.updates.append({"update_id": self._next_update, **update})
        self._arrived.set()
        return self._next_update

    def texts(self, chat: int | None = None) -> list[str]:
        """The texts of all messages, in order."""
        return [one.parsed.text for one in self.messages if chat in {None, one.chat}]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Handles a request."""
        method, parameters = request.match_info["method"], await _parameters(request)
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.garbled[method]:
            return web.Response(body=self.garbled[method].popleft())
        fault = None
        if method in {"sendMessage", "editMessageText"}:
            fault = self.faults.popleft() if self.faults else self.misbehave()
        if fault and (wrong := fault(request, False)):
            return wrong
        try:
            if request.match_info["token"] != TOKEN or self.is_revoked or method in self.refused_once:
                self.refused_once.discard(method)
                raise Refusal(401, "Unauthorized")
            self.requests.append((method, parameters))
            if wrong_field := specification.complaint(method, parameters):
                raise Refusal(400, f"Bad Request: {wrong_field}")
            result = await getattr(self, f"_{method}")(parameters)
        except Refusal as refusal:
            if refusal.code != 409:
                self.refused.append(f"{method}: {refusal.description}")
            body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            body |= {"parameters": refusal.parameters} if refusal.parameters else {}
            return web.json_response(body, status=refusal.code)
        if fault and (wrong := fault(request, True)):
            return wrong
        return web.json_response({"ok": True, "result": result})

    async def hand_out(self, request: web.Request) -> web.Response:
        """A file, at the address that getFile told."""
        content = self.files.get(request.match_info["path"].removeprefix("documents/"))
        if request.match_info["token"] != TOKEN or content is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=content, content_type="application/octet-stream")

    async def _getFile(self, parameters: dict[str, Any]) -> Any:
        number = parameters["file_id"]
        if number not in self.files:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        content = self.files[number] or b""
        if len(content) > MOST_HANDED_OUT:
            raise Refusal(400, "Bad Request: file is too big")
        told = {"file_id": number, "file_unique_id": number, "file_size": len(content)}
        return told | {"file_path": f"documents/{number}"}

    async def _sendChatAction(self, parameters: dict[str, Any]) -> Any:
        self.actions.append(int(parameters["chat_id"]))
        return True

    async def _getMe(self, parameters: dict[str, Any]) -> Any:
        del parameters
        return BOT

    async def _getUpdates(self, parameters: dict[str, Any]) -> Any:
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        self._polls += 1  # an older poll ends in favour of this one
        poll = self._polls
        self._arrived.set()
        await asyncio.sleep(0)
        self.updates = [one for one in self.updates if one["update_id"] >= parameters.get("offset", 0)]
        if not self.updates:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), parameters.get("timeout", 0))
            except TimeoutError:
                return []
            if poll != self._polls:
                raise Refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one runs")
        if self.journal:
            self.journal.write("+\n")
            self.journal.flush()
        wanted = parameters.get("allowed_updates") or ASKED_FOR_BY_DEFAULT
        self.updates = [one for one in self.updates if one.keys() & {*wanted}]  # Telegram keeps no others
        return self.updates[: min(parameters.get("limit", 100), self.most_at_once)]

    async def _sendMessage(self, parameters: dict[str, Any]) -> Any:
        return self._taken(parameters, _parsed(parameters, "text", 4096))

    async def _sendDocument(self, parameters: dict[str, Any]) -> Any:
        return self._taken(parameters, _parsed(parameters, "caption", 1024))

    async def _sendPhoto(self, parameters: dict[str, Any]) -> Any:
        if not bytes(parameters["photo"]).startswith(b"\x89PNG"):
            raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
        return self._taken(parameters, _parsed(parameters, "caption", 1024))

    def _taken(self, parameters: dict[str, Any], parsed: parser.Parsed) -> dict[str, Any]:
        chat = int(parameters["chat_id"])
        if chat in self.closed:
            raise self.closed[chat]
        self._check_buttons(parameters)
        if self.limits:
            self.limits.check(chat)
        message = Message(chat, len(self.messages) + 1, parsed, parameters)
        self.messages.append(message)
        if self.journal:
            self.journal.write(f"{chat}|{parsed.text.splitlines()[0]}\n")
            self.journal.flush()
        return _message(message)

    def _check_buttons(self, parameters: dict[str, Any]) -> None:
        if self.unwanted and self.unwanted in parameters.get("text", ""):
            raise Refusal(400, "Bad Request: MESSAGE_UNWANTED")
        if self.takes_no_buttons and parameters.get("reply_markup"):
            raise Refusal(400, "Bad Request: BUTTON_TYPE_INVALID")
        _check_keyboard(parameters.get("reply_markup"))

    async def _editMessageText(self, parameters: dict[str, Any]) -> Any:
        chat, number = int(parameters["chat_id"]), parameters["message_id"]
        found = next((one for one in self.messages if (one.chat, one.number) == (chat, number)), None)
        if found is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if "photo" in found.request:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        parsed = _parsed(parameters, "text", 4096)
        self._check_buttons(parameters)
        if self.limits:
            self.limits.check(chat)
        if parsed == found.parsed and parameters.get("reply_markup") == found.request.get("reply_markup"):
            raise Refusal(400, "Bad Request: message is not modified: specified new message content is the same")
        found.parsed, found.request, found.edits = parsed, parameters, found.edits + 1
        return _message(found)

    async def _deleteMessage(self, parameters: dict[str, Any]) -> Any:
        chat, number = int(parameters["chat_id"]), parameters["message_id"]
        found = [one for one in self.messages if (one.chat, one.number) == (chat, number)]
        if not found:
            raise Refusal(400, "Bad Request: message to delete not found")
        if number in self.too_old:
            raise Refusal(400, "Bad Request: message can't be deleted for everyone")
        self.messages.remove(found[0])
        return True

    async def _answerCallbackQuery(self, parameters: dict[str, Any]) -> Any:
        if parser.utf16(parameters.get("text", "")) > _MOST_TOAST:
            raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        self.answered.append(parameters["callback_query_id"])
        return True

    async def _getChatMember(self, parameters: dict[str, Any]) -> Any:
        chat, user = int(parameters["chat_id"]), parameters["user_id"]
        if refusal := self.closed.get(chat) or self.untold.get(chat):
            raise refusal
        status = self.members.get((chat, user), "member")
        found: dict[str, Any] = {"status": status, "user": {"id": user, "is_bot": False, "first_name": "Somebody"}}
        if status == "administrator":
            rights = specification.rights_of_administrators()
            found |= dict.fromkeys(rights, True) | ({"can_post_messages": True} if chat == _CHANNEL else {})
        if status == "creator":
            found["is_anonymous"] = False
        if status == "kicked":
            found["until_date"] = 0
        if status == "restricted":
            found |= dict.fromkeys(specification.rights_of_restricted_members(), False)
            found |= {"is_member": True, "until_date": 0}
        return found

    async def _getChat(self, parameters: dict[str, Any]) -> Any:
        name = str(parameters["chat_id"])
        if not name.startswith("@"):
            return {
                "id": int(name),
                "type": "channel" if int(name) == _CHANNEL else "supergroup",
                "title": "A chat",
                "accent_color_id": 1,
                "max_reaction_count": 1,
            }
        return {"id": -1009, "type": "channel", "title": name, "accent_color_id": 1, "max_reaction_count": 1}

    async def _answerInlineQuery(self, parameters: dict[str, Any]) -> Any:
        results = parameters["results"]
        if len(results) > 50 or len({one["id"] for one in results}) < len(results):
            raise Refusal(400, "Bad Request: RESULT_ID_DUPLICATE")
        for one in results:
            if not 1 <= len(one["id"].encode()) <= 64 or not one["title"].strip():
                raise Refusal(400, "Bad Request: RESULT_ID_INVALID")
            content = one["input_message_content"]
            _parsed({"text": content["message_text"], "parse_mode": content.get("parse_mode")}, "text", 4096)
            _check_keyboard(one.get("reply_markup"))
            if not one.get("thumbnail_url", "https://").startswith(("http://", "https://")):
                raise Refusal(400, "Bad Request: WEBDOCUMENT_URL_INVALID")
        self.offers[parameters["inline_query_id"]] = parameters
        return True

    async def _getChatMenuButton(self, parameters: dict[str, Any]) -> Any:
        del parameters
        return {"type": self.menu_button}

    async def _setChatMenuButton(self, parameters: dict[str, Any]) -> Any:
        self.menu_button = parameters["menu_button"]["type"]
        return True

    async def _setMyCommands(self, parameters: dict[str, Any]) -> Any:
        if len(parameters["commands"]) > _MOST_COMMANDS:
            raise Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for one in parameters["commands"]:
            if not _COMMAND.fullmatch(one["command"]):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(one["description"]) <= _MOST_EXPLAINED:
                raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[_scope(parameters)] = parameters["commands"]
        return True

    async def _getMyCommands(self, parameters: dict[str, Any]) -> Any:
        return self.commands.get(_scope(parameters), [])

    async def _setMyDescription(self, parameters: dict[str, Any]) -> Any:
        if len(parameters.get("description", "")) > 512:
            raise Refusal(400, "Bad Request: description is too long")
        self.descriptions[f"long {parameters.get('language_code', '')}"] = parameters["description"]
        return True

    async def _setMyShortDescription(self, parameters: dict[str, Any]) -> Any:
        if len(parameters.get("short_description", "")) > 120:
            raise Refusal(400, "Bad Request: short description is too long")
        self.descriptions[f"short {parameters.get('language_code', '')}"] = parameters["short_description"]
        return True

    async def _getMyDescription(self, parameters: dict[str, Any]) -> Any:
        return {"description": self.descriptions.get(f"long {parameters.get('language_code', '')}", "")}

    async def _getMyShortDescription(self, parameters: dict[str, Any]) -> Any:
        return {"short_description": self.descriptions.get(f"short {parameters.get('language_code', '')}", "")}

    async def _setWebhook(self, parameters: dict[str, Any]) -> Any:
        if self.webhook_refusals:
            self.webhook_refusals -= 1
            raise Refusal(400, "Bad Request: bad webhook: Failed to resolve host")
        self.webhook = parameters["url"]
        return True

    async def _deleteWebhook(self, parameters: dict[str, Any]) -> Any:
        del parameters
        self.webhook = ""
        return True

    async def _getWebhookInfo(self, parameters: dict[str, Any]) -> Any:
        del parameters
        return {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": len(self.updates)}


async def _parameters(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found: dict[str, Any] = await request.json()
        return found
    read: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            read[name] = value.file.read()
        else:
            text = str(value)
            is_json = text[:1] in "{[" or text in {"true", "false"} or text.lstrip("-").isdigit()
            read[name] = json.loads(text) if is_json else text
    return {
        name: value for name, value in read.items() if not isinstance(value, str) or not value.startswith("attach:")
    }


def _parsed(parameters: dict[str, Any], name: str, most: int) -> parser.Parsed:
    text = parameters.get(name, "")
    try:
        parsed = parser.parse_html(text) if parameters.get("parse_mode") == "HTML" else parser.plain(text)
    except parser.Refused as error:
        raise Refusal(400, str(error)) from error
    if name == "text" and not parsed.text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if parser.utf16(parsed.text) > most:
        raise Refusal(400, "Bad Request: message is too long")
    return parsed


def _check_keyboard(markup: dict[str, Any] | None) -> None:
    buttons = [button for row in (markup or {}).get("inline_keyboard", []) for button in row]
    if len(buttons) > 100 or any(len(row) > 8 or not row for row in (markup or {}).get("inline_keyboard", [])):
        raise Refusal(400, "Bad Request: REPLY_MARKUP_INVALID")
    for button in buttons:
        if not button["text"].strip():
            raise Refusal(400, "Bad Request: BUTTON_TEXT_INVALID")
        if len(button.keys() - {"text"}) != 1:
            raise Refusal(400, "Bad Request: BUTTON_TYPE_INVALID")
        if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        if "url" in button and not parser.is_link(button["url"]):
            raise Refusal(400, f"Bad Request: inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _message(message: Message) -> dict[str, Any]:
    kind = "private" if message.chat > 0 else "supergroup"
    chat = {"id": message.chat, "type": kind} | ({"first_name": "X"} if kind == "private" else {"title": "X"})
    return {"message_id": message.number, "date": 1_700_000_000, "chat": chat, "text": message.parsed.text}


def _scope(parameters: dict[str, Any]) -> str:
    return f"{parameters.get('scope', {}).get('type', 'default')} {parameters.get('language_code', '')}".strip()


@asynccontextmanager
async def running_bot_api(**state: Any) -> AsyncIterator[BotApi]:
    """A Bot API server on a free port."""
    api = BotApi(**state)
    app = web.Application(client_max_size=60_000_000)
    app.router.add_route("*", "/bot{token}/{method}", api.handle)
    app.router.add_get("/file/bot{token}/{path:.+}", api.hand_out)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    api.url = f"http://{host}:{port}"
    try:
        yield api
    finally:
        await runner.cleanup()
