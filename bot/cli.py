"""The command line: ``nutgraf ...``."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib import metadata
from io import TextIOWrapper
from typing import Annotated

import typer

from bot.complaints import complaint
from bot.i18n import LOCALES, Translator, best_locale
from bot.views import View
from briefings.errors import SourceError
from briefings.model import SectionKind
from briefings.sources.text import one_line

app = typer.Typer(
    name="nutgraf",
    help="News briefings: an article in, answers out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
schema_app = typer.Typer(help="Print the JSON Schema of an output.", no_args_is_help=True)
app.add_typer(schema_app, name="schema")

_BAD_INPUT = 2


class Format(StrEnum):
    """How a briefing is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def main() -> None:
    """Runs the command line; what it prints may have nowhere to go."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal may lack a letter, and shows a question mark
    try:
        app()
    except OSError as error:
        print(f"nutgraf: {error.strerror or error}", file=sys.stderr)  # noqa: T201  # nothing else may work
        os._exit(1)  # the interpreter would try to write once more, and fail with a traceback


def _version(value: bool) -> None:
    if value:
        typer.echo(metadata.version("nutgraf"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[  # its callback prints it
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


Source = Annotated[str, typer.Argument(help="A file (text, Markdown, HTML), or - for standard input.")]
Language = Annotated[
    str | None, typer.Option(help=f"The bot's language: {', '.join(LOCALES)}. By default the system's.")
]


@app.command()
def demo(
    tour: Annotated[bool, typer.Option("--tour", help="Print a tour, also on a terminal.")] = False,
    language: Language = None,
) -> None:
    """Chat with the bot about bundled articles; without a terminal, print a tour."""
    asyncio.run(_demo(_translator(language), tour or not _is_terminal()))


@app.command()
def brief(
    source: Source,
    section: Annotated[SectionKind | None, typer.Option(help="Print only this section, in full.")] = None,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.TEXT,
    language: Language = None,
) -> None:
    """Print the briefing of an article."""
    translator = _translator(language)
    with _complaints(translator):
        _brief(source, section, format, translator)


@app.command()
def ask(
    source: Source,
    question: Annotated[str, typer.Argument(help="A command such as /who, or a question.")],
    language: Language = None,
) -> None:
    """Print what the bot would answer about an article."""
    translator = _translator(language)
    with _complaints(translator):
        asyncio.run(_ask(source, question, translator))


@schema_app.command("briefing")
def schema_briefing() -> None:
    """Print the JSON Schema of `nutgraf brief --format json`."""
    from briefings.document import briefing_schema

    typer.echo(json.dumps(briefing_schema(), indent=2))


def _is_terminal() -> bool:
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


async def _demo(translator: Translator, is_tour: bool) -> None:
    from rich.console import Console

    from bot.app import open_demo
    from bot.platforms.console.chat import Terminal, new_session

    terminal = Terminal(await open_demo(), translator, Console())
    if is_tour:
        await terminal.tour()
    else:
        await terminal.chat(new_session(translator))


def _brief(source: str, kind: SectionKind | None, format: Format, translator: Translator) -> None:
    from dataclasses import replace

    from bot.answers.sections import absence_view, find_section, whole_section_view
    from bot.answers.stories import whole_view
    from bot.app import brief_input
    from briefings.document import briefing_document
    from briefings.related import listed

    version = brief_input(source)
    related = listed(version.article)
    found = find_section(version, kind) if kind else None
    if format is Format.JSON:
        shown = version.briefing
        if kind:
            shown = replace(shown, sections=(found,) if found else ())
        typer.echo(json.dumps(briefing_document(shown, related), ensure_ascii=False, indent=2))
    elif kind is None:
        _print(whole_view(version, related), format, translator)
    else:
        view = whole_section_view(version, found) if found else absence_view(version, kind)
        _print(replace(view, buttons=()), format, translator)


async def _ask(source: str, question: str, translator: Translator) -> None:
    from bot.app import open_desk, read_input_article
    from bot.commands import Request

    desk = await open_desk([read_input_article(source)])
    _print(await desk.answer(Request("ask", question)), Format.TEXT, translator)


def _print(view: View, format: Format, translator: Translator) -> None:
    from bot.platforms.console.render import ConsoleRenderer, as_text

    if format is Format.MARKDOWN:
        from bot.platforms.console.markdown import MarkdownRenderer

        typer.echo(MarkdownRenderer().render(view, translator), nl=False)
        return
    lines = ConsoleRenderer().render(view, translator)
    if sys.stdout.isatty():
        from rich.console import Console

        from bot.platforms.console.chat import print_lines

        print_lines(Console(), lines)
    else:
        typer.echo(as_text(lines))


def _translator(language: str | None) -> Translator:
    if language is not None and language not in LOCALES:
        raise typer.BadParameter(f"{language!r} is not one of {', '.join(LOCALES)}", param_hint="--language")
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return Translator(language or best_locale(system))


@contextmanager
def _complaints(translator: Translator) -> Iterator[None]:
    """Turns an input that gives no article into one line and the exit code 2."""
    try:
        yield
    except SourceError as error:
        typer.echo(f"nutgraf: {one_line(translator.say(complaint(error)))}", err=True)
        raise typer.Exit(_BAD_INPUT) from error
