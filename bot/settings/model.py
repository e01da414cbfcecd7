"""The settings in ``config.yaml``, as typed models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    model_validator,
)

from bot.access import Policy
from bot.feeds.model import FeedSource, Origin
from bot.settings.fields import (
    Endpoint,
    Locale,
    PlatformId,
    TimeOfDay,
    WebAddress,
    Weekday,
    Zone,
    discord_token,
    telegram_token,
    weekdays,
)
from bot.settings.operating import AlertsConfig, BackupsConfig, JobsConfig, LogConfig, Strict, WebConfig
from bot.subscriptions.model import Mode, Quiet, QuietDays, Uncertain
from briefings.model import SectionKind

_DATABASE = "sqlite:///nutgraf.db"


class ThrottleConfig(Strict):
    """The limit on requests of one user. Operators have no limit."""

    requests: int = Field(20, ge=1, le=10_000)
    """The most requests of a user within `seconds`."""
    seconds: int = Field(60, ge=1, le=86_400)
    """The number of seconds in which requests are counted."""


class QuietConfig(Strict):
    """Hours without posts. They can cross midnight."""

    start: TimeOfDay
    """The first quiet minute."""
    end: TimeOfDay
    """The first minute that is not quiet any more."""


class SubscribeConfig(Strict):
    """The settings of a new subscription. Chats change theirs with /settings."""

    times: tuple[TimeOfDay, ...] = Field((time(8),), min_length=1, max_length=12)
    """When the digest is posted, in the time zone of the subscription."""
    days: Annotated[tuple[Weekday, ...], BeforeValidator(weekdays)] = Field(tuple(range(7)), min_length=1)
    """On which days; all of them if it is left out."""
    quiet: QuietConfig | None = None
    """Quiet hours, or nothing."""
    stories: int = Field(5, ge=1, le=10)
    """How many stories a digest has at most."""
    sections: tuple[SectionKind, ...] = (SectionKind.WHO, SectionKind.CONSEQUENCES)
    """Which sections a story in it shows, a line each."""
    silent: bool = False
    """Whether posts come without a sound."""
    mode: Mode = Mode.DIGEST
    """A digest, each story as it arrives, or both."""
    uncertain: Uncertain = Uncertain.HOLD
    """What becomes of a post of which nobody can tell whether it arrived: hold it, or send it again."""
    corrections: bool = False
    """Whether a post is edited when its story is corrected."""
    quiet_days: QuietDays = QuietDays.SKIP
    """What a digest without news does: say so, or skip the day."""

    @model_validator(mode="after")
    def _is_audible(self) -> SubscribeConfig:
        if self.quiet:
            if self.quiet.start == self.quiet.end:
                raise ValueError("quiet: start and end are the same; write two different times")
            quiet = Quiet(self.quiet.start, self.quiet.end)
            if any(quiet.covers(one) for one in self.times):
                raise ValueError("a time is in the quiet hours; change one or the other")
        return self


class ConsoleConfig(Strict):
    """A chat in the terminal where `nutgraf run` was started."""

    enabled: bool = True
    """Whether the terminal is a chat."""


class WebhookConfig(Strict):
    """The webhook that Telegram calls. Without one, the bot polls for updates."""

    url: str = Field(pattern=r"^https://[^\s/]+(/\S*)?$")
    """The address on the web, https://…; a secret path is added to it."""
    host: str = "127.0.0.1"
    """Where the bot listens: what has the certificate passes requests on to it."""
    port: int = Field(8443, ge=1, le=65_535)
    """The port on which the bot listens for Telegram."""


class TelegramConfig(Strict):
    """The bot's connection to Telegram."""

    token: Annotated[SecretStr, AfterValidator(telegram_token)]
    """BotFather's token: ${TELEGRAM_TOKEN} takes it from the environment."""
    token_file: Path | None = None
    """A file that holds the token, instead of `token`."""
    base_url: str = Field("https://api.telegram.org", pattern=r"^https?://\S+$")
    """The Bot API server, where you run your own."""
    webhook: WebhookConfig | None = None
    """Nothing: the bot asks Telegram for news. Else Telegram tells by itself."""


class DiscordConfig(Strict):
    """The bot's connection to Discord."""

    token: Annotated[SecretStr, AfterValidator(discord_token)]
    """The application's token: ${DISCORD_TOKEN} takes it from the environment."""
    token_file: Path | None = None
    """A file that holds the token, instead of `token`."""
    base_url: str = Field("https://discord.com/api/v10", pattern=r"^https?://\S+$")
    """Discord's API, unless a proxy stands before it."""
    guild: int | None = Field(None, ge=1)
    """The one server that is told the commands, at once; for working on the bot."""
    forum_tags: tuple[str, ...] = ()
    """The names of the tags that posts in forums have, where a forum has such tags."""
    commands: Literal["short", "grouped", "both"] = "short"
    """How commands are given: /who (short), /news who (grouped), or both."""
    shards: int | None = Field(None, ge=1, le=16_000)
    """How many connections share the servers; nothing: as many as Discord recommends."""
    shard_groups: int = Field(1, ge=1, le=64)
    """Into how many groups the shards are divided, so that several processes can share them. Needs `shards`."""

    @model_validator(mode="after")
    def _has_shards_for_groups(self) -> DiscordConfig:
        if self.shard_groups > (self.shards or 1):
            raise ValueError(f"{self.shard_groups} shard_groups need at least as many shards; write how many")
        return self


