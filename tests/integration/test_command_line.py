"""Conventions of the command line: help, completion, tables, colours, exit codes, and what it leaves on the disk."""

from __future__ import annotations

import json
import logging
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
import typer
from typer.testing import CliRunner

from bot.cli import _let_shell_be_named, app
from bot.cli.common import print_table
from bot.runtime.logging import set_up_logging
from tests.programs import ROOT, ran, ran_in_terminal

READING = [
    ("stories", "list"),
    ("stories", "show", "ffff"),
    ("feeds", "list"),
    ("feeds", "check"),
    ("feeds", "export"),
    ("deliveries", "list"),
    ("deliveries", "show", "1"),
    ("subscriptions", "list"),
    ("inbox", "list"),
    ("jobs", "list"),
    ("parts",),
    ("digest", "--for", "console:terminal"),
    ("db", "check"),
    ("backup", "copy"),
    ("export", "all.gz"),
    ("schema", "config"),
]
CHANGING = [
    ("stories", "hide", "ffff"),
    ("stories", "reanalyse"),
    ("deliveries", "retry", "1"),
    ("subscriptions", "pause", "1"),
    ("feeds", "remove", "1"),
    ("inbox", "drop", "1"),
    ("jobs", "retry", "poll", "1"),
]
ADDING = [
    ("run",),
    ("check",),
    ("stories", "add", "story.txt"),
    ("db", "upgrade"),
    ("restore", "copy", "--yes"),
    ("import", "all.gz"),
]
WITH_DATABASE = [one for one in (*READING, *CHANGING, *ADDING) if one[0] != "schema"]


@pytest.fixture(name="folder", autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    return tmp_path


@pytest.fixture
def logging_restored() -> Iterator[None]:
    handlers, config = logging.getLogger().handlers, structlog.get_config()
    yield
    logging.getLogger().handlers = handlers
    structlog.configure(**config)


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    group = group or typer.main.get_command(app)
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return ran(Path.cwd(), *arguments, **environment)


def in_terminal(*arguments: str, **environment: str) -> str:
    return ran_in_terminal(Path.cwd(), *arguments, **environment)


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_has_short_help(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*path, "-h"])
    assert (result.exit_code, "Usage:" in result.output) == (0, True)
    assert "<bool>" not in result.output


@pytest.mark.parametrize("path", [path for path in commands() if path and path[-1] in {"list", "parts"}], ids=" ".join)
def test_every_listing_prints_json(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*path, "--json"])
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])


@pytest.mark.parametrize("arguments", [*READING, *CHANGING], ids=" ".join)
def test_only_commands_that_add_something_create_a_database(folder: Path, arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code in {0, 1, 2}
    assert list(folder.iterdir()) == []
    if arguments[0] not in {"db", "backup", "export", "schema"}:
        assert (
            f"Note: There is no database {folder}/nutgraf.db yet; `nutgraf run`, `nutgraf stories add`" in result.stderr
        )


@pytest.mark.parametrize("command", ["check", "health", "worker"])
def test_without_settings_they_say_how_to_get_some(folder: Path, command: str) -> None:
    result = CliRunner().invoke(app, [command])
    assert (result.exit_code, f"There is no {folder}/config.yaml; `nutgraf init` writes one" in result.stderr) == (
        2,
        True,
    )
    (folder / "config.yaml").write_text("")
    assert "nutgraf init" not in CliRunner().invoke(app, [command]).stderr


@pytest.mark.parametrize("arguments", WITH_DATABASE, ids=" ".join)
def test_a_folder_that_does_not_exist_is_told_by_every_command(folder: Path, arguments: tuple[str, ...]) -> None:
    (folder / "config.yaml").write_text(f"database: sqlite:///gone/n.db\ntelegram: {{token: '123456789:{'A' * 35}'}}\n")
    (folder / "story.txt").write_text("A cheese wins\n\nA goat cheese won a prize in Norby on Monday.\n")
    before = sorted(folder.iterdir())
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 1
    assert f"the folder {folder}/gone does not exist. Create it, or write another path" in result.stderr
    assert result.stderr.count("\n") == 1
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_printed_for_each_shell(shell: str) -> None:
    script = run(_NUTGRAF_COMPLETE=f"source_{shell}").stdout
    assert "_NUTGRAF_COMPLETE" in script


def test_completion_is_printed_for_the_shell_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["nutgraf", "--show-completion", "zsh"])
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "")  # restored after the test
    _let_shell_be_named(sys.argv[1:])
    result = CliRunner().invoke(app, sys.argv[1:], prog_name="nutgraf")
    assert (result.exit_code, "#compdef nutgraf" in result.output) == (0, True)


