"""``config.yaml`` to typed settings, every mistake at once with its path and what to write instead."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlsplit
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from bot.access import Policy
from bot.i18n import LOCALES
from bot.settings.yaml import Mistake, read_yaml
from bot.subscriptions.edits import SettingRefused, parse_days, parse_times
from bot.subscriptions.model import Mode, Quiet, Uncertain
from briefings.model import SectionKind

_DATABASE = "sqlite:///nutgraf.db"
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_TOKEN = re.compile(r"\d{3,}:[\w-]{30,}")
_DISCORD_TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}")
_ID = re.compile(r"[a-z]+:[^\s:]+")


class ConfigInvalid(Exception):
    """The configuration has mistakes; ``mistakes`` are all of them, each with its path."""

    def __init__(self, name: str, mistakes: list[Mistake]) -> None:
        super().__init__(name, mistakes)
        self.name = name
        self.mistakes = mistakes


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _locale(value: object) -> object:
    if value not in LOCALES:
        raise ValueError(f"write one of {', '.join(LOCALES)}")
    return value


def _zone(value: object) -> object:
    if not isinstance(value, str) or value not in available_timezones():
        raise ValueError("write the name of a time zone, such as Europe/Rome or America/New_York")
    return value


def _platform_id(value: object) -> object:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("write a platform and an id, such as telegram:123456789")
    return value


def _moment(value: object) -> object:
    if isinstance(value, time):
        return value
    try:
        [moment] = parse_times(str(value))
    except (SettingRefused, ValueError) as error:
        raise ValueError('write one time of the day, in quotes or not, such as "08:00"') from error
    return moment


def _weekday(value: object) -> object:
    if type(value) is int and value in range(7):
        return value  # the default's
    try:
        [day] = parse_days(str(value))
    except (SettingRefused, ValueError) as error:
        raise ValueError("write one day of the week, such as monday or mon") from error
    return day


def _weekdays(value: object) -> object:
    """``[mon-fri]``, ``[weekend]`` and the like as days; numbers are refused, as nobody knows where a week begins."""
    if not isinstance(value, list):
        return value
    days: list[object] = []
    for one in value:
        try:
            days += sorted(parse_days(one)) if isinstance(one, str) else [str(one)]
        except SettingRefused:
            days.append(one)
    return days


Locale = Annotated[str, BeforeValidator(_locale), Field(json_schema_extra={"enum": list(LOCALES)})]
Zone = Annotated[str, BeforeValidator(_zone)]
PlatformId = Annotated[str, BeforeValidator(_platform_id), Field(pattern=_ID.pattern)]
TimeOfDay = Annotated[time, BeforeValidator(_moment), WithJsonSchema({"type": "string", "examples": ["08:00"]})]
Weekday = Annotated[int, BeforeValidator(_weekday), WithJsonSchema({"type": "string", "examples": ["mon"]})]


def _token(value: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("that is no token; BotFather gives one such as 123456789:AAF0…")
    return value


def _discord_token(value: SecretStr) -> SecretStr:
    if not _DISCORD_TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("that is no token; the developer portal gives one, on the page Bot: Reset Token")
    return value


class LogFormat(StrEnum):
    """How log lines are written."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """The least important lines that are logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class ThrottleConfig(_Strict):
    """How often one user may ask; operators always may."""

    requests: int = Field(20, ge=1, le=10_000)
    """At most so many requests ..."""
    seconds: int = Field(60, ge=1, le=86_400)
    """... in so many seconds."""


class QuietConfig(_Strict):
    """Hours in which nothing is posted; they may cross midnight."""

    start: TimeOfDay
    """The first quiet minute."""
    end: TimeOfDay
    """The first minute that is not quiet any more."""


class SubscribeConfig(_Strict):
    """What a new subscription wants, until its chat changes it with /settings."""

    times: tuple[TimeOfDay, ...] = Field((time(8),), min_length=1, max_length=12)
    """When the digest is posted, in the time zone of the subscription."""
    days: Annotated[tuple[Weekday, ...], BeforeValidator(_weekdays)] = Field(tuple(range(7)), min_length=1)
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

    @model_validator(mode="after")
    def _is_audible(self) -> SubscribeConfig:
        if self.quiet:
            if self.quiet.start == self.quiet.end:
                raise ValueError("quiet: start and end are the same; write two different times")
            quiet = Quiet(self.quiet.start, self.quiet.end)
            if any(quiet.covers(one) for one in self.times):
                raise ValueError("a time is in the quiet hours; change one or the other")
        return self


