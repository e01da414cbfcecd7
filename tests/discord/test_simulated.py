"""The adapter in a simulated Discord within this process: permissions, rules for answers, and what people see."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import discord
import simcord
from yarl import URL

from bot.app import Bot, build
from bot.chats import Destination
from bot.commands.context import Policies
from bot.delivery.answer_turns import AnswerTurns
from bot.delivery.courier import Timing
from bot.delivery.model import Delivery, Paused
from bot.delivery.pacing import UNLIMITED, Pacing
from bot.platforms.discord.client import Client, InvalidRequests
from bot.platforms.discord.client import api as base_url
from bot.platforms.discord.listeners import Listeners
from bot.platforms.discord.menus import are_commands_current, register
from bot.platforms.discord.posts import Draft
from bot.platforms.discord.replies import Speaker
from bot.platforms.discord.sender import DiscordSender
from bot.platforms.discord.service import BASE_URL
from bot.runtime.clock import clock
from tests.databases import new_database
from tests.fakes import NOON, OPEN, bundled


@dataclass
class Simulation:
    """A server with a channel, somebody who manages it, and somebody who does not."""

    env: Any
    client: Client
    bot: Bot
    guild: Any
    channel: Any
    manager: Any
    reader: Any


class _Nowhere:
    """A session outside of the simulation, which always fails: answers are then sent by discord.py."""

    ok, status, url = False, 500, URL()
    headers: Mapping[str, str] = {}

    def post(self, *_: object, **__: object) -> Self:
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


class _Simulated(Client):
    """The client, whose own session cannot be simulated."""

    async def setup_hook(self) -> None:
        self.session: Any = _Nowhere()


@asynccontextmanager
async def _simulated() -> AsyncIterator[Simulation]:
    async with new_database() as database:
        bot = build(database, OPEN, Policies())
        for article in bundled():
            await bot.dispatcher.context.library.add(article, clock())
        base_url(BASE_URL)
        client = _Simulated(InvalidRequests(clock))
        listeners = Listeners(
            client,
            bot.dispatcher,
            Speaker(bot.chats),
            AnswerTurns(Pacing(UNLIMITED), Timing(clock)),
            "en",
            may_answer=lambda: True,
        )
        async with simcord.run(client, shard_count=1) as env:
            await register(client)
            guild = env.create_guild()
            role = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
            manager = guild.add_member(env.create_user("manager"), roles=[role])
            reader = guild.add_member(env.create_user("reader"))
            yield Simulation(env, client, bot, guild, guild.create_text_channel("news"), manager, reader)
            await listeners.stop(1)


async def test_commands_are_registered_and_current() -> None:
    async with _simulated() as simulation:
        assert await are_commands_current(simulation.client)


async def test_a_command_answers_for_all_and_where_asked_to_for_one() -> None:
    async with _simulated() as simulation:
        for_all = await simulation.reader.slash(simulation.channel, "latest")
        for_one = await simulation.reader.slash(simulation.channel, "latest", private=True)
        assert (for_all.ephemeral, for_one.ephemeral) == (False, True)
        assert simulation.channel.last_message.flags.components_v2


async def test_a_button_answers_for_who_pressed_it() -> None:
    async with _simulated() as simulation:
        await simulation.reader.slash(simulation.channel, "latest")
        message = simulation.channel.last_message
        pressed = await simulation.manager.click(message, custom_id=_first_button(message))
        assert pressed.ephemeral


async def test_who_manages_the_server_subscribes_it() -> None:
    async with _simulated() as simulation:
        told = await simulation.manager.slash(simulation.channel, "subscribe", time="7:30", zone="Europe/Rome")
        assert told.ephemeral
        assert len(await simulation.bot.subscriptions.all()) == 1


async def test_a_mention_is_answered_and_talk_is_not() -> None:
    async with _simulated() as simulation:
        await simulation.reader.send(simulation.channel, "who did it?")
        assert simulation.channel.last_message.author.id != simulation.client.me
        await simulation.reader.send(simulation.channel, f"<@{simulation.client.me}> who did it?")
        assert simulation.channel.last_message.author.id == simulation.client.me


async def test_a_channel_where_it_may_not_write_is_paused() -> None:
    async with _simulated() as simulation:
        silent = simulation.guild.create_text_channel(
            "silent", overwrites={simulation.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
        )
        post = Delivery(1, "a", 1, Destination("discord", str(silent.id)), Draft("x").write(), NOON, NOON)
        outcome = await DiscordSender(simulation.client, "Choose").send(post)
        assert isinstance(outcome, Paused)


def _first_button(message: discord.Message) -> str:
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    return next(one.custom_id or "" for one in view.walk_children() if isinstance(one, discord.ui.Button))
