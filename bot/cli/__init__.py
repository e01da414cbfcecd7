"""The command line: ``nutgraf ...``."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from io import TextIOWrapper
from typing import Annotated

import typer

from bot.cli import (
    articles,
    checking,
    copies,
    database,
    deliveries,
    feeds,
    health,
    inbox,
    init,
    jobs,
    parts,
    running,
    stories,
    subscriptions,
    worker,
)
from bot.cli.plain_help import Commands
from bot.runtime.logging import set_up_logging
from bot.runtime.terminal import emit, printable

app = Commands(
    name="nutgraf",
    help="News briefings: an article in, answers out.",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
app.command()(init.init)
app.command()(running.run)
app.command()(worker.worker)
app.command()(health.health)
app.command()(parts.parts)
app.command()(checking.check)
app.command()(articles.demo)
app.command()(articles.brief)
app.command()(articles.ask)
app.add_typer(stories.app, name="stories")
app.add_typer(feeds.app, name="feeds")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(subscriptions.app, name="subscriptions")
app.add_typer(inbox.app, name="inbox")
app.add_typer(jobs.app, name="jobs")
app.command()(deliveries.digest)
database.app.command()(copies.backup)
app.add_typer(database.app, name="db")
app.command()(copies.backup)
app.command()(copies.restore)
app.command()(copies.export)
app.command("import")(copies.import_)
app.add_typer(articles.schema_app, name="schema")


def main() -> None:
    """Runs the command line, and ends quietly if its output is closed."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a letter shows a question mark
    _let_shell_be_named(sys.argv[1:])
    set_up_logging("warning", as_json=False)  # to standard error; `run` has settings of its own
    try:
        app(prog_name="nutgraf")  # also as `python -m bot`
    except OSError as error:
        print(printable(f"nutgraf: {error.strerror or error}"), file=sys.stderr)  # noqa: T201  # other ways of writing can fail too
        os._exit(1)  # otherwise the interpreter writes again at exit and prints a traceback


def _let_shell_be_named(arguments: list[str]) -> None:
    """Lets the options for completion take the name of a shell. Typer would ignore it and take the running shell."""
    if len(arguments) == 2 and arguments[0] in {"--show-completion", "--install-completion"}:
        os.environ["_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"] = "1"


def _version(value: bool) -> None:
    if value:
        emit(metadata.version("nutgraf"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[  # its callback prints it
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass
