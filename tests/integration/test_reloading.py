"""New settings at run time."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.access import NOT_ADMITTED
from bot.app import Bot, open_bot
from bot.chats import Destination
from bot.commands.context import Request
from bot.i18n import Translator
from bot.reloading import reload
from bot.settings.load import load_config
from bot.settings.model import Config
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Settings, Subscription
from tests.programs import running_program

CHAT = Destination("console", "7")
ALLOWED = "access: allow-list\nallow: ['console:7']\n"


class Running:
    """A bot with a configuration file that can be rewritten."""

    def __init__(self, bot: Bot, config: Config, path: Path) -> None:
        self.bot = bot
        self.config = config
        self.path = path

    async def reload(self, text: str) -> list[MutableMapping[str, Any]]:
        """Rewrites the file, and returns what the reload logs."""
        self.path.write_text(f"database: sqlite:///{self.path.parent}/n.db\n{text}", "utf-8")
        with capture_logs() as lines:
            self.config = await reload(self.bot, self.config, lambda: load_config(self.path, {}))
        return [line for line in lines if str(line["event"]).startswith(("settings", "restart"))]

    async def answers(self) -> bool:
        """Whether the chat is answered, and not turned away."""
        view = await self.bot.dispatcher.answer(Request(CHAT, "/latest", user="console:8"))
        assert view is not None
        said = " ".join(Translator("en").say(text) for text in view.texts() if not hasattr(text, "version"))
        return "console:8" not in said


@pytest.fixture(name="running")
async def _running(tmp_path: Path) -> AsyncIterator[Running]:
    path = tmp_path / "config.yaml"
    path.write_text(f"database: sqlite:///{tmp_path}/n.db\n", "utf-8")
    config = load_config(path, {})
    async with open_bot(config) as bot:
        yield Running(bot, config, path)


async def test_access_changes_at_once(running: Running) -> None:
    assert not await running.answers()
    [line] = await running.reload(ALLOWED)
    assert (line["event"], line["changed"]) == ("settings_reloaded", ["access", "allow"])
    assert await running.answers()
    await running.reload("")
    assert not await running.answers()


async def test_subscriptions_follow_the_access(running: Running) -> None:
    await running.reload(ALLOWED)
    now = running.bot.clock()
    kept = await running.bot.subscriptions.add(scheduled(Subscription(0, CHAT, "console:8", Settings(), now)), 1)
    assert kept is not None
    for settings, paused in (("", NOT_ADMITTED), (ALLOWED, None)):
        await running.reload(settings)
        found = await running.bot.subscriptions.get(kept.id)
        assert found is not None
        assert found.paused == paused


async def test_new_operators_are_alerted(running: Running) -> None:
    from bot.i18n import own

    await running.reload("operators: ['console:9']\n")
    said = own("No backup could be made: {detail}.", detail="x")
    await running.bot.posting.alerts.tell("test", said, running.bot.clock())
    told = {str(one.destination) for one in await running.bot.ledger.latest(9)}
    assert told == {"console:operator", "console:9"}


async def test_feeds_come_and_go(running: Running) -> None:
    assert running.bot.ingest is not None
    await running.reload("feeds: [{ address: 'https://a.example/feed', tags: [local] }]\n")
    [feed] = await running.bot.ingest.feeds.all()
    assert feed.source.tags == {"local"}
    await running.reload("")
    assert await running.bot.ingest.feeds.all() == []


async def test_what_needs_a_restart_is_named(running: Running) -> None:
    lines = await running.reload("language: it\nfetching: { contact: 'me@a.example' }\naccess: open\n")
    assert lines[0]["changed"] == ["access"]
    assert (lines[1]["event"], lines[1]["settings"]) == ("restart_needed", ["fetching", "language"])
    [line] = await running.reload(
        "language: it\nfetching: { contact: 'me@a.example', allow_links: ['console:7'] }\naccess: open\n"
    )
    assert line["event"] == "settings_reloaded"
    assert running.bot.dispatcher.context.access.may_send_links(CHAT, "console:8")


@pytest.mark.parametrize("wrong", ["access: opened\n", "access: [\n"])
async def test_mistakes_change_nothing(running: Running, wrong: str) -> None:
    await running.reload(ALLOWED)
    [line] = await running.reload(wrong)
    assert (line["event"], line["log_level"]) == ("settings_invalid", "error")
    assert await running.answers()
    assert [one["changed"] for one in await running.reload("access: open\n")] == [["access", "allow"]]


async def test_a_file_that_is_gone_changes_nothing(running: Running) -> None:
    await running.reload(ALLOWED)
    running.path.unlink()
    with capture_logs() as lines:
        await reload(running.bot, running.config, lambda: load_config(running.path, {}))
    assert lines[0]["event"] == "settings_invalid"
    assert await running.answers()


async def test_sighup_reloads_and_does_not_stop_the_program(tmp_path: Path) -> None:
    async with running_program(tmp_path, "run") as process:
        assert process.stderr is not None
        while b"bot_started" not in await asyncio.wait_for(process.stderr.readline(), 60):
            pass
        (tmp_path / "config.yaml").write_text("access: open\n")
        process.send_signal(signal.SIGHUP)
        while b"settings_reloaded" not in (line := await asyncio.wait_for(process.stderr.readline(), 60)):
            assert line
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