class ConsoleConfig(_Strict):
    """The terminal that `nutgraf run` was started in."""

    enabled: bool = True
    """Whether it is a chat."""


class WebhookConfig(_Strict):
    """How Telegram reaches this machine, where the bot does not ask by itself."""

    url: str = Field(pattern=r"^https://[^\s/]+(/\S*)?$")
    """The address on the web, https://…; a secret path is added to it."""
    host: str = "127.0.0.1"
    """Where the bot listens: what has the certificate passes requests on to it."""
    port: int = Field(8443, ge=1, le=65_535)
    """The port there."""


class TelegramConfig(_Strict):
    """The bot on Telegram."""

    token: Annotated[SecretStr, AfterValidator(_token)]
    """BotFather's token: ${TELEGRAM_TOKEN} takes it from the environment."""
    token_file: Path | None = None
    """A file that holds the token, instead of `token`."""
    base_url: str = Field("https://api.telegram.org", pattern=r"^https?://\S+$")
    """The Bot API server, where you run your own."""
    webhook: WebhookConfig | None = None
    """Nothing: the bot asks Telegram for news. Else Telegram tells by itself."""


class DiscordConfig(_Strict):
    """The bot on Discord."""

    token: Annotated[SecretStr, AfterValidator(_discord_token)]
    """The application's token: ${DISCORD_TOKEN} takes it from the environment."""
    token_file: Path | None = None
    """A file that holds the token, instead of `token`."""
    base_url: str = Field("https://discord.com/api/v10", pattern=r"^https?://\S+$")
    """Discord's API, unless a proxy stands before it."""
    guild: int | None = Field(None, ge=1)
    """The one server that is told the commands, at once; for working on the bot."""
    forum_tags: tuple[str, ...] = ()
    """The names of the tags that posts in forums have, where a forum has such tags."""


class LogConfig(_Strict):
    """What is written to standard error."""

    level: LogLevel = LogLevel.INFO
    """The least important lines that are logged."""
    format: LogFormat = LogFormat.TEXT
    """Text for people, JSON for machines."""


class Config(_Strict):
    """All settings of Nutgraf."""

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
    """Whether an article that is pasted in a private chat is briefed, for that chat alone."""
    throttle: ThrottleConfig = ThrottleConfig()
    """How often one user may ask; operators always may."""
    retention_days: int = Field(90, ge=1, le=36_500)
    """For how many days a story is kept after its last version came in."""
    memory_days: int = Field(30, ge=1, le=36_500)
    """For how many days it is remembered which stories an answer was about."""
    subscribe: SubscribeConfig = SubscribeConfig()
    """What a new subscription wants, until its chat changes it with /settings."""
    telegram: TelegramConfig | None = None
    """The bot on Telegram, if it is there."""
    discord: DiscordConfig | None = None
    """The bot on Discord, if it is there."""
    console: ConsoleConfig = ConsoleConfig()
    """The terminal that `nutgraf run` was started in."""
    log: LogConfig = LogConfig()
    """What is written to standard error."""

    def secrets(self) -> list[str]:
        """What no log may hold."""
        found = [one.token.get_secret_value() for one in (self.telegram, self.discord) if one]
        password = urlsplit(self.database.get_secret_value()).password
        return [*found, password] if password else found


