"""A Discord server over loopback: REST API and gateway. It refuses what Discord refuses, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import json
import re
import time
import zlib
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TextIO

from aiohttp import WSMsgType, web

from tests.discord import specification

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.a_test_token_of_the_right_length_0123"
BOT = {"id": "900", "username": "nutgraf", "discriminator": "0000", "avatar": None, "bot": True, "global_name": None}
ANN, APPLICATION = 7, 901
GUILD, CHANNEL, FORUM, THREAD, DM, ANNOUNCEMENTS, ROLE = 100_100, 100_110, 100_120, 100_130, 100_140, 100_150, 100_160
EVERYTHING = str((1 << 53) - 1)

#: What happens instead of an answer, before (``False``) or after (``True``) the request was carried out.
Fault = Callable[[web.Request, bool], "web.StreamResponse | None"]

_COMPONENTS, _EPHEMERAL = 1 << 15, 1 << 6
_SELECTS, _BUTTON, _LINK_STYLE = frozenset({3, 5, 6, 7, 8}), 2, 5
_MODAL_ANSWER, _MODAL_SENT, _UPDATE = 9, 5, 7
#: Where the bot is no member: https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
_MOST_FOLLOW_UPS_OF_GUESTS = 5
_MOST_COMPONENTS, _MOST_TEXT, _MOST_CONTENT, _MOST_ADDRESS = 40, 4000, 2000, 512
_COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
_ADDRESS = re.compile(r"https?://[^\s/?#:@%()\[\]]+(?::[1-9]\d{0,4})?(?:[/?#]\S*)?")
#: A client shows the name of the command.
_LINKED_COMMAND = re.compile(r"</(?:[-a-z]+ )*([a-z]+):\d+>")
_MOST_PUBLISHED = 10
_PING = re.compile(r"<@!?(\d+)>|<@&(\d+)>|@(everyone|here)")


class Refusal(Exception):
    """An error answer: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass
class Posted:
    """A message as it is in its channel now.

    Attributes:
        seen_by_all: False for an answer that only one person sees.
    """

    channel: int
    number: int
    body: dict[str, Any]
    seen_by_all: bool = True
    edits: int = 0
    is_deferred: bool = False
    is_published: bool = False

    @property
    def components(self) -> list[dict[str, Any]]:
        """All components, including nested ones."""
        return list(_walk(self.body.get("components") or []))

    @property
    def text(self) -> str:
        """Its Markdown."""
        texts = [one["content"] for one in self.components if one["type"] == 10]
        return _LINKED_COMMAND.sub(r"/\1", "\n".join(texts) or self.body.get("content") or "")

    @property
    def buttons(self) -> dict[str, str]:
        """The custom ids of its buttons, by label."""
        return {one["label"]: one["custom_id"] for one in self.components if one["type"] == 2 and "custom_id" in one}

    @property
    def choices(self) -> dict[str, str]:
        """The values of its selects, by label."""
        lists = [one for one in self.components if one["type"] == 3]
        return {option["label"]: option["value"] for one in lists for option in one["options"]}


