"""The composition root: the only place where stores, commands and posting are created and connected."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib import metadata

from bot.access import Access, Policy, Throttle
from bot.commands.context import Context, Policies
from bot.commands.dispatcher import Dispatcher
from bot.ingest.channels import ChannelIntake
from bot.ingest.intake import Intake
from bot.ingest.pages import PageReader
from bot.ingest.service import IngestService
from bot.platforms.console.render import ConsolePosts
from bot.posting.assembly import Posting, assemble_posting
from bot.posting.compositions import PostRenderer
from bot.posting.gate import DeliveryGate
from bot.posting.rebuilding import Rebuilder
from bot.posting.warnings import Limits
from bot.queues.guard import Guard
from bot.queues.in_process import InProcessQueue
from bot.queues.model import JobQueue
from bot.runtime.clock import clock
from bot.settings.model import Config
from bot.storage.chats import Chats
from bot.storage.database.backups import Rotation
from bot.storage.database.engine import Database
from bot.storage.database.migrate import upgrade
from bot.storage.database.urls import IN_MEMORY
from bot.storage.inbox import Updates
from bot.storage.job_runs import StoredJobRuns
from bot.storage.ledger import Deliveries
from bot.storage.occasions import Occasions
from bot.storage.shared_queue import SharedQueue
from bot.storage.sign_ins import SignIns
from bot.storage.stores import Stores
from bot.storage.stories import Stories
from bot.storage.subscriptions import Subscriptions
from bot.subscriptions.model import Quiet, Schedule, Settings
from briefings.analyst import Analyst
from briefings.examples import examples
from briefings.fetching.address import parse_endpoint
from briefings.fetching.client import Client, ClientOptions
from briefings.library import Library
from briefings.model import Article
from briefings.reanalysis import Reanalysis
from briefings.sources import read_article
from briefings.workers import InProcess, Workers

CONSOLE_USER = "console:operator"
_THROTTLE = (20, timedelta(minutes=1))
_BETWEEN_ARTICLES = timedelta(minutes=10)


@dataclass(frozen=True)
class Bot:
    """A bot over one database, with everything connected. `bot.run` starts them."""

    database: Database
    dispatcher: Dispatcher
    stories: Stories
    chats: Chats
    subscriptions: Subscriptions
    ledger: Deliveries
    occasions: Occasions
    inbox: Updates
    sign_ins: SignIns
    posting: Posting
    reanalysis: Reanalysis | None
    policies: Policies
    clock: Callable[[], datetime]
    queue: JobQueue
    job_runs: StoredJobRuns
    ingest: IngestService | None = None
    limits: Limits = field(default_factory=Limits)
    rotation: Rotation | None = None


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Opens a database, upgrades its schema, and closes it at the end.

    Raises:
        StorageError: It cannot be opened, or its schema is from a newer version.
    """
    database = Database(url)
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def open_bot(
    config: Config, workers: Workers | None = None, analysts: Workers | None = None
) -> AsyncIterator[Bot]:
    """Opens the bot that the settings describe, without starting it.

    Args:
        workers: Run the analysis of foreign text. None: it runs in this process.
        analysts: Find claims, with a language model in their memory. None: they are found in this process.

    Raises:
        StorageError: The database cannot be opened.
    """
    throttle = Throttle(config.throttle.requests, timedelta(seconds=config.throttle.seconds))
    async with (
        open_database(config.database.get_secret_value()) as database,
        Client(_client_options(config), clock) as client,
    ):
        bot = build(
            database,
            access_rules(config),
            _policies(config),
            throttle=throttle,
            renderers=_renderers(config),
            workers=workers,
            analysts=analysts or InProcess(),
            client=client,
            queue=None if database.is_sqlite else SharedQueue(database),
        )
        limits = Limits(timedelta(days=config.alerts.no_post_days), config.alerts.free_disk_mb * 1_000_000)
        yield replace(bot, limits=limits, rotation=_rotation(config))


@asynccontextmanager
async def open_articles(articles: Iterable[Article]) -> AsyncIterator[Dispatcher]:
    """Opens a dispatcher with these articles in a database in memory. The last article is the newest story."""
    async with open_database(IN_MEMORY) as database:
        access = Access(Policy.OPEN, frozenset({CONSOLE_USER}))
        dispatcher = build(database, access, Policies(), analysts=InProcess()).dispatcher
        for age, article in enumerate(reversed(list(articles))):
            await dispatcher.context.library.add(article, clock() - age * _BETWEEN_ARTICLES)
        yield dispatcher


