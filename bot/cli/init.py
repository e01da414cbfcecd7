"""``nutgraf init``: writes config.yaml and the files with the tokens."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import SecretStr

from bot.access import Policy
from bot.cli.common import BAD_INPUT, FAILED, Language, is_interactive, print_error, translator
from bot.cli.feeds import choose_feeds
from bot.cli.questions import ask, ask_choice, ask_list, ask_platforms, mistake, read_zone
from bot.runtime.terminal import confirm, emit
from bot.settings.fields import PlatformId, WebAddress
from bot.settings.writing import Choices, token_file, written_config
from briefings.errors import SourceError

if TYPE_CHECKING:  # slow to import
    from bot.settings.model import DiscordConfig, FetchingConfig, TelegramConfig
    from briefings.fetching.discovery import FoundFeed

_TOKEN_FROM = {"telegram": "@BotFather", "discord": "the developer portal: Bot, Reset Token"}

Path_ = Annotated[Path, typer.Option("--config", "-c", help="The file to write.")]
TelegramToken = Annotated[str | None, typer.Option(envvar="TELEGRAM_TOKEN", help="BotFather's token.")]
DiscordToken = Annotated[str | None, typer.Option(envvar="DISCORD_TOKEN", help="The application's token.")]
TelegramUrl = Annotated[str | None, typer.Option(help="Your own Bot API server.")]
DiscordUrl = Annotated[str | None, typer.Option(help="A proxy before Discord's API.")]
Access = Annotated[Policy | None, typer.Option(help="Who may use the bot. By default only operators.")]
Operator = Annotated[
    list[str] | None, typer.Option(metavar="<platform:id>", help="A user who may do everything. Repeatable.")
]
Allow = Annotated[
    list[str] | None, typer.Option(metavar="<platform:id>", help="A user or chat of an allow-list. Repeatable.")
]
Feed = Annotated[list[str] | None, typer.Option(metavar="<address>", help="A feed or a site. Repeatable.")]
Timezone = Annotated[
    str | None,
    typer.Option(help="The time zone of new subscriptions, or a large city in it. By default this machine's."),
]
Database = Annotated[str, typer.Option(help="Where everything is kept.")]
NoQuestions = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take options and defaults.")]
Offline = Annotated[bool, typer.Option("--no-check", help="Ask no platform or site about tokens and feeds.")]
Web = Annotated[bool, typer.Option("--web", help="Serve health, metrics and the dashboard, for this machine only.")]
Force = Annotated[bool, typer.Option("--force", help="Write over files that are there.")]


@dataclass(frozen=True)
class _Setup:
    """Options that matter for every question."""

    asks: bool
    is_offline: bool
    language: str | None


def init(  # noqa: PLR0917  # each is an option
    config: Path_ = Path("config.yaml"),
    telegram_token: TelegramToken = None,
    discord_token: DiscordToken = None,
    telegram_url: TelegramUrl = None,
    discord_url: DiscordUrl = None,
    timezone: Timezone = None,
    access: Access = None,
    operator: Operator = None,
    allow: Allow = None,
    feed: Feed = None,
    database: Database = "sqlite:///nutgraf.db",
    web: Web = False,
    yes: NoQuestions = False,
    no_check: Offline = False,
    force: Force = False,
    language: Language = None,
) -> None:
    """Write a new config.yaml: asks what it needs, and asks the platforms whether the tokens work."""
    setup = _Setup(is_interactive() and not yes, no_check, language)
    if not setup.asks and not yes:
        emit("Not a terminal: nothing is asked. Options and defaults are taken (-h lists them).", err=True)
    if not force:
        _refuse_overwriting(config, setup)
    given = {"telegram": telegram_token, "discord": discord_token}
    urls = {"telegram": telegram_url, "discord": discord_url}
    tokens = _tokens(given, urls, setup)
    choices = Choices(
        platforms={platform: urls[platform] for platform in tokens},
        database=database,
        language=translator(language).locale,
        timezone=_timezone(timezone, setup),
        access=access or _access(setup),
        web=web,
        operators=_ids(operator, setup, "Your own user ids, such as telegram:123456789, if you know them"),
    )
    if choices.access is Policy.ALLOW_LIST:
        choices = replace(choices, allow=_ids(allow, setup, "Other users and chats that may use it"))
    choices = replace(choices, feeds=_feeds(feed, setup))
    _write(config, choices, tokens)


def _refuse_overwriting(config: Path, setup: _Setup) -> None:
    """Asks before a file is written over, or exits where nobody can be asked."""
    there = [path for path in (config, *(config.parent / token_file(one) for one in _TOKEN_FROM)) if path.exists()]
    if not there:
        return
    named = " and ".join(map(str, there))
    if not setup.asks:
        print_error(f"{named}: there already. --force writes over it, -c FILE names another.")
        raise typer.Exit(BAD_INPUT)
    confirm(f"{named}: there already. Write over it?", abort=True)


def _tokens(given: dict[str, str | None], urls: dict[str, str | None], setup: _Setup) -> dict[str, str]:
    """Returns the token of each platform, checked by the platform itself."""
    tokens = {platform: token for platform, token in given.items() if token}
    for platform, token in tokens.items():
        if wrong := _token_mistake(platform, token, urls[platform], setup):
            print_error(wrong)
            raise typer.Exit(BAD_INPUT)
    if tokens or not setup.asks:
        return tokens
    for platform in ask_platforms():

        def check(answer: str, platform: str = platform) -> str | None:
            return _token_mistake(platform, answer, urls[platform], setup)

        question = f"{platform.capitalize()} token, from {_TOKEN_FROM[platform]} (it is not shown)"
        tokens[platform] = ask(question, check, hidden=True)
    return tokens


def _token_mistake(platform: str, token: str, url: str | None, setup: _Setup) -> str | None:
    """Returns what is wrong with a token, or None. Prints whose it is."""
    document = {"token": token} | ({"base_url": url} if url else {})
    kind = _kind(platform)
    if wrong := mistake(document, kind):
        return f"{platform}: {wrong}"
    if setup.is_offline:
        return None
    from bot.platforms.registry import identify

    said = translator(setup.language).say
    findings = asyncio.run(identify(kind.model_validate(document)))
    if wrongs := [said(one.said) for one in findings if one.is_wrong]:
        return f"{wrongs[0]} --no-check takes the token unchecked."
    for finding in findings:
        emit(said(finding.said))
    return None


def _kind(platform: str) -> type[TelegramConfig | DiscordConfig]:
    from bot.settings.model import DiscordConfig, TelegramConfig  # slow to import

    return TelegramConfig if platform == "telegram" else DiscordConfig


def _timezone(given: str | None, setup: _Setup) -> str:
    from tzlocal import get_localzone_name

    local = get_localzone_name() or "UTC"
    if given is None and setup.asks:
        given = ask("Time zone, or a large city in it", lambda typed: read_zone(typed)[1], default=local)
    zone, wrong = read_zone(given or local)
    if wrong:
        raise typer.BadParameter(wrong, param_hint="--timezone")
    return zone


def _access(setup: _Setup) -> Policy:
    if not setup.asks:
        return Policy.CLOSED
    return Policy(ask_choice("Who may use the bot", tuple(Policy), default=Policy.CLOSED))


def _ids(given: list[str] | None, setup: _Setup, question: str) -> tuple[str, ...]:
    if given is None and setup.asks:
        return ask_list(question, PlatformId)
    return tuple(_checked(one, PlatformId, "--operator or --allow") for one in given or ())


def _feeds(given: list[str] | None, setup: _Setup) -> tuple[str, ...]:
    """Returns the feeds at the addresses; interactively, asks for addresses until one is left empty."""
    found: dict[str, None] = {}
    if given is None and setup.asks:
        while address := ask("A site or feed to read (nothing: no more)", _address_mistake, default=""):
            found |= dict.fromkeys(_found(address, setup) or ())
        return tuple(found)
    for address in given or ():
        _checked(address, WebAddress, "--feed")
        feeds = _found(address, setup)
        if feeds is None:
            raise typer.Exit(FAILED)
        found |= dict.fromkeys(feeds)
    return tuple(found)


def _address_mistake(address: str) -> str | None:
    return mistake(address, WebAddress) if address else None


def _found(address: str, setup: _Setup) -> list[str] | None:
    """Returns the chosen feeds of a site. None: it has none, it cannot be read or none was chosen, which is printed."""
    from bot.answers.errors import error_message

    if setup.is_offline:
        return [address]
    try:
        feeds = asyncio.run(_discovered(address))
    except SourceError as error:
        print_error(translator(setup.language).say(error_message(error)))
        return None
    if not feeds:
        print_error(f"{address} has no feed that can be found.")
        return None
    return [feed.url for feed in choose_feeds(address, feeds, False)] or None


def _fetching() -> FetchingConfig:
    from bot.settings.model import FetchingConfig  # slow to import

    return FetchingConfig()


async def _discovered(address: str) -> list[FoundFeed]:
    from bot.app import open_bot
    from bot.settings.model import Config
    from bot.storage.database.urls import IN_MEMORY  # slow to import
    from bot.workers.pool import running_workers

    config = Config(database=SecretStr(IN_MEMORY), fetching=_fetching())
    async with running_workers() as workers, open_bot(config, workers) as bot:
        assert bot.ingest is not None
        return await bot.ingest.find(address)


def _checked(value: str, kind: Any, option: str) -> str:
    if wrong := mistake(value, kind):
        raise typer.BadParameter(wrong, param_hint=option)
    return value


def _write(config: Path, choices: Choices, tokens: dict[str, str]) -> None:
    place = config
    try:
        for platform, token in tokens.items():
            place = config.parent / token_file(platform)
            _write_secret(place, token)
        place = config
        config.write_text(written_config(choices), encoding="utf-8")
    except OSError as error:  # an error of a full disk does not know the file
        print_error(f"{place} cannot be written: {error.strerror}.")
        raise typer.Exit(FAILED) from error
    emit(f"Wrote {config}. Next: nutgraf check -c {config}, then nutgraf run -c {config}")


def _write_secret(path: Path, token: str) -> None:
    """Writes a file that only its owner may read, also for the moment in which it is created."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{token}\n")
