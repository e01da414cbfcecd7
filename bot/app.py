"""The only place that builds things: a dispatcher over a library, for whoever asks."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.i18n import Translator
from bot.inputs import read_input
from briefings.analysis import brief
from briefings.model import Article, Version, version_id
from briefings.sources import read_article

if TYPE_CHECKING:  # what needs a database or a configuration imports them when it runs
    from rich.console import Console

    from bot.access import Access, Throttle
    from bot.alerts import Alerts
    from bot.commands.desk import Policies
    from bot.commands.dispatcher import Dispatcher
    from bot.compose import Composer
    from bot.compositions import PostRenderer
    from bot.config import Config
    from bot.delivery.courier import Courier
    from bot.services import Service
    from bot.storage.chats import Chats
    from bot.storage.engine import Database
    from bot.storage.inbox import Updates
    from bot.storage.ledger import Deliveries
    from bot.storage.occasions import Occasions
    from bot.storage.stories import Stories
    from bot.storage.subscriptions import Subscriptions
    from bot.tick import Tick

_APART = timedelta(minutes=10)
_TICK = timedelta(seconds=2)
#: Telegram tells an update for a day at the most; it is known again for twice as long.
_REMEMBERED = timedelta(hours=48)
_HOUSEKEEPING = timedelta(hours=1)
CONSOLE_USER = "console:operator"
_log = structlog.stdlib.get_logger("nutgraf")


def clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # the one clock that all others are given


def read_input_article(source: str) -> Article:
    """The article that a command line names: a file, or ``-`` for standard input.

    Raises:
        SourceError: It gives no article.
    """
    name, raw = read_input(source)
    return read_article(raw, name)


def brief_input(source: str) -> Version:
    """The briefing of that article, as a version received now."""
    article = read_input_article(source)
    return Version(version_id(article), brief(article), clock())


@asynccontextmanager
async def open_articles(articles: Iterable[Article]) -> AsyncIterator[Dispatcher]:
    """A dispatcher over these articles, kept in memory, the last of them the newest."""
    from bot.commands.desk import Policies
    from bot.storage.engine import IN_MEMORY

    async with open_database(IN_MEMORY) as database:
        bot = build(database, _open_access(), Policies())
        known = list(articles)
        for age, article in enumerate(reversed(known)):
            await bot.dispatcher.desk.library.add(article, clock() - age * _APART)
        yield bot.dispatcher


@asynccontextmanager
async def open_demo() -> AsyncIterator[Dispatcher]:
    """A dispatcher over the bundled articles."""
    from briefings.examples import examples

    async with open_articles(read_article(raw, name) for raw, name in examples()) as dispatcher:
        yield dispatcher


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """A database with the newest schema, closed at the end.

    Raises:
        StorageError: It cannot be opened, or is newer than this program.
    """
    from bot.storage.engine import Database
    from bot.storage.migrating import upgrade

    database = Database(url)
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()


class PlatformsStopped(Exception):
    """No platform takes anything any more; ``reasons`` says why, by the platforms' names."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


@dataclass(frozen=True)
class Bot:
    """Everything that was built over one database."""

    database: Database
    dispatcher: Dispatcher
    stories: Stories
    chats: Chats
    subscriptions: Subscriptions
    ledger: Deliveries
    occasions: Occasions
    inbox: Updates
    tick: Tick
    composer: Composer
    alerts: Alerts
    policies: Policies
    clock: Callable[[], datetime]

    async def post_what_is_due(self) -> None:
        """One tick: what is due becomes posts in the ledger, and operators hear of what went wrong."""
        now = self.clock()
        failed: list[Exception] = []
        steps = (partial(self.ledger.expire, now), partial(self.tick.run, now), self.composer.run)
        for step in (*steps, partial(self.alerts.run, now)):
            try:
                await step()
            except Exception as error:  # noqa: BLE001  # one step's trouble is none of the next one's
                failed.append(error)
        if failed:
            raise failed[0]

    async def keep_house(self) -> None:
        """Deletes what is older than the settings keep, and mends what a wrong clock left."""
        from bot.subscriptions.edits import mended

        now = self.clock()
        pruned = await self.stories.prune(now - self.policies.retention)
        await self.chats.prune()
        await self.inbox.prune(now - _REMEMBERED)
        await self.ledger.blank(now - self.policies.memory)
        await self.occasions.prune(now - self.policies.memory)
        if count := await self.subscriptions.mend(now, partial(mended, now=now)):
            _log.warning("clock_was_wrong", subscriptions=count)
        if pruned:
            _log.info("stories_pruned", count=pruned)


