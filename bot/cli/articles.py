"""``nutgraf demo|brief|ask|schema``: commands that need no database."""

from __future__ import annotations

import asyncio
import sys
from enum import StrEnum
from shutil import get_terminal_size
from typing import Annotated

import typer

from bot.cli.common import Language, source_complaints, translator
from bot.cli.plain_help import Commands
from bot.i18n import Translator
from bot.runtime.terminal import CleanConsole, emit, emit_json
from bot.views.model import View
from briefings.model import SectionKind

#: Columns of what is printed elsewhere than on a terminal, unless COLUMNS says otherwise.
_WIDTH = 80

schema_app = Commands(help="Print the JSON Schema of an output or of the settings.")


class Format(StrEnum):
    """The output format of a briefing."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


Source = Annotated[str, typer.Argument(help="A file (text, Markdown, HTML, PDF), or - for standard input.")]


def demo(
    tour: Annotated[bool, typer.Option("--tour", help="Print a tour, also on a terminal.")] = False,
    language: Language = None,
) -> None:
    """Chat with the bot about bundled articles. Without a terminal: print a tour."""
    asyncio.run(_demo(translator(language), tour))


def brief(
    source: Source,
    section: Annotated[SectionKind | None, typer.Option(help="Print only this section, in full.")] = None,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.TEXT,
    language: Language = None,
) -> None:
    """Print the briefing of an article."""
    user_translator = translator(language)
    with source_complaints(user_translator):
        _brief(source, section, format, user_translator)


def ask(
    source: Source,
    question: Annotated[str, typer.Argument(help="A command such as /who, or a question.")],
    format: Annotated[Format, typer.Option(help="How to print it; JSON is for questions.")] = Format.TEXT,
    language: Language = None,
) -> None:
    """Print what the bot would answer about an article."""
    user_translator = translator(language)
    with source_complaints(user_translator):
        if format is Format.JSON:
            _ask_json(source, question)
        else:
            asyncio.run(_ask(source, question, format, user_translator))


@schema_app.command("briefing")
def schema_briefing() -> None:
    """Print the JSON Schema of `nutgraf brief --format json`."""
    from briefings.document import briefing_schema

    emit_json(briefing_schema())


@schema_app.command("config")
def schema_config() -> None:
    """Print the JSON Schema of config.yaml, for editors."""
    from bot.settings.load import config_schema

    emit_json(config_schema())


async def _demo(translator: Translator, is_tour: bool) -> None:
    from bot.app import CONSOLE_USER, open_demo
    from bot.platforms.console.chat import Terminal, is_terminal, new_session

    async with open_demo() as dispatcher:
        terminal = Terminal(dispatcher, translator, CleanConsole(), CONSOLE_USER)
        if is_tour or not is_terminal():
            await terminal.tour()
        else:
            await terminal.chat(new_session(translator))


def _brief(source: str, kind: SectionKind | None, format: Format, translator: Translator) -> None:
    from dataclasses import replace

    from bot.answers.sections import absence_view, find_section, whole_section_view
    from bot.answers.stories import whole_view
    from bot.cli.inputs import brief_input
    from briefings.analysis.attribution import with_attribution
    from briefings.document import briefing_document
    from briefings.related import listed

    version = brief_input(source)
    related = listed(version.article)
    found = find_section(version, kind) if kind else None
    if format is Format.JSON:
        shown = with_attribution(version.briefing)
        if kind:
            shown = replace(shown, sections=(found,) if found else ())
        emit_json(briefing_document(shown, related))
    elif kind is None:
        print_view(whole_view(version, related), format, translator)
    else:
        view = whole_section_view(version, found) if found else absence_view(version, kind)
        print_view(replace(view, buttons=()), format, translator)


def _ask_json(source: str, question: str) -> None:
    from bot.cli.inputs import brief_input
    from briefings.analysis.questions import answer
    from briefings.answer_document import answer_document

    version = brief_input(source)
    reply = answer(version.briefing, question)
    emit_json(answer_document(version.article, reply))


async def _ask(source: str, question: str, format: Format, translator: Translator) -> None:
    from bot.app import open_articles
    from bot.cli.inputs import read_input_article
    from bot.commands.context import Request
    from bot.platforms.console.chat import CONSOLE

    async with open_articles([read_input_article(source)]) as dispatcher:
        view = await dispatcher.answer(Request(CONSOLE, question))
    if view:
        print_view(view, format, translator)


def print_view(view: View, format: Format, translator: Translator) -> None:
    """Prints a view to standard output."""
    from bot.platforms.console.render import ConsoleRenderer, as_text

    if format is Format.MARKDOWN:
        from bot.platforms.console.markdown import MarkdownRenderer

        emit(MarkdownRenderer().render(view, translator), nl=False)
        return
    lines = ConsoleRenderer().render(view, translator)
    if sys.stdout.isatty():
        from bot.platforms.console.chat import print_lines

        print_lines(CleanConsole(), lines)
    else:
        emit(as_text(lines, get_terminal_size((_WIDTH, 24)).columns))
