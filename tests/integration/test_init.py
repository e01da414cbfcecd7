"""``nutgraf init`` with and without questions, against the loopback servers."""

from __future__ import annotations

import asyncio
import errno
import stat
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.access import Policy
from bot.cli import app
from bot.settings.load import load_config
from bot.settings.model import FetchingConfig
from bot.settings.writing import Choices, written_config
from bot.settings.yaml import read_yaml
from tests.discord.server import TOKEN as DISCORD
from tests.discord.server import running_discord
from tests.integration.test_feeds_cli import FEEDS
from tests.telegram.server import TOKEN as TELEGRAM
from tests.telegram.server import BotApi, running_bot_api
from tests.web import Web, item, rss, running_web

Init = Callable[..., Coroutine[Any, Any, Result]]


@pytest.fixture(name="folder", autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("TZ", "Europe/Rome")
    monkeypatch.delenv("TELEGRAM_TOKEN", raising=False)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    return tmp_path


@pytest.fixture(name="telegram")
async def _telegram() -> AsyncIterator[BotApi]:
    async with running_bot_api() as api:
        yield api


@pytest.fixture(name="site")
async def _site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Web]:
    async with running_web() as site:
        fetching = FetchingConfig(allow_private=(f"127.0.0.1:{site.port}",))
        monkeypatch.setattr("bot.cli.init._fetching", lambda: fetching)
        site.put("/news.xml", rss(item("Port closed", "/port")))
        site.put("/sport.xml", rss(item("Match drawn", "/match")))
        site.put("/", f"<html><head><title>Harbour</title>{FEEDS.format('news')}{FEEDS.format('sport')}</head></html>")
        yield site


async def init(*arguments: str, text: str = "") -> Result:
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, ["init", *arguments], text))


@pytest.fixture(name="asked")
def _asked(monkeypatch: pytest.MonkeyPatch) -> Init:
    """Answers the questions, one a line, as a person at a terminal does."""
    monkeypatch.setattr("bot.cli.init.is_interactive", lambda: True)
    monkeypatch.setattr("bot.cli.feeds.is_interactive", lambda: True)

    async def answer(*answers: str, options: tuple[str, ...] = ()) -> Result:
        return await init(*options, text="".join(f"{one}\n" for one in answers))

    return answer


async def test_questions_lead_to_settings_that_load(folder: Path, telegram: BotApi, site: Web, asked: Init) -> None:
    async with running_discord() as discord:
        options = ("--telegram-url", telegram.url, "--discord-url", discord.url)
        answers = ("both", TELEGRAM, DISCORD, "", "allow-list", "telegram:1 discord:2", "telegram:-3")
        result = await asked(*answers, site.url(), "1,2", "", options=options)
    assert result.exit_code == 0, result.output
    assert "The token belongs to @" in result.output
    assert "oauth2/authorize" in result.output
    assert "nutgraf check -c config.yaml" in result.output
    config = load_config(folder / "config.yaml", {})
    assert config.telegram is not None
    assert config.discord is not None
    assert config.secrets() == [TELEGRAM, DISCORD]
    assert (config.telegram.base_url, config.discord.base_url) == (telegram.url, discord.url)
    assert (config.timezone, config.access) == ("Europe/Rome", Policy.ALLOW_LIST)
    assert (config.operators, config.allow) == (("telegram:1", "discord:2"), ("telegram:-3",))
    assert [feed.address for feed in config.feeds] == [site.url("/news.xml"), site.url("/sport.xml")]


async def test_tokens_are_in_files_of_their_owner_and_nowhere_else(folder: Path, telegram: BotApi) -> None:
    result = await init("--yes", "--telegram-url", telegram.url, "--telegram-token", TELEGRAM)
    assert result.exit_code == 0, result.output
    secret = folder / "secrets" / "telegram_token"
    assert (secret.read_text(), stat.S_IMODE(secret.stat().st_mode)) == (f"{TELEGRAM}\n", 0o600)
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    assert TELEGRAM not in (folder / "config.yaml").read_text()
    assert TELEGRAM not in result.output


async def test_a_token_that_is_refused_is_asked_for_again(folder: Path, telegram: BotApi, asked: Init) -> None:
    telegram.is_revoked = True
    answers = ("telegram", "", "nonsense", TELEGRAM)
    result = await asked(*answers, options=("--telegram-url", telegram.url))
    assert "That is empty. Write an answer, or stop with Ctrl-C." in result.output
    assert "that is no token; BotFather gives one" in result.output
    assert "Telegram rejects the token" in result.output
    assert result.output.count("Telegram token, from @BotFather") == 4
    assert not (folder / "config.yaml").exists()