def build(
    database: Database,
    access: Access,
    policies: Policies,
    *,
    throttle: Throttle | None = None,
    now: Callable[[], datetime] = clock,
    renderers: Mapping[str, PostRenderer] | None = None,
) -> Bot:
    """Wires the stores of ``database`` to the commands and to what is posted.

    Args:
        renderers: One for each platform that posts.
    """
    from bot.access import Throttle
    from bot.alerts import Alerts
    from bot.commands.desk import Desk
    from bot.commands.dispatcher import Dispatcher
    from bot.compose import Composer
    from bot.storage.chats import Chats
    from bot.storage.inbox import Updates
    from bot.storage.ledger import Deliveries
    from bot.storage.memory import Memory
    from bot.storage.occasions import Occasions
    from bot.storage.privacy import Privacy
    from bot.storage.stories import Stories
    from bot.storage.subscriptions import Subscriptions
    from bot.tick import Tick
    from briefings.library import Library

    stories, subscriptions, ledger = Stories(database), Subscriptions(database), Deliveries(database)
    chats, occasions, library = Chats(database, now, policies.memory), Occasions(database), Library(stories)
    memory = Memory(database, chats)
    drawn = renderers or {}
    composer = Composer(
        occasions,
        subscriptions=subscriptions,
        library=library,
        chats=chats,
        access=access,
        renderers=drawn,
        clock=now,
        language=policies.language,
    )
    desk = Desk(library, memory, subscriptions, Privacy(database, memory), ledger, composer, access, now, policies)
    return Bot(
        database,
        Dispatcher(desk, throttle or Throttle(20, timedelta(minutes=1))),
        stories,
        chats,
        subscriptions,
        ledger,
        occasions,
        Updates(database),
        Tick(occasions, library, access, drawn),
        composer,
        Alerts(
            ledger,
            occasions,
            access=access,
            renderers=drawn,
            translator=Translator(policies.language),
            started=now(),
        ),
        policies,
        now,
    )


@asynccontextmanager
async def open_bot(config: Config) -> AsyncIterator[Bot]:
    """Everything that a configuration asks for.

    Raises:
        StorageError: The database cannot be opened.
    """
    from bot.access import Access, Throttle
    from bot.platforms.console.render import ConsolePosts

    access = Access(
        config.access,
        frozenset({*config.operators, CONSOLE_USER}),
        frozenset(config.allow),
        {tag: frozenset(chats) for tag, chats in config.restricted_tags.items()},
        config.pasted_articles,
    )
    throttle = Throttle(config.throttle.requests, timedelta(seconds=config.throttle.seconds))
    async with open_database(config.database.get_secret_value()) as database:
        renderers: dict[str, PostRenderer] = {"console": ConsolePosts()} if config.console.enabled else {}
        if config.telegram is not None:
            from bot.platforms.telegram.posts import TelegramPosts

            renderers["telegram"] = TelegramPosts()
        if config.discord is not None:
            from bot.platforms.discord.posts import DiscordPosts

            renderers["discord"] = DiscordPosts()
        yield build(database, access, _policies(config), throttle=throttle, renderers=renderers)