def load_config(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """The settings that a file holds.

    ``${NAME}`` in a text is filled in from the environment; a setting that ends in ``_file`` names a file with the
    value of the setting without it.

    Raises:
        ConfigInvalid: It has mistakes.
        OSError: The file cannot be read.
    """
    name = str(path)
    document, mistakes = read_yaml(path.read_bytes())
    if mistakes:
        raise ConfigInvalid(name, mistakes)
    mistakes = []
    filled = _filled(document if document is not None else {}, "", environment, mistakes)
    if isinstance(filled, dict):
        filled = _with_files(filled, path.parent, mistakes)
    try:
        config = Config.model_validate(filled)
    except ValidationError as error:
        found: list[dict[str, Any]] = [dict(one) for one in error.errors(include_url=False)]
        wrong_lists = {one["loc"][:-1] for one in found}
        # A list whose items are wrong counts as empty too; the items say enough.
        mistakes += [_mistake(one) for one in found if one["type"] != "too_short" or one["loc"] not in wrong_lists]
    if mistakes:
        raise ConfigInvalid(name, mistakes)
    return config


def config_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the configuration file, for editors."""
    schema = Config.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _filled(value: Any, path: str, environment: Mapping[str, str], mistakes: list[Mistake]) -> Any:
    """``value`` with each ``${NAME}`` in its texts replaced."""
    if isinstance(value, dict):
        return {key: _filled(one, f"{path}.{key}".lstrip("."), environment, mistakes) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, f"{path}[{place}]", environment, mistakes) for place, one in enumerate(value)]
    if not isinstance(value, str):
        return value

    def fill(match: re.Match[str]) -> str:
        if match[1] not in environment:
            mistakes.append(Mistake(path, f"the environment has no {match[1]}; set it, or write the value itself"))
        found = environment.get(match[1], "")
        # A password may hold what parts a URL; a URL that is a variable as a whole is one already.
        return quote(found, safe="") if path == "database" and match[0] != value else found

    return _VARIABLE.sub(fill, value)


def _with_files(document: dict[str, Any], folder: Path, mistakes: list[Mistake], path: str = "") -> dict[str, Any]:
    """``document`` with the values that its ``*_file`` settings point to."""
    found = dict(document)
    for section in [key for key, value in found.items() if isinstance(value, dict)]:
        found[section] = _with_files(found[section], folder, mistakes, f"{path}{section}.")
    for key in [key for key, value in found.items() if str(key).endswith("_file") and isinstance(value, str)]:
        name = str(key).removesuffix("_file")
        if name in document:
            mistakes.append(Mistake(f"{path}{key}", f"{name} is set as well; keep one of the two"))
            continue
        try:
            found[name] = (folder / str(found[key])).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            mistakes.append(Mistake(f"{path}{key}", f"{found[key]} cannot be read ({reason}); name a readable file"))
    return found


def _mistake(error: dict[str, Any]) -> Mistake:
    """One of pydantic's errors, in an operator's words."""
    path = ""
    for part in error["loc"]:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return Mistake(path.lstrip(".") or "the file", _advice(error))


def _advice(error: dict[str, Any]) -> str:  # noqa: C901, PLR0911, PLR0912  # a table of one line each
    context = error.get("ctx", {})
    given = error.get("input")
    said = f'"{given}" ' if isinstance(given, str | int | float | bool) else ""
    match error["type"]:
        case "extra_forbidden":
            return "there is no such setting; config.example.yaml lists all of them"
        case "missing":
            return "it is missing; write a value"
        case "value_error":
            if "token" in error["loc"]:  # it is not said back: a log is no place for it
                return str(context["error"])
            return f"{said}is wrong: {context['error']}" if said else str(context["error"])
        case "enum":
            return f"{said}is wrong: write one of {context['expected']}"
        case "bool_parsing" | "bool_type":
            return f"{said}is wrong: write yes or no"
        case "int_parsing" | "int_type" | "int_from_float":
            return f"{said}is wrong: write a whole number"
        case "greater_than_equal":
            return f"{said}is too small: write {context['ge']} or more"
        case "less_than_equal":
            return f"{said}is too large: write {context['le']} or less"
        case "tuple_type" | "list_type":
            return f"{said}is wrong: write a list, such as [a, b]"
        case "model_type" | "model_attributes_type" | "mapping_type" | "dict_type":
            return "write settings below it, one a line, as name: value"
        case "too_short":
            return "it is empty; write at least one"
        case "string_pattern_mismatch":
            return f"{said}is wrong: write an address that begins with https://, such as https://bot.example.org"
        case kind if kind.startswith(("string", "path")):
            return f"{said}is wrong: write a text"
        case _:
            return f"{said}is wrong: {error['msg']}"
