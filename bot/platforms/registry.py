"""Lists, runs and checks the platforms that are configured."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.chats import ChatStore, Destination
from bot.commands.dispatcher import Dispatcher
from bot.delivery.courier import Timing
from bot.delivery.inbox import Inbox
from bot.delivery.model import Ledger
from bot.i18n import Message, own
from bot.platforms.checks import Titles
from bot.platforms.parts import Hold, hold_alone
from bot.settings.model import Config, DiscordConfig, TelegramConfig
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseTaken
from bot.storage.database.instance_lock import instance_lock
from bot.storage.database.turns import Turns
from bot.subscriptions.model import SubscriptionStore
from bot.views.findings import Finding

if TYPE_CHECKING:  # only configured platforms are imported
    from bot.platforms.discord.service import Settings as DiscordSettings
    from bot.platforms.telegram.client import Client as TelegramClient
    from bot.platforms.telegram.service import Settings as TelegramSettings


class Service(Protocol):
    """Runs a platform, or a part of it.

    Attributes:
        part: The name of the part of the work that this is. Only one process at a time does it.
        stopped_because: Why it has given up, or None.
    """

    platform: str
    part: str
    stopped_because: str | None

    @property
    def is_connected(self) -> bool:
        """Whether the platform can be reached now."""

    async def run(self, hold: Hold = hold_alone) -> None:
        """Works until `stop` is called or the platform rejects the token.

        Args:
            hold: Runs what only one process at a time may do.
        """

    def stop(self) -> None:
        """Asks `run` to end."""


def network_services(  # noqa: PLR0917  # the parts that the application has created, one each
    config: Config,
    dispatcher: Dispatcher,
    ledger: Ledger,
    inbox: Inbox,
    clock: Callable[[], datetime],
    turns: Turns,
) -> list[Service]:
    """The services of the configured platforms."""
    services: list[Service] = []
    if config.telegram is not None:
        from bot.platforms.telegram.service import TelegramService

        services.append(
            TelegramService(
                telegram_settings(config.telegram),
                dispatcher=dispatcher,
                ledger=ledger,
                inbox=inbox,
                timing=Timing(clock),
                language=config.language,
            )
        )
    if config.discord is not None:
        from bot.platforms.discord.service import DiscordService

        settings = discord_settings(config.discord)
        services += [
            DiscordService(
                settings,
                dispatcher=dispatcher,
                ledger=ledger,
                timing=Timing(clock),
                language=config.language,
                turns=turns,
                duty=duty,
            )
            for duty in settings.sharding.duties()
        ]
    return services


def telegram_settings(config: TelegramConfig) -> TelegramSettings:
    """The settings that Telegram gets."""
    from bot.platforms.telegram.service import Settings

    webhook = config.webhook
    settings = Settings(config.token.get_secret_value(), config.base_url)
    return replace(settings, webhook=webhook.url, host=webhook.host, port=webhook.port) if webhook else settings


def discord_settings(config: DiscordConfig) -> DiscordSettings:
    """The settings that Discord gets."""
    from bot.platforms.discord.menus import Naming
    from bot.platforms.discord.service import Settings
    from bot.platforms.discord.shards import Sharding

    token, naming = config.token.get_secret_value(), Naming(config.commands)
    sharding = Sharding(config.shards, config.shard_groups)
    return Settings(token, config.base_url, config.guild, config.forum_tags, naming, sharding=sharding)


async def check(
    config: Config, database: Database, subscriptions: SubscriptionStore, chats: ChatStore
) -> list[tuple[str, Finding]]:
    """Checks the bot and each subscribed chat on every platform. Sends nothing.

    Returns:
        Pairs of a platform's name and a finding.
    """
    found: list[tuple[str, Finding]] = [
        (where.partition(":")[0], Finding(_unreadable(number, where), is_wrong=True))
        for number, where in await subscriptions.unreadable()
    ]
    subscribed = sorted({one.destination for one in await subscriptions.all()}, key=str)
    titles = {one: (await chats.profile(one)).title for one in subscribed}
    if config.telegram is not None:
        ours = [one for one in subscribed if one.platform == "telegram"]
        try:
            async with instance_lock(database):
                said = await _check_telegram(config.telegram, ours, titles, may_poll=True)
        except DatabaseTaken:  # this bot is running and polls for updates
            said = await _check_telegram(config.telegram, ours, titles, may_poll=False)
        found += [("telegram", one) for one in said]
    if config.discord is not None:
        from bot.platforms.discord.checkup import check as check_discord

        ours = [one for one in subscribed if one.platform == "discord"]
        found += [("discord", one) for one in await check_discord(discord_settings(config.discord), ours, titles)]
    return found


async def identify(config: TelegramConfig | DiscordConfig) -> list[Finding]:
    """Asks a platform whose token that is; nothing is sent to a chat."""
    if isinstance(config, DiscordConfig):
        from bot.platforms.discord.checkup import identify as identify_discord

        return await identify_discord(discord_settings(config))
    from bot.platforms.telegram.checkup import identify as identify_telegram

    async with _telegram_client(config) as client:
        return [await identify_telegram(client)]


def _unreadable(number: int, where: str) -> Message:
    return own(
        "{where}: subscription {id} cannot be read by this version or on this machine. Subscribe that chat again.",
        where=where,
        id=number,
    )


async def _check_telegram(
    config: TelegramConfig, subscribed: list[Destination], titles: Titles, may_poll: bool
) -> list[Finding]:
    from bot.platforms.telegram.checkup import check as check_telegram

    async with _telegram_client(config) as client:
        return await check_telegram(
            client, subscribed, has_webhook=config.webhook is not None, may_poll=may_poll, titles=titles
        )


@asynccontextmanager
async def _telegram_client(config: TelegramConfig) -> AsyncIterator[TelegramClient]:
    from bot.platforms.telegram.client import new_bot

    client = new_bot(config.token.get_secret_value(), config.base_url)
    await client.open()
    try:
        yield client
    finally:
        await client.close_connections()