async def run(config: Config) -> None:
    """Runs what is configured until it is told to stop, by SIGTERM or by the person at the terminal."""
    from rich.console import Console

    from bot.delivery.courier import Courier, Timing
    from bot.delivery.pacing import UNLIMITED, Pacing
    from bot.delivery.retry import RetryPolicy
    from bot.garbage import spare_what_stays
    from bot.platforms.console.sender import ConsoleSender
    from bot.schedule import Schedule
    from bot.services import network_services
    from bot.storage.holding import held

    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with open_bot(config) as bot, held(bot.database):
        await bot.keep_house()  # a database that cannot be written is told at once
        jobs = {"tick": (_TICK, bot.post_what_is_due), "housekeeping": (_HOUSEKEEPING, bot.keep_house)}
        schedule = Schedule(jobs, clock)
        platforms: list[Awaitable[bool]] = []
        couriers: list[Courier] = []
        if config.console.enabled:
            console = Console()
            platforms.append(_console(bot, config, console))
            couriers.append(
                Courier(
                    "console",
                    bot.ledger,
                    ConsoleSender(console),
                    pacing=Pacing(UNLIMITED),
                    policy=RetryPolicy(),
                    timing=Timing(clock),
                    is_private=lambda _: True,
                )
            )
        services: list[Service] = [*couriers, *network_services(config, bot.dispatcher, bot.ledger, bot.inbox, clock)]
        sending = [asyncio.create_task(_send(service, bot)) for service in services]
        platforms.append(_all_stopped(sending, services))
        schedule.start()
        spare_what_stays()
        _log.info("started", platforms=[service.platform for service in services])
        try:
            await _until(stopped, platforms)
        finally:
            await schedule.stop()
            for service in services:
                service.stop()
            await asyncio.gather(*sending)
            _log.info("stopped")


async def _all_stopped(sending: Sequence[asyncio.Task[None]], services: Sequence[Service]) -> bool:
    """Ends when no platform is left that takes anything.

    Raises:
        PlatformsStopped: All of them gave up.
    """
    await asyncio.wait(sending)
    reasons = {service.platform: service.stopped_because for service in services if service.stopped_because}
    if len(reasons) == len(services):
        raise PlatformsStopped(reasons)
    return True


async def _send(service: Service, bot: Bot) -> None:
    """Lets a platform work, and says loudly if it takes nothing any more."""
    await service.run()
    if service.stopped_because is not None:
        _log.error("platform_stopped", platform=service.platform, reason=service.stopped_because)
        await bot.alerts.stopped(service.platform, service.stopped_because, bot.clock())


async def _until(stopped: asyncio.Event, platforms: Iterable[Awaitable[bool]]) -> None:
    """Runs the platforms until it is told to stop, or one of them returns that its person has left."""
    running = {asyncio.ensure_future(platform) for platform in platforms}
    stopping = asyncio.ensure_future(stopped.wait())
    try:
        while not stopped.is_set():
            done, _ = await asyncio.wait({stopping, *running}, return_when=asyncio.FIRST_COMPLETED)
            running -= done
            if any(task.result() for task in done):
                return
    finally:
        for task in (stopping, *running):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _console(bot: Bot, config: Config, console: Console) -> bool:
    """The chat in the terminal; whether its person has left."""
    from bot.platforms.console.chat import Terminal, is_terminal, new_session, read_lines

    terminal = Terminal(bot.dispatcher, Translator(config.language), console, CONSOLE_USER)
    if is_terminal():
        await terminal.chat(new_session(Translator(config.language)))
        return True
    await read_lines(terminal)
    return False


def _open_access() -> Access:
    from bot.access import Access, Policy

    return Access(Policy.OPEN, frozenset({CONSOLE_USER}))


def _policies(config: Config) -> Policies:
    from bot.commands.desk import Policies
    from bot.subscriptions.model import Quiet, Schedule, Settings

    wanted = config.subscribe
    quiet = Quiet(wanted.quiet.start, wanted.quiet.end) if wanted.quiet else None
    settings = Settings(
        Schedule(tuple(sorted(set(wanted.times))), frozenset(wanted.days), config.timezone, quiet),
        stories=wanted.stories,
        sections=wanted.sections,
        silent=wanted.silent,
        mode=wanted.mode,
        uncertain=wanted.uncertain,
        corrections=wanted.corrections,
    )
    return Policies(
        settings, timedelta(days=config.memory_days), timedelta(days=config.retention_days), config.language
    )
