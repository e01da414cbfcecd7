"""A running bot on Discord, with methods for the actions of people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.access import Access, Throttle
from bot.app import Bot, build
from bot.commands.context import Policies
from bot.delivery.courier import Timing
from bot.platforms.discord.client import Client, InvalidRequests
from bot.platforms.discord.client import api as base_url
from bot.platforms.discord.menus import Naming, payloads
from bot.platforms.discord.posts import DiscordPosts
from bot.platforms.discord.service import DiscordService, Settings
from bot.runtime.clock import clock
from bot.storage.database.turns import Turns
from briefings.model import Article
from briefings.workers import Workers
from tests.discord.server import (
    ANN,
    BOT,
    CHANNEL,
    DM,
    EVERYTHING,
    GUILD,
    TOKEN,
    DiscordApi,
    Interaction,
    Posted,
    person,
    running_discord,
)
from tests.fakes import OPEN
from tests.libraries import add_articles, opened_library

_COMMAND, _COMPONENT, _AUTOCOMPLETE, _MODAL = 2, 3, 4, 5
_CHANNEL_OPTION = 7
#: How often it is looked for a message that nobody may write.
_LOOKS = 100


@dataclass
class DiscordTalk:
    """A running bot, and the server that replaces Discord."""

    api: DiscordApi
    bot: Bot
    service: DiscordService
    said: dict[str, Any] = field(default_factory=dict)
    """The last message of a person."""

    async def gives(self, name: str, channel: int = CHANNEL, **options: Any) -> list[Posted]:
        """Gives a command. Returns the bot's messages."""
        more = {key: options.pop(key) for key in ("user", "permissions", "locale", "app_permissions") if key in options}
        return await self._heard(_COMMAND, _command(name, options), channel=channel, **more)

    async def presses(self, custom_id: str, message: Posted, **more: Any) -> list[Posted]:
        """Presses a button."""
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        return await self._heard(_COMPONENT, data, channel=message.channel, message=message, **more)

    async def chooses(self, value: str, message: Posted, **more: Any) -> list[Posted]:
        """Chooses from a select."""
        data = {"custom_id": "pick", "component_type": 3, "values": [value], "id": 1}
        return await self._heard(_COMPONENT, data, channel=message.channel, message=message, **more)

    async def writes(self, custom_id: str, text: str, message: Posted, **more: Any) -> list[Posted]:
        """Fills in a modal."""
        field = {"type": 4, "custom_id": "value", "value": text, "id": 2}
        data = {"custom_id": custom_id, "components": [{"type": 18, "id": 1, "component": field}]}
        return await self._heard(_MODAL, data, channel=message.channel, message=message, **more)

    async def is_offered(self, name: str, option: str, typed: str, channel: int = CHANNEL, **given: Any) -> list[Any]:
        """The suggestions while a person types an option."""
        named, permissions = given.pop("channel_named", None), given.pop("permissions", EVERYTHING)
        data = _command(name, given)
        if named is not None:  # a client may name any channel, and Discord tells nothing about it
            data["options"].append({"name": "channel", "type": _CHANNEL_OPTION, "value": named})
        data["options"] = [*data.get("options", []), {"name": option, "type": 3, "value": typed, "focused": True}]
        found = await self.api.interact(_AUTOCOMPLETE, data, channel=channel, permissions=permissions)
        choices: list[Any] = found.callbacks[0]["data"]["choices"]
        return choices

    async def points(self, name: str, message: dict[str, Any], channel: int = CHANNEL, **more: Any) -> list[Posted]:
        """Uses a command on a message."""
        data = {"id": "1", "name": name, "type": 3, "target_id": message["id"], "guild_id": str(GUILD)}
        data["resolved"] = {"messages": {message["id"]: message}}
        return await self._heard(_COMMAND, data, channel=channel, **more)

    async def says(self, text: str, channel: int = DM, **more: Any) -> list[Posted]:
        """Writes a message. Returns the messages that the bot sends soon after."""
        number = self.api.next()
        message: dict[str, Any] = {
            "id": str(number),
            "channel_id": str(channel),
            "author": person(more.pop("user", ANN)),
            "content": text,
            "timestamp": "2025-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [BOT] if f"<@{BOT['id']}>" in text else [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "components": [],
            **more,
        }
        if channel != DM:
            message |= {"guild_id": str(GUILD)}
        self.said = message
        return await self._told("MESSAGE_CREATE", message)

    async def edits(self, text: str, message: dict[str, Any] | None = None) -> list[Posted]:
        """Edits a message, by default the last one. Returns the bot's messages that change soon after."""
        edited = (message or self.said) | {"content": text, "edited_timestamp": clock().isoformat()}
        return await self._told("MESSAGE_UPDATE", edited)

    async def gets_a_preview(self) -> list[Posted]:
        """Discord adds a preview to the last message. Returns the bot's messages that change soon after."""
        embed = {"type": "link", "url": "https://example.org/", "title": "A page"}
        return await self._told("MESSAGE_UPDATE", self.said | {"embeds": [embed]})

    async def _told(self, event: str, message: dict[str, Any]) -> list[Posted]:
        before, tasks = {id(one): one.edits for one in self.api.messages}, asyncio.all_tasks()
        await self.api.tell(event, message)
        looks = 0
        while looks < _LOOKS or _are_replying(asyncio.all_tasks() - tasks):
            looks += 1
            await asyncio.sleep(0.02)
            if found := [one for one in self.api.messages if before.get(id(one)) != one.edits]:
                return found
        return []

    async def is_declined(self, text: str) -> bool:
        """Whether the bot answers at once that it is too busy."""
        before = len(self.api.messages)
        saying = asyncio.create_task(self.says(text, channel=CHANNEL))
        await asyncio.sleep(0.5)
        saying.cancel()
        return len(self.api.messages) > before

    async def _heard(self, kind: int, data: dict[str, Any], **more: Any) -> list[Posted]:
        before, tasks = {one.number: one.edits for one in self.api.messages}, asyncio.all_tasks()
        await self.api.interact(kind, data, **more)
        await _all_handled(asyncio.all_tasks() - tasks)
        return [one for one in self.api.messages if before.get(one.number) != one.edits]

    async def last(self, kind: int, data: dict[str, Any], **more: Any) -> Interaction:
        """Sends an interaction and returns it with the bot's responses."""
        return await self.api.interact(kind, data, **more)