class PollConfig(Strict):
    """The bounds of the time between two reads of a feed, in minutes. Within them it adapts to the feed."""

    least: int = Field(10, ge=1, le=10_080)
    """The shortest time."""
    most: int = Field(360, ge=1, le=10_080)
    """The longest time."""

    @model_validator(mode="after")
    def _is_ordered(self) -> PollConfig:
        if self.least > self.most:
            raise ValueError("least is more than most; write the shorter time as least")
        return self


class FeedConfig(Strict):
    """A feed that is read regularly."""

    address: WebAddress
    """The address of the feed itself; `nutgraf feeds add` finds the feeds of a site."""
    tags: tuple[str, ...] = ()
    """The tags of its stories."""
    shown: int | None = Field(None, ge=200)
    """How many characters of a story are shown in full, with the link to the rest; nothing: all."""
    poll: PollConfig = PollConfig()
    """The bounds of the time between two reads, in minutes."""

    def source(self) -> FeedSource:
        """The feed that this describes."""
        least, most = timedelta(minutes=self.poll.least), timedelta(minutes=self.poll.most)
        return FeedSource(self.address, frozenset(self.tags), self.shown, least, most, Origin.CONFIG)


class FetchingConfig(Strict):
    """The settings for fetching pages and feeds."""

    contact: str = Field("", max_length=200)
    """How the owner of a site reaches you: an address of mail or of the web. It stands in the user agent."""
    proxy: WebAddress | None = None
    """A proxy for all requests, or nothing. It also has to refuse private addresses, since it resolves names."""
    allow_private: tuple[Endpoint, ...] = ()
    """Addresses in private networks that are fetched all the same, as IP:port."""
    allow_links: tuple[PlatformId, ...] = ()
    """The users and chats besides operators that may send links and files, which are briefed for that chat alone."""


class Config(Strict):
    """The settings of Nutgraf."""

    database: SecretStr = Field(SecretStr(_DATABASE), json_schema_extra={"default": _DATABASE})
    """Where everything is kept: sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/NAME."""
    database_file: Path | None = None
    """A file that holds the database's URL, instead of `database`: for secrets."""
    language: Locale = "en"
    """The bot's own language until a chat chooses another."""
    timezone: Zone = "UTC"
    """The time zone of new subscriptions."""
    access: Policy = Policy.CLOSED
    """Who is answered: closed (operators), allow-list (also those of `allow`), open (everybody)."""
    operators: tuple[PlatformId, ...] = ()
    """The users who may do everything, as platform:id."""
    allow: tuple[PlatformId, ...] = ()
    """The users and chats that an allow-list lets in, as platform:id."""
    restricted_tags: Mapping[str, tuple[PlatformId, ...]] = Field(default_factory=dict)
    """Tags whose stories only some chats see: the tag, and those chats."""
    pasted_articles: bool = True
    """Whether an article sent in a private chat, as text or as a file, is briefed for that chat alone."""
    throttle: ThrottleConfig = ThrottleConfig()
    """The limit on requests of one user. Operators have no limit."""
    retention_days: int = Field(90, ge=1, le=36_500)
    """For how many days a story is kept after its last version came in."""
    memory_days: int = Field(30, ge=1, le=36_500)
    """For how many days it is remembered which stories an answer was about."""
    feeds: tuple[FeedConfig, ...] = ()
    """Feeds that are read regularly, besides those that are added by `nutgraf feeds add` and by /feeds."""
    fetching: FetchingConfig = FetchingConfig()
    """The settings for fetching pages and feeds."""
    subscribe: SubscribeConfig = SubscribeConfig()
    """The settings of a new subscription. Chats change theirs with /settings."""
    telegram: TelegramConfig | None = None
    """The bot on Telegram, if it is there."""
    discord: DiscordConfig | None = None
    """The bot on Discord, if it is there."""
    console: ConsoleConfig = ConsoleConfig()
    """A chat in the terminal where `nutgraf run` was started."""
    jobs: JobsConfig = JobsConfig()
    """The work of fetching, analysing and composing. With SQLite, `nutgraf run` does it all."""
    backups: BackupsConfig = BackupsConfig()
    """Regular backups of the database."""
    web: WebConfig = WebConfig()
    """Health, metrics and the dashboard, over HTTP."""
    alerts: AlertsConfig = AlertsConfig()
    """The limits beyond which operators are alerted in their chats."""
    log: LogConfig = LogConfig()
    """The log, which is written to standard error."""

    @model_validator(mode="after")
    def _names_each_feed_once(self) -> Config:
        addresses = [feed.address for feed in self.feeds]
        if twice := next((one for one in addresses if addresses.count(one) > 1), None):
            raise ValueError(f"feeds: {twice} stands there twice; keep one of the two")
        return self

    @model_validator(mode="after")
    def _has_somebody_for_the_jobs(self) -> Config:
        if not self.jobs.in_run and self.is_on_sqlite:
            raise ValueError("jobs: in_run: false needs PostgreSQL; leave it out, or change `database`")
        return self

    @property
    def is_on_sqlite(self) -> bool:
        """Whether the database is SQLite's."""
        return self.database.get_secret_value().startswith("sqlite")

    def secrets(self) -> list[str]:
        """Returns the secrets, which must not appear in the log."""
        found = [one.token.get_secret_value() for one in (self.telegram, self.discord) if one]
        password = urlsplit(self.database.get_secret_value()).password
        return [*found, password] if password else found
