"""The composition root: the only place where stores, commands and posts are built and wired."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.i18n import Translator, own
from briefings.model import Article
from briefings.sources import read_article

if TYPE_CHECKING:  # what needs a database or a configuration imports them when it runs
    from bot.access import Access, Throttle
    from bot.commands.context import Policies
    from bot.commands.dispatcher import Dispatcher
    from bot.posting.admission import Admission
    from bot.posting.alerts import Alerts
    from bot.posting.composer import Composer
    from bot.posting.compositions import PostRenderer
    from bot.posting.tick import Tick
    from bot.posting.withdrawals import Withdrawals
    from bot.settings.model import Config
    from bot.storage.chats import Chats
    from bot.storage.database.engine import Database
    from bot.storage.inbox import Updates
    from bot.storage.ledger import Deliveries
    from bot.storage.occasions import Occasions
    from bot.storage.stories import Stories
    from bot.storage.subscriptions import Subscriptions
    from briefings.workers import Workers

_APART = timedelta(minutes=10)
#: Telegram tells an update for a day at the most; it is known again for twice as long.
_REMEMBERED = timedelta(hours=48)
CONSOLE_USER = "console:operator"
_log = structlog.stdlib.get_logger("nutgraf")


def clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # the one clock that all others are given


@asynccontextmanager
async def open_articles(articles: Iterable[Article]) -> AsyncIterator[Dispatcher]:
    """A dispatcher over these articles, kept in memory, the last of them the newest."""
    from bot.commands.context import Policies
    from bot.storage.database.urls import IN_MEMORY

    async with open_database(IN_MEMORY) as database:
        bot = build(database, _open_access(), Policies(), finds_claims=True)
        known = list(articles)
        for age, article in enumerate(reversed(known)):
            await bot.dispatcher.context.library.add(article, clock() - age * _APART)
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
    from bot.storage.database.engine import Database
    from bot.storage.database.migrate import upgrade

    database = Database(url)
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()


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
    withdrawals: Withdrawals
    admission: Admission
    policies: Policies
    clock: Callable[[], datetime]

    async def post_what_is_due(self) -> None:
        """One tick: what is due becomes posts in the ledger, and operators hear of what went wrong."""
        now = self.clock()
        failed: list[Exception] = []
        steps = (partial(self.ledger.expire, now), partial(self.tick.run, now), self.composer.run)
        for step in (*steps, partial(self.alerts.run, now), partial(self._tell_what_was_set_aside, now)):
            try:
                await step()
            except Exception as error:  # noqa: BLE001  # one step's trouble is none of the next one's
                failed.append(error)
        if failed:
            raise failed[0]

    async def _tell_what_was_set_aside(self, now: datetime) -> None:
        for one in await self.inbox.aside():
            said = own(
                "Message {id} on {platform} was set aside: {reason}. See “nutgraf inbox list”.",
                id=one.id,
                platform=one.platform,
                reason=one.reason,
            )
            await self.alerts.tell(f"inbox:{one.id}", said, now)

    async def keep_house(self) -> None:
        """Deletes what is older than the settings keep, and mends what a wrong clock left."""
        from bot.subscriptions.edits import mended

        now = self.clock()
        pruned = await self.stories.prune(now - self.policies.retention)
        await self.chats.prune()
        await self.inbox.prune(now - _REMEMBERED)
        await self.ledger.blank(now - self.policies.memory)
        await self.occasions.prune(now - self.policies.memory)
        if count := await self.admission.review(now):
            _log.warning("chats_not_admitted", subscriptions=count)
        if count := await self.subscriptions.mend(now, partial(mended, now=now)):
            _log.warning("clock_corrected", subscriptions=count)
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
    workers: Workers | None = None,
    finds_claims: bool = False,
) -> Bot:
    """Wires the stores of ``database`` to the commands and to what is posted.

    Args:
        renderers: One for each platform that posts.
        workers: Where foreign text is read; None: in this process, for what answers nobody else.
        finds_claims: Whether the claims of new articles are found, where foreign text is read.
    """
    from bot.access import Throttle
    from bot.commands.context import Context
    from bot.commands.dispatcher import Dispatcher
    from bot.posting.admission import Admission
    from bot.posting.alerts import Alerts
    from bot.posting.composer import Composer
    from bot.posting.gate import DeliveryGate
    from bot.posting.rebuilding import Rebuilder
    from bot.posting.tick import Tick
    from bot.posting.withdrawals import Withdrawals
    from bot.storage.chats import Chats
    from bot.storage.inbox import Updates
    from bot.storage.ledger import Deliveries
    from bot.storage.occasions import Occasions
    from bot.storage.privacy import Privacy
    from bot.storage.stories import Stories
    from bot.storage.subscriptions import Subscriptions
    from bot.storage.write_behind import WriteBehindChats
    from briefings.library import Library
    from briefings.workers import InProcess

    work = workers or InProcess()
    stories, subscriptions = Stories(database), Subscriptions(database)
    chats, occasions, library = (
        Chats(database, now, policies.memory),
        Occasions(database),
        Library(stories, work, finds_claims),
    )
    memory = WriteBehindChats(database, chats)
    drawn = renderers or {}
    rebuilder = Rebuilder(library, access, drawn)
    ledger = Deliveries(database, DeliveryGate(access, rebuilder))
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
    context = Context(
        library, memory, subscriptions, Privacy(database, memory), ledger, composer, access, now, policies, work
    )
    return Bot(
        database,
        Dispatcher(context, throttle or Throttle(20, timedelta(minutes=1))),
        stories,
        chats,
        subscriptions,
        ledger,
        occasions,
        Updates(database),
        Tick(occasions, library, access, rebuilder),
        composer,
        Alerts(
            ledger,
            occasions,
            access=access,
            renderers=drawn,
            translator=Translator(policies.language),
            started=now(),
        ),
        Withdrawals(occasions, rebuilder),
        Admission(subscriptions, access),
        policies,
        now,
    )


@asynccontextmanager
async def open_bot(config: Config, workers: Workers | None = None) -> AsyncIterator[Bot]:
    """Everything that a configuration asks for.

    Args:
        workers: Where foreign text is read; None: in this process.

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
        yield build(
            database,
            access,
            _policies(config),
            throttle=throttle,
            renderers=renderers,
            workers=workers,
            finds_claims=True,
        )


def _open_access() -> Access:
    from bot.access import Access, Policy

    return Access(Policy.OPEN, frozenset({CONSOLE_USER}))


def _policies(config: Config) -> Policies:
    from bot.commands.context import Policies
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