async def test_a_wrong_answer_is_asked_for_again(folder: Path, asked: Init) -> None:
    answers = ("irc", "none", "Nowhereland", "new york", "everybody", "closed", "me", "", "ftp://x", "")
    result = await asked(*answers)
    assert result.exit_code == 0, result.output
    assert "Who may use the bot (closed, allow-list, open) [closed]: " in result.output
    assert "Write one of closed, allow-list, open." in result.output
    for wrong in ("Write one of telegram", "the name of a time zone", "write a platform and an id", "an http(s) addr"):
        assert wrong in result.output
    assert load_config(folder / "config.yaml", {}).timezone == "America/New_York"


async def test_a_site_that_cannot_be_read_is_told_and_another_is_asked_for(
    folder: Path, site: Web, asked: Init
) -> None:
    site.put("/empty", "<html><head><title>Nothing</title></head></html>")
    answers = ("none", "", "", "", site.url("/missing"), site.url("/empty"), site.url("/news.xml"), "")
    result = await asked(*answers)
    assert result.exit_code == 0, result.output
    assert "no such page" in result.output
    assert "has no feed that can be found" in result.output
    assert [feed.address for feed in load_config(folder / "config.yaml", {}).feeds] == [site.url("/news.xml")]


@pytest.mark.parametrize("existing", ["config.yaml", "secrets/telegram_token"])
async def test_nothing_is_written_over_unasked(folder: Path, asked: Init, existing: str) -> None:
    (folder / existing).parent.mkdir(exist_ok=True)
    (folder / existing).write_text("mine")
    result = await init("--yes")
    assert (result.exit_code, "there already" in result.output) == (2, True)
    assert (await asked("n")).exit_code == 1
    assert (folder / existing).read_text() == "mine"
    options = ("--telegram-token", TELEGRAM, "--no-check")
    assert (await asked("y", "", "", "", "", options=options)).exit_code == 0
    assert (folder / existing).read_text() != "mine"
    assert (await init("--yes", "--force", *options)).exit_code == 0


async def test_without_questions_mistakes_end_it(folder: Path, telegram: BotApi, site: Web) -> None:
    telegram.is_revoked = True
    server = ("--telegram-url", telegram.url)
    for options, code, said in (
        (("--telegram-token", "x", *server), 2, "that is no token"),
        (("--telegram-token", TELEGRAM, *server), 2, "Telegram rejects the token"),
        (("--telegram-token", TELEGRAM, "--telegram-url", "http://127.0.0.1:1"), 2, "Telegram cannot be reached"),
        (("--timezone", "Nowhereland"), 2, "the name of a time zone"),
        (("--timezone", "portland"), 2, "America/Los_Angeles or America/New_York"),
        (("--operator", "me"), 2, "a platform and an id"),
        (("--feed", "news"), 2, "an http(s) address"),
        (("--feed", site.url("/missing")), 1, "no such page"),
    ):
        result = await init("--yes", *options)
        output = " ".join(result.output.replace("│", " ").split())
        assert (result.exit_code, said in output) == (code, True), result.output
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("typed", "zone"), [("Etc/UTC", "Etc/UTC"), ("rome", "Europe/Rome"), ("utc", "UTC")])
async def test_a_time_zone_is_named_by_itself_or_by_a_city(folder: Path, typed: str, zone: str) -> None:
    result = await init("--yes", "--timezone", typed)
    assert result.exit_code == 0, result.output
    assert load_config(folder / "config.yaml", {}).timezone == zone


async def test_no_check_asks_nobody(folder: Path) -> None:
    address = "https://www.example.org/feed"
    result = await init("--yes", "--no-check", "--discord-token", DISCORD, "--feed", address, "--web")
    assert result.exit_code == 0, result.output
    assert load_config(folder / "config.yaml", {}).web.enabled
    assert [feed.address for feed in load_config(folder / "config.yaml", {}).feeds] == [address]


async def test_where_nobody_can_be_asked_it_says_so(folder: Path) -> None:
    result = await init()
    assert (result.exit_code, "Not a terminal: nothing is asked." in result.stderr) == (0, True)
    assert "Not a terminal" not in (await init("--yes", "--force")).output
    assert load_config(folder / "config.yaml", {}).access is Policy.CLOSED


async def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    (folder / "file").write_text("")
    result = await init("--yes", "-c", "file/config.yaml")
    assert (result.exit_code, "cannot be written" in result.output) == (1, True)


async def test_a_full_disk_is_told_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.cli.init.Path.write_text", full)
    result = await init("--yes")
    assert (result.exit_code, result.stderr) == (
        1,
        "nutgraf: config.yaml cannot be written: No space left on device.\n",
    )


@pytest.mark.parametrize("hostile", ['a"b: {c}', "x # y", "[", "é\\n", "'"])
def test_values_are_quoted(hostile: str) -> None:
    choices = Choices({"telegram": hostile}, hostile, "en", hostile, Policy.CLOSED, (hostile,), (hostile,), (hostile,))
    document, mistakes = read_yaml(written_config(choices).encode())
    assert mistakes == []
    assert document["database"] == document["timezone"] == document["telegram"]["base_url"] == hostile
    assert (document["operators"], document["feeds"]) == ([hostile], [{"address": hostile}])