@dataclass
class Interaction:
    """An action of a person, and the bot's responses."""

    number: int
    token: str
    channel: int
    began: float
    message: int | None = None
    kind: int = 2
    is_guest: bool = False
    follow_ups: int = 0
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    original: int | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class DiscordApi:
    """The server's state, and what tests look at.

    Attributes:
        refused: What it refused; tests want it empty unless they mean it.
        pings: What would really have pinged somebody.
        closed: Why nothing may be sent to a channel.
        faults: What happens instead of the next answers to messages that are sent.
        misbehave: Chooses a fault for any message.
        journal: Where the channel and first line of each message that is taken are written.
        is_checked: Whether requests are compared with the specification, which takes its time.
        takes_no_buttons: Whether it refuses every message that has any.
        unwanted: Words that it takes in no message; nothing stands for none.
        nonce_seconds: For how long a nonce is known again.
        takes_no_commands: How often it refuses them first.
        answer_within: Seconds in which an interaction has to be answered.
        hurried: To how many answers of interactions it first says that they come too fast.
        shards: How many shards it recommends.
        at_once: How many shards may start a session at the same time.
        between_starts: Seconds before the next shard may start a session. Earlier ones are refused.
        sessions: The shard of each session that was started, with the number of all shards.
        is_limited: Whether it keeps Discord's limits: fifty requests a second, five messages in five for a channel.
        seconds: The clock of these limits.
        files: What people have attached, by the path at its content server; None: the server does not hand it out.
        typing: The channels in which the bot showed that it is working.
        handed_out: How often a file was asked for.
        strangers: Who is not in the server.
        uploads: The files that the bot has sent.
        is_for_people: Whether people can add the application to their accounts.
        threads_refused: Why no thread may be opened below a message.
        garbled: What comes instead of the next answers to a method and path.
    """

    url: str = ""
    files: dict[str, bytes | None] = field(default_factory=dict)
    typing: list[int] = field(default_factory=list)
    handed_out: int = 0
    threads_refused: Refusal | None = None
    strangers: frozenset[int] = frozenset({8})
    uploads: list[bytes] = field(default_factory=list)
    is_for_people: bool = True
    refused: list[str] = field(default_factory=list)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    messages: list[Posted] = field(default_factory=list)
    threads: list[dict[str, Any]] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)
    closed: dict[int, Refusal] = field(default_factory=dict)
    faults: deque[Fault | None] = field(default_factory=deque)
    misbehave: Callable[[], Fault | None] = lambda: None  # a default, not a function
    commands: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    journal: TextIO | None = None
    is_limited: bool = False
    seconds: Callable[[], float] = time.monotonic
    is_revoked: bool = False
    refusals: int = 0
    delay: float = 0
    starts_left: int = 1000
    takes_no_commands: int = 0
    nonce_seconds: float = 180
    is_checked: bool = True
    takes_no_buttons: bool = False
    answer_within: float = 3
    hurried: int = 0
    unwanted: str = ""
    garbled: defaultdict[str, deque[bytes]] = field(default_factory=lambda: defaultdict(deque))
    identified: int = 0
    shards: int = 1
    at_once: int = 1
    between_starts: float = 0
    sessions: list[tuple[int, int]] = field(default_factory=list)
    _started: dict[int, float] = field(default_factory=dict)
    guilds: list[dict[str, Any]] = field(default_factory=lambda: [guild()])
    everyone: str = EVERYTHING
    _sockets: list[Gateway] = field(default_factory=list)
    _interactions: dict[str, Interaction] = field(default_factory=dict)
    _nonces: dict[tuple[int, str], tuple[float, Posted]] = field(default_factory=dict)
    _sent: deque[float] = field(default_factory=deque)
    _buckets: defaultdict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _number: int = 10_000

    def texts(self, channel: int | None = None) -> list[str]:
        """The texts of all messages, in order."""
        return [one.text for one in self.messages if channel in {None, one.channel}]

    @property
    def connected(self) -> list[tuple[int, int]]:
        """The shard of each open connection, with the number of all shards."""
        return [socket.shard for socket in self._sockets]

    def next(self) -> int:
        """A new id. Ids contain the time of their creation."""
        self._number += 1
        return ((int(time.time() * 1000) - 1420070400000) << 22) | (self._number & 0x3FFFFF)

    async def hang_up(self, code: int) -> None:
        """Closes all gateway connections."""
        for socket in list(self._sockets):
            await socket.close(code)

    async def invalidate_sessions(self) -> None:
        """Makes all connections start a new session."""
        for socket in list(self._sockets):
            await socket.say(9, False)

    async def tell(self, event: str, data: dict[str, Any]) -> None:
        """Sends an event to the shard of its server, or to shard 0."""
        for socket in self._sockets:
            if socket.gets(data.get("guild_id")):
                await socket.dispatch(event, data)

    async def interact(self, kind: int, data: dict[str, Any], **more: Any) -> Interaction:
        """Sends an interaction. Returns when it was answered completely, or not in time."""
        channel = more.pop("channel", CHANNEL)
        number, user = self.next(), person(more.pop("user", ANN))
        server = str(more.pop("guild", GUILD))
        message = more.pop("message", None)
        found = Interaction(number, f"tok{number}", channel, time.monotonic(), message.number if message else None)
        found.kind, found.is_guest = kind, "0" not in more.get("authorizing_integration_owners", {"0": "0"})
        self._interactions[found.token] = found
        event: dict[str, Any] = {
            "id": str(number),
            "application_id": str(APPLICATION),
            "type": kind,
            "data": data,
            "token": found.token,
            "version": 1,
            "channel_id": str(channel),
            "channel": _channel_of(channel),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": "0" if channel == DM else server},
            "context": 1 if channel == DM else 0,
            "app_permissions": EVERYTHING,
            "attachment_size_limit": 10_000_000,
        }
        if channel == DM:
            event["user"] = user
        else:
            event |= {"guild_id": server, "guild_locale": "en-US", "guild": {"id": server, "locale": "en-US"}}
            event["member"] = _member(user) | {"permissions": more.pop("permissions", EVERYTHING)}
        if message:
            event["message"] = self.as_told(message)
        await self.tell("INTERACTION_CREATE", event | more)
        async with asyncio.timeout(60):
            await found.answered.wait()
        return found

    def as_told(self, message: Posted) -> dict[str, Any]:
        """A message as Discord sends it."""
        flags = int(message.body.get("flags") or 0) | (0 if message.seen_by_all else _EPHEMERAL)
        return {
            "id": str(message.number),
            "channel_id": str(message.channel),
            "author": BOT,
            "content": message.body.get("content") or "",
            "timestamp": "2025-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [_attached(one) for one in message.body.get("attachments") or []],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": flags,
            "components": _numbered(message.body.get("components") or []),
        }

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Handles a request."""
        method, path = request.method, request.path.removeprefix("/api")
        body = await _body(request, self.uploads)
        if self.garbled[f"{method} {path}"]:
            kind = {"Content-Type": "application/json", "Via": "1.1 google"}
            return web.Response(body=self.garbled[f"{method} {path}"].popleft(), headers=kind)
        fault = None
        is_post = method == "POST" and path.endswith(("/messages", "/threads", "/crosspost"))
        if is_post or (method == "PATCH" and "/messages/" in path and path.startswith("/channels")):
            if self.delay:
                await asyncio.sleep(self.delay)
            fault = self.faults.popleft() if self.faults else self.misbehave()
        if fault and (wrong := fault(request, False)):
            return wrong
        headers = {"Via": "1.1 google"}
        try:
            result = await self._answer(request, method, path, body)
        except Refusal as refusal:
            self.refused.append(f"{method} {path}: {refusal.message}")
            told = {"code": refusal.code, "message": refusal.message}
            return as_json(told, refusal.status, headers)
        except TooMany as error:
            self.refused.append(f"{method} {path}: 429")
            told = {"message": "You are being rate limited.", "retry_after": error.after, "global": error.is_global}
            headers |= {"Retry-After": str(error.after), "X-RateLimit-Scope": "global" if error.is_global else "user"}
            return as_json(told, 429, headers)
        if fault and (wrong := fault(request, True)):
            return wrong
        if path.endswith("/messages") and method == "POST" and self.is_limited:
            headers |= self._bucket_headers(int(path.split("/")[2]))
        return as_json(result, 200, headers) if result is not None else web.Response(status=204, headers=headers)

    async def _answer(self, request: web.Request, method: str, path: str, body: Any) -> Any:
        is_interaction = path.startswith(("/interactions/", "/webhooks/"))
        if not is_interaction and (request.headers.get("Authorization") != f"Bot {TOKEN}" or self.is_revoked):
            raise Refusal(401, 0, "401: Unauthorized")
        if self.refusals and path.startswith("/channels"):
            self.refusals -= 1
            raise Refusal(401, 0, "401: Unauthorized")
        self.requests.append((method, path, body))
        if self.is_checked and (wrong := specification.complaint(method, path, body)):
            raise Refusal(400, 50035, f"Invalid Form Body: {wrong}")
        if self.is_limited and not is_interaction:
            self._check_global()
        self._check_hurry(path)
        for pattern, answer in _ROUTES:
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return await answer(self, *found.groups(), body=body, query=request.query)
        raise Refusal(404, 0, "404: Not Found")

    def _check_hurry(self, path: str) -> None:
        if self.hurried and path.endswith("/callback"):
            self.hurried -= 1
            raise TooMany(after=0.01, is_global=False)

    def _check_global(self) -> None:
        now = self.seconds()
        while self._sent and now - self._sent[0] >= 0.9:  # the way is not always equally long
            self._sent.popleft()
        if len(self._sent) >= 50:
            raise TooMany(after=1.0, is_global=True)
        self._sent.append(now)

    def _bucket_headers(self, channel: int) -> dict[str, str]:
        bucket, now = self._buckets[channel], self.seconds()
        reset = max(0.0, 5 - (now - bucket[0])) if bucket else 5.0
        return {
            "X-RateLimit-Bucket": "messages",
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": str(max(0, 5 - len(bucket))),
            "X-RateLimit-Reset-After": f"{reset:.3f}",
            "X-RateLimit-Reset": f"{time.time() + reset:.3f}",
        }

    async def me(self, **_: Any) -> Any:
        return BOT | {"mfa_enabled": False, "verified": True, "flags": 0, "public_flags": 0, "email": None}

    async def application(self, **_: Any) -> Any:
        return {
            "id": str(APPLICATION),
            "name": "Nutgraf",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "owner": person(1),
            "team": None,
            "summary": "",
            "integration_types_config": {"0": {}} | ({"1": {}} if self.is_for_people else {}),
        }

    async def gateway(self, **_: Any) -> Any:
        limit = {"total": 1000, "remaining": self.starts_left, "reset_after": 60_000, "max_concurrency": self.at_once}
        url = self.url.replace("http://", "ws://").removesuffix("/api") + "/gateway"
        return {"url": url, "shards": self.shards, "session_start_limit": limit}

    async def shown_commands(self, guild: str | None = None, **_: Any) -> Any:
        return self.commands[int(guild or 0)]

    async def put_commands(self, guild: str | None = None, *, body: Any, **_: Any) -> Any:
        if self.takes_no_commands:
            self.takes_no_commands -= 1
            raise Refusal(503, 0, "Service Unavailable")
        for command in body:
            is_for_people = 1 in command.get("integration_types", [])
            if is_for_people and (guild or not self.is_for_people):
                raise Refusal(400, 50035, "Invalid Form Body: integration_types")
            for named in _with_inner(command):
                is_slash = command.get("type", 1) == 1
                if is_slash and (not _COMMAND_NAME.fullmatch(named["name"]) or named["name"].lower() != named["name"]):
                    raise Refusal(400, 50035, f"Invalid Form Body: name {named['name']}")
                for translated in (named.get("name_localizations") or {}).values():
                    if is_slash and (not _COMMAND_NAME.fullmatch(translated) or translated != translated.lower()):
                        raise Refusal(400, 50035, f"Invalid Form Body: name {translated}")
        if len({(one.get("type", 1), one["name"]) for one in body}) < len(body):
            raise Refusal(400, 50035, "Invalid Form Body: APPLICATION_COMMANDS_DUPLICATE_NAME")
        added = {"application_id": str(APPLICATION), "version": "1"}
        for one in body:
            rights = one.get("default_member_permissions")
            one["default_member_permissions"] = None if rights is None else str(rights)  # so it is told back
        self.commands[int(guild or 0)] = [added | {"id": str(self.next())} | one for one in body]
        return self.commands[int(guild or 0)]

    async def channel(self, number: str, **_: Any) -> Any:
        if int(number) in self.closed:
            raise self.closed[int(number)]
        return _channel_of(int(number))

    async def guild(self, number: str, **_: Any) -> Any:
        return next(one for one in self.guilds if one["id"] == number)

    async def member(self, _guild: str, user: str, **_: Any) -> Any:
        if int(user) in self.strangers:
            raise Refusal(404, 10007, "Unknown Member")
        return _member(BOT if user == BOT["id"] else person(int(user)))

    async def private_chat(self, *, body: Any, **_: Any) -> Any:
        return _channel_of(DM) | {"recipients": [person(int(body["recipient_id"]))]}

    async def post(self, number: str, *, body: Any, **_: Any) -> Any:
        channel = int(number)
        if channel in self.closed:
            raise self.closed[channel]
        if _channel_of(channel)["type"] == 15:
            raise Refusal(400, 50008, "Cannot send messages in a non-text channel")
        if self.is_limited:
            bucket, now = self._buckets[channel], self.seconds()
            while bucket and now - bucket[0] >= 5:
                bucket.popleft()
            if len(bucket) >= 5:
                raise TooMany(after=5 - (now - bucket[0]), is_global=False)
            bucket.append(now)
        if body.get("enforce_nonce"):
            if len(body["nonce"]) > 25:
                raise Refusal(400, 50035, "Invalid Form Body: nonce")
            at, known = self._nonces.get((channel, body["nonce"]), (0.0, None))
            if known is not None and time.monotonic() - at < self.nonce_seconds:
                return self.as_told(known)
        message = self._keep(channel, body)
        if body.get("enforce_nonce"):
            self._nonces[channel, body["nonce"]] = (time.monotonic(), message)
        return self.as_told(message)

    async def edit(self, channel: str, number: str, *, body: Any, **_: Any) -> Any:
        if int(channel) in self.closed:
            raise self.closed[int(channel)]
        message = self._message(int(channel), int(number))
        self._check(message.body | body)
        message.body, message.edits = message.body | body, message.edits + 1
        return self.as_told(message)

    async def delete(self, channel: str, number: str, **_: Any) -> None:
        self.messages.remove(self._message(int(channel), int(number)))

    async def delete_thread(self, number: str, **_: Any) -> Any:
        found = [one for one in self.threads if one["id"] == number]
        if not found:
            raise Refusal(404, 10003, "Unknown Channel")
        self.threads.remove(found[0])
        return found[0]

    async def type(self, number: str, **_: Any) -> None:
        self.typing.append(int(number))

    async def hand_out(self, request: web.Request) -> web.Response:
        """A file at the content server, which knows its own signed addresses only."""
        self.handed_out += 1
        content = self.files.get(request.path)
        if content is None or not {"ex", "is", "hm"} <= request.query.keys():
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=content, content_type="text/plain")

    def attached(self, name: str, content: bytes | None, **more: Any) -> dict[str, Any]:
        """A file as Discord tells of it: with the signed address at its content server."""
        number = self.next()
        path = f"/attachments/{CHANNEL}/{number}/{name}"
        self.files[path] = content
        address = self.url.removesuffix("/api") + path + "?ex=66&is=65&hm=ab"
        told = {"id": str(number), "filename": name, "size": len(content or b""), "url": address, "proxy_url": address}
        return told | {"content_type": "text/plain; charset=utf-8"} | more

    async def history(self, channel: str, *, query: Any, **_: Any) -> Any:
        after = int(query.get("after", 0))
        found = [one for one in self.messages if one.channel == int(channel) and one.number > after]
        newest = sorted(found, key=lambda one: -one.number)[: int(query.get("limit", 50))]
        return [self.as_told(one) for one in newest]

    async def begin_thread(self, forum: str, *, body: Any, **_: Any) -> Any:
        if int(forum) in self.closed:
            raise self.closed[int(forum)]
        if not 1 <= len(body["name"]) <= 100:
            raise Refusal(400, 50035, "Invalid Form Body: name")
        number = self.next()
        message = Posted(number, number, body["message"])
        self._check(message.body)
        self._taken(message)
        thread = _thread(number, int(forum), body["name"]) | {"owner_id": BOT["id"]}
        self.threads.append(thread | {"applied_tags": body.get("applied_tags", [])})
        return thread | {"message": self.as_told(message)}

    async def open_thread(self, channel: str, number: str, *, body: Any, **_: Any) -> Any:
        """Opens a thread below a message: once for each, and not in threads and forums."""
        if self.threads_refused:
            raise self.threads_refused
        if _channel_of(int(channel))["type"] not in {0, 5}:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        self._message(int(channel), int(number))
        if any(one["id"] == number for one in self.threads):
            raise Refusal(400, 160004, "A thread has already been created for this message")
        thread = _thread(int(number), int(channel), body["name"]) | {"owner_id": BOT["id"]}
        self.threads.append(thread)
        return thread

    async def publish(self, channel: str, number: str, **_: Any) -> Any:
        """Publishes a message: once, in announcement channels, and ten in an hour."""
        message = self._message(int(channel), int(number))
        if _channel_of(int(channel))["type"] != 5:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        if message.is_published:
            raise Refusal(400, 40033, "This message has already been crossposted")
        if sum(one.is_published for one in self.messages if one.channel == int(channel)) >= _MOST_PUBLISHED:
            raise TooMany(after=3000.0, is_global=False)
        message.is_published = True
        return self.as_told(message)

    async def active_threads(self, _guild: str, **_: Any) -> Any:
        return {"threads": self.threads, "members": []}

    async def call_back(self, _number: str, token: str, *, body: Any, **_: Any) -> Any:
        found = self._interactions[token]
        if time.monotonic() - found.began > self.answer_within:
            found.answered.set()
            raise Refusal(404, 10062, "Unknown interaction")
        if found.callbacks:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        kind, data = body["type"], body.get("data") or {}
        if kind == _MODAL_ANSWER:
            if found.kind == _MODAL_SENT:
                raise Refusal(400, 50035, "Invalid Form Body: type: a modal cannot answer a modal")
            _check_modal(data)
        if kind == _UPDATE and found.message is None:
            raise Refusal(400, 50035, "Invalid Form Body: type: there is no message to update")
        resource: dict[str, Any] = {"type": kind}
        if kind in {4, 5}:
            is_deferred = kind == 5
            seen_by_all = not int(data.get("flags") or 0) & _EPHEMERAL
            message = self._keep(found.channel, data, seen_by_all, is_deferred)
            found.original = message.number
            resource["message"] = self.as_told(message)
        elif kind == 7:
            message = self._message(found.channel, found.message or 0)
            self._check(message.body | data)
            message.body, message.edits = message.body | data, message.edits + 1
            found.original = message.number
        elif kind == 6:
            found.original = found.message
        found.callbacks.append(body)
        if kind != 5:
            found.answered.set()
        told = {"id": str(found.number), "type": 2, "response_message_id": str(found.original or 0)}
        return {"interaction": told, "resource": resource}

    async def follow_up(self, _application: str, token: str, *, body: Any, **_: Any) -> Any:
        found = self._interactions[token]
        seen_by_all = not int(body.get("flags") or 0) & _EPHEMERAL
        found.follow_ups += 1
        if found.is_guest and found.follow_ups > _MOST_FOLLOW_UPS_OF_GUESTS:
            raise Refusal(400, 40094, "This interaction has reached the maximum number of follow up messages")
        return self.as_told(self._keep(found.channel, body, seen_by_all))

    async def edit_original(self, _application: str, token: str, *, body: Any, **_: Any) -> Any:
        found = self._interactions[token]
        message = self._message(found.channel, found.original or 0)
        self._check(message.body | body)
        message.body, message.edits, message.is_deferred = message.body | body, message.edits + 1, False
        found.answered.set()
        return self.as_told(message)

    async def delete_original(self, _application: str, token: str, **_: Any) -> Any:
        found = self._interactions[token]
        self.messages = [one for one in self.messages if one.number != found.original]
        found.answered.set()

    def _message(self, channel: int, number: int) -> Posted:
        for message in self.messages:
            if (message.channel, message.number) == (channel, number):
                return message
        raise Refusal(404, 10008, "Unknown Message")

    def _keep(self, channel: int, body: Any, seen_by_all: bool = True, is_deferred: bool = False) -> Posted:
        message = Posted(channel, self.next(), dict(body), seen_by_all, is_deferred=is_deferred)
        if not is_deferred:
            self._check(message.body)
        self._taken(message)
        return message

    def _taken(self, message: Posted) -> None:
        self.messages.append(message)
        if self.journal:
            self.journal.write(f"{message.channel}|{message.text.splitlines()[0]}\n")
            self.journal.flush()

    def _check(self, body: dict[str, Any]) -> None:
        """Checks rules that the specification does not contain:
        https://docs.discord.com/developers/components/reference.
        """
        content, flags = body.get("content") or "", int(body.get("flags") or 0)
        _check_mentions(body.get("allowed_mentions"))
        components = list(_walk(body.get("components") or []))
        _check_components(components)
        if self.unwanted and self.unwanted in "".join(one.get("content", "") for one in components):
            raise Refusal(400, 50035, "Invalid Form Body: content: it is not wanted")
        if self.takes_no_buttons and any(one["type"] == 2 for one in components):
            raise Refusal(400, 50035, "Invalid Form Body: components: a button is wrong")
        if flags & _COMPONENTS and (content or body.get("embeds")):
            raise Refusal(400, 50035, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")
        sent = {f"attachment://{one['filename']}" for one in body.get("attachments") or []}
        shown = {item["media"]["url"] for one in components if one["type"] == 12 for item in one["items"]}
        if not shown <= sent:
            raise Refusal(400, 50035, "Invalid Form Body: media: the attachment is not there")
        if not content and not components and not body.get("attachments"):
            raise Refusal(400, 50006, "Cannot send an empty message")
        if len(content) > _MOST_CONTENT:
            raise Refusal(400, 50035, "BASE_TYPE_MAX_LENGTH")
        text = "".join(one["content"] for one in components if one["type"] == 10)
        self.pings += _pinging(content + text, body.get("allowed_mentions"))


class TooMany(Exception):
    """A limit was passed."""

    def __init__(self, after: float, is_global: bool) -> None:
        super().__init__(after)
        self.after, self.is_global = after, is_global


class Gateway:
    """A connection to the gateway, compressed like Discord's."""

    def __init__(self, api: DiscordApi, socket: web.WebSocketResponse) -> None:
        self._api = api
        self._socket = socket
        self._packer = zlib.compressobj()
        self._sequence = 0
        self._shard, self._shards = 0, 1

    @property
    def shard(self) -> tuple[int, int]:
        """Its shard, with the number of all shards."""
        return self._shard, self._shards

    def gets(self, guild: Any) -> bool:
        """Whether the events of a server, or of private chats, come over this connection."""
        return (int(guild or 0) >> 22) % self._shards == self._shard

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        self._sequence += 1
        await self.say(0, data, s=self._sequence, t=event)

    async def close(self, code: int) -> None:
        await self._socket.close(code=code)

    async def say(self, op: int, data: Any, **more: Any) -> None:
        packed = self._packer.compress(json.dumps({"op": op, "d": data, "s": None, "t": None} | more).encode())
        with suppress(ConnectionError):
            await self._socket.send_bytes(packed + self._packer.flush(zlib.Z_SYNC_FLUSH))

    async def run(self) -> None:
        await self.say(10, {"heartbeat_interval": 41_250})
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                continue
            told = message.json()
            if told["op"] == 1:
                await self.say(11, None)
            elif told["op"] == 2:
                await self._identified(told["d"])
            elif told["op"] == 6:
                self._shard, self._shards = map(int, told["d"]["session_id"].split("/"))
                self._api._sockets.append(self)  # one of its parts
                await self.dispatch("RESUMED", {})

    async def _identified(self, told: dict[str, Any]) -> None:
        api = self._api
        if told["token"] != TOKEN:
            await self._socket.close(code=4004)
            return
        if told["intents"] & ((1 << 1) | (1 << 8) | (1 << 15)):
            await self._socket.close(code=4014)
            return
        self._shard, self._shards = told.get("shard", [0, 1])
        bucket, now = self._shard % api.at_once, time.monotonic()
        if now - api._started.get(bucket, -api.between_starts) < api.between_starts:  # one of its parts
            api.refused.append(f"shard {self._shard} starts a session too early")
            await self.say(9, False)
            return
        api._started[bucket] = now  # the same
        api.identified += 1
        api.sessions.append((self._shard, self._shards))
        guilds = [one for one in api.guilds if self.gets(one["id"])]
        ready = {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": one["id"], "unavailable": True} for one in guilds],
            "session_id": f"{self._shard}/{self._shards}",
            "resume_gateway_url": api.url.replace("http://", "ws://").removesuffix("/api") + "/gateway",
            "shard": [self._shard, self._shards],
            "application": {"id": str(APPLICATION), "flags": 0},
            "private_channels": [],
        }
        await self.dispatch("READY", ready)
        api._sockets.append(self)  # one of its parts
        for one in guilds:
            await self.dispatch("GUILD_CREATE", one)