def test_completion_names_subcommands_and_languages() -> None:
    told = run(_NUTGRAF_COMPLETE="complete_bash", COMP_WORDS="nutgraf stories s", COMP_CWORD="2").stdout
    assert set(told.split()) == {"show", "split"}
    told = run(_NUTGRAF_COMPLETE="complete_bash", COMP_WORDS="nutgraf demo --language ", COMP_CWORD="3").stdout
    assert set(told.split()) == {"en", "it", "de", "fr", "es"}


def test_a_table_elsewhere_than_in_a_terminal_has_one_line_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id", "title"), [("1", "A long title " * 20), ("2", "two\nlines\tand a tab")])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t") for line in lines] == [
        ["id", "title"],
        ["1", ("A long title " * 20).strip()],
        ["2", "two lines and a tab"],
    ]


def test_a_table_in_a_terminal_has_its_width(folder: Path) -> None:
    title = "The bridge of the long river that leads from Norby to the harbour of the old town has fallen"
    (folder / "story.txt").write_text(f"{title}\n\nThe bridge at Norby fell into the river. Nobody was hurt.\n")
    assert run("stories", "add", "story.txt").returncode == 0
    for width in (60, 100):
        lines = in_terminal("stories", "list", COLUMNS=str(width), LINES="40", NO_COLOR="1", TERM="dumb").splitlines()
        assert width - 10 < max(map(len, map(str.rstrip, lines))) <= width


def test_no_color_switches_colours_off() -> None:
    coloured, plain = "\x1b[3", "\x1b[1;3"
    assert any(sign in in_terminal("-h") for sign in (coloured, plain))
    assert not any(sign in in_terminal("-h", NO_COLOR="1") for sign in (coloured, plain))


@pytest.mark.usefixtures("logging_restored")
@pytest.mark.parametrize(("value", "has_colours"), [("", True), ("1", False)])
def test_no_color_is_heeded_by_the_log(monkeypatch: pytest.MonkeyPatch, value: str, has_colours: bool) -> None:
    screen, terminal = pty.openpty()
    monkeypatch.setenv("NO_COLOR", value)
    with os.fdopen(screen, "rb", buffering=0) as reader, os.fdopen(terminal, "w") as error:
        monkeypatch.setattr("sys.stderr", error)
        set_up_logging("info", as_json=False)
        structlog.stdlib.get_logger("nutgraf").info("bot_started")
        error.flush()
        written = reader.read(65536)
    assert (b"\x1b[3" in written) is has_colours


def test_wrong_options_and_unknown_commands_end_with_2() -> None:
    assert CliRunner().invoke(app, ["nonsense"]).exit_code == 2
    assert CliRunner().invoke(app, ["stories", "list", "-n", "0"]).exit_code == 2


def test_ctrl_c_ends_with_130() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background of a shell, programs ignore it
    with subprocess.Popen(  # ourselves
        [sys.executable, "-W", "ignore", "-m", "bot", "brief", "-"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONFAULTHANDLER": ""},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        stdin = Path(f"/proc/{process.pid}/wchan")
        while process.poll() is None and "pipe_read" not in stdin.read_text():
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
