"""Foreign text is cleaned in one place before it reaches a terminal."""

from __future__ import annotations

import ast
import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import structlog
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.testing import CliRunner

import bot
from bot.app import open_bot
from bot.chats import Destination
from bot.cli import app
from bot.cli.common import failures_told
from bot.delivery.model import Delivery, State
from bot.i18n import Translator
from bot.platforms.console.chat import Terminal, print_lines
from bot.platforms.console.render import Line
from bot.platforms.console.sender import ConsoleSender
from bot.runtime.clock import clock
from bot.runtime.logging import set_up_logging
from bot.runtime.terminal import CleanConsole, emit, emit_json, printable
from bot.settings.model import Config
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Settings, Subscription
from briefings.scope import Scope
from tests.fakes import OpenTalk, article

HOSTILE = "a\x1b[31mb\u202ec\u2066d\x07\x9b2Je\u2028f"
SAFE = "a[31mbcd2Jef"
#: The module that prints, and one that prints when nothing else works.
PRINTERS = {"runtime/terminal.py", "cli/__init__.py"}
ROOT = Path(bot.__file__).parent


def obeyed(text: str) -> set[str]:
    """What a terminal would obey in a text."""
    return {char for char in text if not char.isprintable() and char != "\n"}


def test_a_terminal_obeys_nothing() -> None:
    assert printable(HOSTILE) == SAFE
    assert printable("two\nlines, a \u200d joiner") == "two\nlines, a \u200d joiner"


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_prints_by_itself(path: Path) -> None:
    if str(path.relative_to(ROOT)) in PRINTERS:
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"print", "Console", "typer.echo", "typer.secho", "typer.confirm", "typer.prompt"}
            assert not called.startswith(("sys.stdout.write", "sys.stderr.write", "click."))


def test_a_console_cleans_whatever_it_is_given() -> None:
    printed = StringIO()
    console = CleanConsole(file=printed, width=80)
    table = Table("column", title=Text(HOSTILE))
    table.add_row(Text(HOSTILE, style="bold"))
    for given in (HOSTILE, Text(HOSTILE), table):
        console.print(given, markup=False)
    print_lines(console, [Line(HOSTILE, True), Line(HOSTILE, False)])
    assert obeyed(printed.getvalue()) == set()
    assert printed.getvalue().count("a[31mb") == 6


def test_its_own_styles_stay() -> None:
    printed = StringIO()
    CleanConsole(file=printed, force_terminal=True, color_system="standard").print(Text(HOSTILE, style="bold red"))
    assert "\x1b[1;31m" in printed.getvalue()
    assert "\x1b[31mb" not in printed.getvalue()


def test_json_keeps_every_value_and_shows_no_control(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json({"title": HOSTILE})
    printed = capsys.readouterr().out
    assert obeyed(printed) == set()
    assert json.loads(printed) == {"title": HOSTILE}


def test_texts_and_errors_are_cleaned(capsys: pytest.CaptureFixture[str]) -> None:
    emit(HOSTILE)
    emit(HOSTILE, err=True)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == (f"{SAFE}\n", f"{SAFE}\n")


@pytest.fixture(name="log")
def _log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    written = StringIO()
    monkeypatch.setattr("sys.stderr", written)
    handlers, config = logging.getLogger().handlers, structlog.get_config()
    yield written
    logging.getLogger().handlers = handlers
    structlog.configure(**config)


@pytest.mark.parametrize("as_json", [True, False])
def test_log_lines_are_cleaned_and_stay_lines(log: StringIO, as_json: bool) -> None:
    set_up_logging("info", as_json)
    error = ValueError(HOSTILE)
    structlog.stdlib.get_logger("nutgraf").error("crashed", title=f"{HOSTILE}\nforged line", exc_info=error)
    logging.getLogger("library").warning("%s\nforged line", HOSTILE)
    assert obeyed(log.getvalue()) == set()
    assert "\nforged line" not in log.getvalue()


async def test_posts_and_answers_in_the_terminal_are_cleaned(open_talk: OpenTalk) -> None:
    talk = await open_talk(article("A bridge collapses", "The bridge fell. Nobody was hurt."))
    printed = StringIO()
    console = CleanConsole(file=printed, width=80)
    now = clock()
    post = Delivery(7, "x", 1, Destination("console", "terminal"), HOSTILE, now, now + timedelta(hours=1))
    await ConsoleSender(console).send(post)
    await Terminal(talk.bot.dispatcher, Translator("en"), console, "test:7").say(f"/summary {HOSTILE}")
    assert obeyed(printed.getvalue()) == set()


async def _fill() -> None:
    """Puts hostile words wherever somebody else's words are kept."""
    async with open_bot(Config()) as made:
        now = made.clock()
        library = made.dispatcher.context.library
        found = article("A bridge collapses", "The bridge fell. Nobody was hurt.", url="https://a.example/1")
        await library.add(found, now, Scope(tags=frozenset({HOSTILE})))
        where = Destination("console", f"chat{HOSTILE}".replace(":", ""))
        await made.subscriptions.add(scheduled(Subscription(0, where, HOSTILE, Settings(), now, since=now)), 1)
        lost = Delivery(0, f"x{HOSTILE}", 1, where, HOSTILE, now, now + timedelta(hours=1))
        await made.occasions.enqueue([replace(lost, state=State.UNCERTAIN, error=HOSTILE)], now)
        [incoming] = await made.inbox.store("telegram", [(5, HOSTILE)], now)
        await made.inbox.set_aside(incoming.id, HOSTILE, None)


def _listings() -> list[list[str]]:
    """Every subcommand called ``list`` or ``show``, with what it needs."""
    command = typer.main.get_command(app)
    found = []
    for group, commands in sorted(getattr(command, "commands", {}).items()):
        for name in sorted(getattr(commands, "commands", {})):
            if name == "list":
                found.append([group, name])
            elif name == "show":
                found.append([group, name, "1" if group == "deliveries" else ""])
    return found


@pytest.mark.parametrize("command", _listings(), ids=lambda command: " ".join(command[:2]))
def test_every_listing_is_cleaned(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    asyncio.run(_fill())
    arguments = list(command)
    if command[:2] == ["stories", "show"]:
        listed = json.loads(CliRunner().invoke(app, ["stories", "list", "--json"]).stdout)
        arguments[2] = str(listed[0]["id"])
    for options in ([], ["--json"]) if "list" in command else ([],):
        result = CliRunner().invoke(app, [*arguments, *options])
        assert result.exit_code == 0, result.output
        assert obeyed(result.output) <= {"\t"}  # between the cells of a table


def test_a_plain_console_would_obey() -> None:
    printed = StringIO()
    Console(file=printed).print(Text(HOSTILE))
    assert obeyed(printed.getvalue()), "the test above would prove nothing"


def test_a_crash_is_a_log_line_and_exit_code_1(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(typer.Exit) as ended, failures_told():
        raise ZeroDivisionError
    assert ended.value.exit_code == 1
    assert "crashed" in caplog.text
    with pytest.raises(typer.Exit) as asked, failures_told():
        raise typer.Exit(2)
    assert asked.value.exit_code == 2