def _are_replying(tasks: set[asyncio.Task[Any]]) -> bool:
    """Whether one of these tasks is still working on a reply to a message."""
    return any(getattr(one.get_coro(), "__name__", "") in ("reply", "reply_again") for one in tasks)


async def _all_handled(tasks: set[asyncio.Task[Any]]) -> None:
    """Waits until the events of these tasks are handled: more messages may follow the first one of an answer."""
    handlers = {one for one in tasks if one.get_name() == "discord.py: on_interaction"}
    if handlers:
        await asyncio.wait(handlers, timeout=1)


def _command(name: str, options: dict[str, Any]) -> dict[str, Any]:
    """The data of a command. Options that do not exist cannot be given."""
    known = next(one for one in payloads() if one["name"] == name and one["type"] == 1)
    types = {one["name"]: one["type"] for one in known.get("options", [])}
    data: dict[str, Any] = {"id": "1", "name": name, "type": 1, "guild_id": str(GUILD)}
    data["options"] = [{"name": key, "type": types[key], "value": value} for key, value in options.items()]
    channels = [value for key, value in options.items() if types[key] == _CHANNEL_OPTION]
    if channels:
        from tests.discord.server import _channel_of

        data["resolved"] = {"channels": {str(one): _channel_of(int(one)) for one in channels}}
    return data


@asynccontextmanager
async def discord_talk(  # a test says what it needs
    articles: Sequence[Article] = (),
    *,
    access: Access = OPEN,
    url: str | None = None,
    throttle: int = 10_000,
    language: str = "en",
    grace: float = 1.5,
    forum_tags: Sequence[str] = (),
    commands: Naming = Naming.SHORT,
    most_refused: int = 2000,
    api_state: dict[str, Any] | None = None,
    workers: Workers | None = None,
) -> AsyncIterator[DiscordTalk]:
    """A running bot over these articles, or else the bundled ones."""
    async with running_discord(**(api_state or {})) as api, opened_library(url, articles) as database:
        posts = {"discord": DiscordPosts()}
        bot = build(
            database,
            access,
            Policies(language=language),
            throttle=Throttle(throttle, timedelta(minutes=1)),
            renderers=posts,
            workers=workers,
        )
        await add_articles(bot, articles)
        service = DiscordService(
            Settings(TOKEN, api.url, None, forum_tags, commands, grace=grace, most_refused=most_refused),
            dispatcher=bot.dispatcher,
            ledger=bot.ledger,
            timing=Timing(clock, beat=0.02),
            language=language,
            turns=Turns(database),
        )
        running = asyncio.create_task(service.run())
        try:
            async with asyncio.timeout(60):
                while not (api.identified and api.commands.get(0)) and not running.done():
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            yield DiscordTalk(api, bot, service)
        finally:
            service.stop()
            await running


@asynccontextmanager
async def logged_in(api: DiscordApi) -> AsyncIterator[Client]:
    """A client that may make requests, without the gateway."""
    base_url(api.url)
    client = Client(InvalidRequests(clock))
    try:
        await client.login(TOKEN)
        yield client
    finally:
        await client.close()
