"""Parts that all commands share: language, settings, error messages and tables."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import structlog
import typer
from pydantic import SecretStr

from bot.i18n import LOCALES, Translator, best_locale
from bot.runtime.terminal import CleanConsole, confirm, emit, emit_row
from briefings.errors import SourceError
from briefings.sources.text import one_line

if TYPE_CHECKING:  # slow to import, and only some commands need it
    from rich.progress import Progress

    from bot.app import Bot
    from bot.settings.model import Config

Result = TypeVar("Result")

#: Exit codes: invalid input, and a failure on this machine.
BAD_INPUT, FAILED = 2, 1
_DEFAULT_CONFIG = Path("config.yaml")

#: Pieces of work that may wait for worker processes.
_MOST_WAITING = 100

Language = Annotated[
    str | None,
    typer.Option(
        help=f"The bot's language: {', '.join(LOCALES)}. By default the system's.",
        autocompletion=lambda: list(LOCALES),
    ),
]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", help="The settings. By default config.yaml, if it is there.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def translator(language: str | None) -> Translator:
    """Returns the translator for the chosen language, or for the system's.

    Raises:
        typer.BadParameter: The language is not supported.
    """
    if language is not None and language not in LOCALES:
        raise typer.BadParameter(f"{language!r} is not one of {', '.join(LOCALES)}", param_hint="--language")
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return Translator(language or best_locale(system))


def reason_said(reason: str | None) -> str:
    """Returns why a post failed or a subscription is paused, in words, with what to do about it if that is known."""
    from bot.answers.obstacles import obstacle_said

    return translator(None).say(obstacle_said(reason)) if reason else ""


def print_error(text: str) -> None:
    """Prints one line to standard error."""
    emit(f"nutgraf: {one_line(text)}", err=True)


def is_interactive() -> bool:
    """Returns whether the user can be asked."""
    return sys.stdin.isatty()


def confirm_unless(yes: bool, question: str) -> None:
    """Asks a question before something is deleted or replaced, unless ``--yes`` was given.

    Raises:
        typer.Abort: The answer is no, or there is none.
    """
    if yes:
        return
    try:
        confirm(question, abort=True)
    except typer.Abort:
        if not is_interactive():
            emit("")  # the question has no line end
            print_error("Nothing was done. Where nobody can be asked, write --yes.")
        raise


@contextmanager
def source_complaints(translator: Translator) -> Iterator[None]:
    """Turns an input error into a message and exit code 2."""
    from bot.answers.errors import error_message

    try:
        yield
    except SourceError as error:
        print_error(translator.say(error_message(error)))
        raise typer.Exit(BAD_INPUT) from error


@contextmanager
def storage_complaints() -> Iterator[None]:
    """Turns a database error into a message and exit code 1."""
    from bot.answers.errors import storage_error_message
    from bot.storage.database.errors import StorageError

    try:
        yield
    except StorageError as error:
        print_error(translator(None).say(storage_error_message(error)))
        raise typer.Exit(FAILED) from error


@contextmanager
def failures_told() -> Iterator[None]:
    """Ends a program that runs for long: a database error as `storage_complaints` does, any other one with a log line.

    Python's own traceback could show a secret.
    """
    with storage_complaints():
        from bot.storage.database.errors import StorageError

        try:
            yield
        except (StorageError, typer.Exit):
            raise
        except Exception as error:
            structlog.stdlib.get_logger("nutgraf").exception("crashed")
            raise typer.Exit(FAILED) from error


def read_config(path: Path | None) -> Config:
    """Returns the settings from a file, from config.yaml if it exists, or the defaults.

    Raises:
        typer.Exit: They have mistakes. These are printed.
    """
    from bot.settings.load import ConfigInvalid

    try:
        return read_again(path)
    except OSError as error:
        name = path or _DEFAULT_CONFIG
        print_error(f"{name} cannot be read: {error.strerror}. `nutgraf init` writes one; -c names another.")
        raise typer.Exit(BAD_INPUT) from error
    except ConfigInvalid as error:
        for mistake in error.mistakes:
            print_error(f"{error.name}: {mistake}")
        raise typer.Exit(BAD_INPUT) from error


def missing_settings(path: Path | None) -> str:
    """Returns a sentence about config.yaml if there is none where it is looked for, or an empty text."""
    if path is not None or _DEFAULT_CONFIG.exists():
        return ""
    return f"There is no {_DEFAULT_CONFIG.absolute()}; `nutgraf init` writes one, -c names another."


def read_again(path: Path | None) -> Config:
    """Returns the settings as `read_config` does, for a program that runs on if they have mistakes.

    Raises:
        ConfigInvalid: They have mistakes.
        OSError: The file cannot be read.
    """
    from bot.settings.load import load_config
    from bot.settings.model import Config

    if path is None and not _DEFAULT_CONFIG.exists():
        return Config()
    return load_config(path or _DEFAULT_CONFIG)


def with_bot(
    path: Path | None,
    work: Callable[[Bot], Awaitable[Result]],
    *,
    creates: bool = False,
    in_workers: bool = False,
    processes: int = 0,
) -> Result:
    """Does something with the bot that the settings describe, which is not started.

    Args:
        creates: Whether a missing SQLite file is created. Otherwise the command sees an empty database.
        in_workers: Whether foreign text is read in worker processes, with limits on time and memory.
        processes: How many worker processes read and analyse many articles at once; 0: as ``in_workers`` says.

    Raises:
        typer.Exit: The settings or the database cannot be used. The reason is printed.
    """
    settings = read_config(path)

    async def run() -> Result:
        from bot.app import open_bot

        wanted = settings if creates else _without_new_files(settings)
        async with AsyncExitStack() as stack:
            workers = None
            if processes:
                from bot.workers.pool import ANALYSIS, running_workers

                many = replace(ANALYSIS, processes=processes, waiting=_MOST_WAITING)
                workers = await stack.enter_async_context(running_workers(many))
            elif in_workers:
                from bot.workers.pool import running_workers

                workers = await stack.enter_async_context(running_workers())
            analysts = workers if processes else None
            return await work(await stack.enter_async_context(open_bot(wanted, workers, analysts)))

    with storage_complaints():
        return asyncio.run(run())


def _without_new_files(settings: Config) -> Config:
    """Returns the settings, with a database in memory if the SQLite file does not exist. Prints a note about it.

    Raises:
        StorageError: The URL is wrong, or the folder of the file does not exist.
    """
    from bot.storage.database.urls import IN_MEMORY, check_folder, sqlite_file

    path = sqlite_file(settings.database.get_secret_value())
    if path is None or path.exists():
        return settings
    check_folder(path)
    made_by = "`nutgraf run`, `nutgraf stories add` and `nutgraf feeds add` create it"
    emit(f"Note: There is no database {path.absolute()} yet; {made_by}.", err=True)
    return settings.model_copy(update={"database": SecretStr(IN_MEMORY)})


def progress_bar() -> Progress:
    """A bar on standard error that goes when it is done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=CleanConsole(stderr=True), transient=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table: fitted to the width of a terminal; elsewhere one row per line, with tabs between the cells.

    Cells are plain text, not markup.
    """
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            emit_row(row)
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    CleanConsole().print(table)