_ROUTES: list[tuple[str, Any]] = [
    (r"GET /users/@me", DiscordApi.me),
    (r"GET /(?:oauth2/)?applications/@me", DiscordApi.application),
    (r"GET /gateway/bot", DiscordApi.gateway),
    (r"GET /applications/\d+/commands", DiscordApi.shown_commands),
    (r"PUT /applications/\d+/commands", DiscordApi.put_commands),
    (r"GET /applications/\d+/guilds/(\d+)/commands", DiscordApi.shown_commands),
    (r"PUT /applications/\d+/guilds/(\d+)/commands", DiscordApi.put_commands),
    (r"GET /channels/(\d+)", DiscordApi.channel),
    (r"DELETE /channels/(\d+)", DiscordApi.delete_thread),
    (r"DELETE /channels/(\d+)/messages/(\d+)", DiscordApi.delete),
    (r"GET /guilds/(\d+)", DiscordApi.guild),
    (r"GET /guilds/(\d+)/members/(\d+)", DiscordApi.member),
    (r"GET /guilds/(\d+)/threads/active", DiscordApi.active_threads),
    (r"POST /users/@me/channels", DiscordApi.private_chat),
    (r"POST /channels/(\d+)/typing", DiscordApi.type),
    (r"POST /channels/(\d+)/messages", DiscordApi.post),
    (r"GET /channels/(\d+)/messages", DiscordApi.history),
    (r"PATCH /channels/(\d+)/messages/(\d+)", DiscordApi.edit),
    (r"POST /channels/(\d+)/threads", DiscordApi.begin_thread),
    (r"POST /channels/(\d+)/messages/(\d+)/threads", DiscordApi.open_thread),
    (r"POST /channels/(\d+)/messages/(\d+)/crosspost", DiscordApi.publish),
    (r"POST /interactions/(\d+)/([^/]+)/callback", DiscordApi.call_back),
    (r"POST /webhooks/(\d+)/([^/]+)", DiscordApi.follow_up),
    (r"PATCH /webhooks/(\d+)/([^/]+)/messages/@original", DiscordApi.edit_original),
    (r"DELETE /webhooks/(\d+)/([^/]+)/messages/@original", DiscordApi.delete_original),
]


def _check_components(components: list[dict[str, Any]]) -> None:
    if len(components) > _MOST_COMPONENTS:
        raise Refusal(400, 50035, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED")
    text = "".join(one["content"] for one in components if one["type"] == 10)
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > _MOST_TEXT:
        raise Refusal(400, 50035, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED")
    if any(not one["content"].strip() for one in components if one["type"] == 10):
        raise Refusal(400, 50035, "BASE_TYPE_REQUIRED")
    ids = [one["custom_id"] for one in components if "custom_id" in one]
    if len(set(ids)) < len(ids):
        raise Refusal(400, 50035, "COMPONENT_CUSTOM_ID_DUPLICATED")
    for row in (one for one in components if one["type"] == 1):
        if not 1 <= len(row["components"]) <= 5:
            raise Refusal(400, 50035, "BASE_TYPE_BAD_LENGTH")
    for one in components:
        if one["type"] in _SELECTS:
            _check_select(one)
        if one["type"] == _BUTTON:
            _check_button(one)


def _check_select(one: dict[str, Any]) -> None:
    """Checks a select: https://docs.discord.com/developers/components/reference#string-select."""
    options = one.get("options", [])
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        raise Refusal(400, 50035, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED")
    least, most = one.get("min_values", 1), one.get("max_values", 1)
    if least > most or (options and most > len(options)):
        raise Refusal(400, 50035, "SELECT_COMPONENT_MAX_VALUES_INVALID")
    if sum(bool(option.get("default")) for option in options) > most:
        raise Refusal(400, 50035, "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES")


def _check_button(one: dict[str, Any]) -> None:
    """Checks a button: https://docs.discord.com/developers/components/reference#button."""
    is_link = one["style"] == _LINK_STYLE
    if not (one.get("label") or "").strip() and not one.get("emoji"):
        raise Refusal(400, 50035, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED")
    if is_link != bool(one.get("url")) or is_link == bool(one.get("custom_id")):
        raise Refusal(400, 50035, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED")
    if is_link and not (_ADDRESS.fullmatch(one["url"]) and len(one["url"]) <= _MOST_ADDRESS):
        raise Refusal(400, 50035, "Invalid Form Body: url: Not a well formed URL.")


def _check_modal(data: dict[str, Any]) -> None:
    """Checks a modal: https://docs.discord.com/developers/interactions/receiving-and-responding."""
    inner = [one.get("component") or one for one in data["components"]]
    ids = [one["custom_id"] for one in inner if "custom_id" in one]
    if not 1 <= len(inner) <= 5 or len(set(ids)) < len(ids):
        raise Refusal(400, 50035, "Invalid Form Body: components")
    if any(len(one.get("value") or "") > one.get("max_length", 4000) for one in inner):
        raise Refusal(400, 50035, "Invalid Form Body: value: BASE_TYPE_BAD_LENGTH")


def _check_mentions(allowed: dict[str, Any] | None) -> None:
    """Checks who may be pinged: https://docs.discord.com/developers/resources/message#allowed-mentions-object."""
    for kind in ("users", "roles"):
        if (allowed or {}).get(kind) and kind in (allowed or {}).get("parse", []):
            raise Refusal(400, 50035, f"Invalid Form Body: allowed_mentions: parse and {kind} are mutually exclusive")


def person(number: int) -> dict[str, Any]:
    """A user as Discord sends it."""
    name = f"person{number}"
    return {"id": str(number), "username": name, "discriminator": "0000", "avatar": None, "global_name": name}


def guild(number: int = GUILD, channels: int = 0) -> dict[str, Any]:
    """A server with a text channel, a forum, a thread and ``channels`` more channels."""
    role = {
        "id": str(number),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": EVERYTHING,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    more = [_text_channel(number * 1000 + place, number) for place in range(channels)]
    return {
        "id": str(number),
        "name": "A server",
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "owner_id": "1",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [role, role | {"id": str(ROLE), "name": "Readers", "permissions": "0"}],
        "emojis": [],
        "features": [],
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "public_updates_channel_id": None,
        "nsfw_level": 0,
        "stickers": [],
        "premium_progress_bar_enabled": False,
        "safety_alerts_channel_id": None,
        "member_count": 2,
        "large": False,
        "unavailable": False,
        "joined_at": "2025-01-01T00:00:00+00:00",
        "members": [_member(BOT)],
        "channels": more or [_channel_of(CHANNEL), _channel_of(FORUM), _channel_of(ANNOUNCEMENTS)],
        "threads": [] if more else [_channel_of(THREAD)],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def _attached(sent: dict[str, Any]) -> dict[str, Any]:
    address = f"https://cdn.discordapp.com/attachments/1/2/{sent['filename']}"
    return {"id": "3", "filename": sent["filename"], "size": 9, "url": address, "proxy_url": address}


def _member(user: dict[str, Any]) -> dict[str, Any]:
    return {
        "user": user,
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": "2025-01-01T00:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def _text_channel(number: int, guild_id: int = GUILD) -> dict[str, Any]:
    return {
        "id": str(number),
        "type": 0,
        "guild_id": str(guild_id),
        "position": 0,
        "permission_overwrites": [],
        "name": "news",
        "topic": None,
        "nsfw": False,
        "last_message_id": None,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
        "permissions": EVERYTHING,
    }


def _thread(number: int, parent: int, name: str) -> dict[str, Any]:
    meta = {
        "archived": False,
        "auto_archive_duration": 1440,
        "archive_timestamp": "2025-01-01T00:00:00+00:00",
        "locked": False,
    }
    return {
        "id": str(number),
        "type": 11,
        "guild_id": str(GUILD),
        "parent_id": str(parent),
        "owner_id": "1",
        "name": name,
        "message_count": 0,
        "member_count": 1,
        "rate_limit_per_user": 0,
        "thread_metadata": meta,
        "flags": 0,
        "last_message_id": None,
        "total_message_sent": 0,
        "permissions": EVERYTHING,
    }


def _channel_of(number: int) -> dict[str, Any]:
    if number == FORUM:
        tag = {"id": "100121", "name": "Politics", "moderated": False, "emoji_id": None, "emoji_name": None}
        more = {"type": 15, "available_tags": [tag], "default_reaction_emoji": None, "default_sort_order": None}
        return _text_channel(number) | more | {"default_forum_layout": 0, "name": "briefings"}
    if number == ANNOUNCEMENTS:
        return _text_channel(number) | {"type": 5, "name": "announcements"}
    if number == THREAD:
        return _thread(number, CHANNEL, "a thread")
    if number == DM:
        return {"id": str(number), "type": 1, "last_message_id": None, "recipients": [person(ANN)], "flags": 0}
    return _text_channel(number)


def _with_inner(command: dict[str, Any]) -> Any:
    """A command and what is below it: at most 25 each."""
    yield command
    inner = command.get("options") or []
    if len(inner) > 25:
        raise Refusal(400, 50035, "BASE_TYPE_BAD_LENGTH")
    for one in inner:
        yield from _with_inner(one)


def _walk(components: list[dict[str, Any]]) -> Any:
    for one in components:
        yield one
        yield from _walk(one.get("components") or [])


def _numbered(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Components as Discord returns them: each with an id."""
    counter = iter(range(1, 1000))

    def number(one: dict[str, Any]) -> dict[str, Any]:
        inner = {"components": [number(part) for part in one["components"]]} if "components" in one else {}
        return one | {"id": next(counter)} | inner

    return [number(one) for one in components]


def _pinging(text: str, allowed: dict[str, Any] | None) -> list[str]:
    """The parts of a text that ping somebody: everything like a mention, unless the request forbids it."""
    found = []
    for match in _PING.finditer(text):
        user, role, _ = match.groups()
        kind = "users" if user else "roles" if role else "everyone"
        named = [str(one) for one in (allowed or {}).get(kind, [])]
        if allowed is None or kind in allowed.get("parse", []) or (user or role) in named:
            found.append(match[0])
    return found


def as_json(value: Any, status: int, headers: dict[str, str]) -> web.Response:
    """A JSON response with exactly the content type that Discord sends."""
    told = headers | {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(value).encode(), status=status, headers=told)


async def _body(request: web.Request, uploads: list[bytes]) -> Any:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        found: dict[str, Any] = json.loads(str(form.get("payload_json", "{}")))
        uploads += [one.file.read() for one in form.values() if isinstance(one, web.FileField)]
        inner = found.get("data", found)
        inner["attachments"] = inner.get("attachments") or [{"id": "0", "filename": "f"}]
        return found
    raw = await request.read()
    return json.loads(raw) if raw else None


@asynccontextmanager
async def running_discord(**settings: Any) -> AsyncIterator[DiscordApi]:
    """A server on a free port."""
    api = DiscordApi(**settings)

    async def gateway(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Gateway(api, socket)
        try:
            await connection.run()
        finally:
            if connection in api._sockets:  # one of its parts
                api._sockets.remove(connection)
        return socket

    app = web.Application(client_max_size=10_000_000)
    app.router.add_get("/gateway{rest:.*}", gateway)
    app.router.add_route("*", "/api/{path:.*}", api.handle)
    app.router.add_get("/attachments/{path:.*}", api.hand_out)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.url = "http://{}:{}/api".format(*runner.addresses[0][:2])
    try:
        yield api
    finally:
        await runner.cleanup()