@asynccontextmanager
async def open_demo() -> AsyncIterator[Dispatcher]:
    """Opens a dispatcher with the bundled articles."""
    async with open_articles(read_article(raw, name) for raw, name in examples()) as dispatcher:
        yield dispatcher


def build(
    database: Database,
    access: Access,
    policies: Policies,
    *,
    throttle: Throttle | None = None,
    now: Callable[[], datetime] = clock,
    renderers: Mapping[str, PostRenderer] | None = None,
    workers: Workers | None = None,
    analysts: Workers | None = None,
    client: Client | None = None,
    queue: JobQueue | None = None,
) -> Bot:
    """Creates a bot over ``database`` and connects everything in it.

    Args:
        renderers: One for each platform that receives posts.
        workers: Run the analysis of foreign text. None: it runs in this process.
        analysts: Find the claims of articles. None: nobody does.
        client: Fetches feeds and pages. None: the bot stays offline.
        queue: Holds the jobs. None: this process runs them all.
    """
    runs, work, drawn = StoredJobRuns(database, now), workers or InProcess(), renderers or {}
    jobs, analyst = queue or InProcessQueue(database, Guard(runs)), Analyst(analysts) if analysts else None
    stores = Stores.of(database, now, policies.memory)
    library = Library(stores.stories, work, analyst)
    ledger = Deliveries(database, DeliveryGate(access, Rebuilder(library, access, drawn)))
    posting = assemble_posting(
        stores, library, ledger, access, renderers=drawn, language=policies.language, queue=jobs, now=now
    )
    ingest = _ingest(stores, library, client, workers=work, queue=jobs, now=now) if client else None
    asked = (library, stores.memory, stores.subscriptions, stores.privacy, ledger)
    showing = (posting.previews, posting.trials, posting.alerts, stores.tags)
    following, tastes = stores.following if drawn else None, stores.tastes
    context = Context(*asked, *showing, access, now, policies, work, ingest=ingest, following=following, tastes=tastes)
    dispatcher = Dispatcher(replace(context, sign_ins=stores.sign_ins), throttle or Throttle(*_THROTTLE))
    kept = (stores.stories, stores.chats, stores.subscriptions, ledger, stores.occasions, stores.inbox, stores.sign_ins)
    reanalysis = Reanalysis(stores.stories, analyst) if analyst else None
    return Bot(database, dispatcher, *kept, posting, reanalysis, policies, now, jobs, runs, ingest)


def _ingest(
    stores: Stores,
    library: Library,
    client: Client,
    *,
    workers: Workers,
    queue: JobQueue,
    now: Callable[[], datetime],
) -> IngestService:
    feeds, pages = stores.feeds, PageReader(client, workers)
    intake = Intake(feeds, pages, library, tags=stores.stories, workers=workers, queue=queue, clock=now)
    channels = ChannelIntake(stores.sources, pages, library, workers=workers, clock=now)
    return IngestService(feeds, client, workers, intake=intake, pages=pages, channels=channels, queue=queue, clock=now)


def _client_options(config: Config) -> ClientOptions:
    wanted = config.fetching
    allowed = frozenset(map(parse_endpoint, wanted.allow_private))
    return ClientOptions(metadata.version("nutgraf"), wanted.contact, wanted.proxy, allowed)


def _renderers(config: Config) -> dict[str, PostRenderer]:
    renderers: dict[str, PostRenderer] = {}
    if config.console.enabled:
        renderers["console"] = ConsolePosts()
    if config.telegram is not None:
        from bot.platforms.telegram.posts import TelegramPosts  # slow to import: only if it is configured

        renderers["telegram"] = TelegramPosts()
    if config.discord is not None:
        from bot.platforms.discord.posts import DiscordPosts  # slow to import: only if it is configured

        renderers["discord"] = DiscordPosts()
    return renderers


def access_rules(config: Config) -> Access:
    """Returns the access rules of the settings."""
    return Access(
        config.access,
        frozenset({*config.operators, CONSOLE_USER}),
        frozenset(config.allow),
        {tag: frozenset(chats) for tag, chats in config.restricted_tags.items()},
        config.pasted_articles,
        frozenset(config.fetching.allow_links),
    )


def _rotation(config: Config) -> Rotation | None:
    wanted = config.backups
    return Rotation(wanted.folder, wanted.keep, timedelta(hours=wanted.every_hours)) if wanted.folder else None


def _policies(config: Config) -> Policies:
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
        quiet_days=wanted.quiet_days,
    )
    memory, retention = timedelta(days=config.memory_days), timedelta(days=config.retention_days)
    return Policies(settings, memory, retention, config.language, config.web.address if config.web.enabled else "")
