"""The only way to a terminal: whatever is printed is cleaned here of what a terminal would obey."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, MutableMapping
from typing import Any

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

#: Controls, marks of direction and other characters that are not seen, halves of characters, line separators.
_OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: Emoji and several scripts need the joiners; nothing else of these is needed in a line but its end.
_KEPT = frozenset("\n\u200c\u200d")


def printable(text: str) -> str:
    """``text`` without what a terminal obeys: escape sequences, other controls, marks of direction."""
    if text.isprintable():
        return text
    return "".join(char for char in text if char in _KEPT or unicodedata.category(char) not in _OBEYED)


def emit(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Prints a text to standard output, or to standard error."""
    typer.echo(printable(text), err=err, nl=nl)


def emit_row(cells: Iterable[str]) -> None:
    """Prints a row of a table for programs: one line, with tabs between the cells."""
    typer.echo("\t".join(printable(" ".join(cell.split())) for cell in cells))


def emit_json(document: object) -> None:
    """Prints JSON in which every character that is not seen is escaped, so that no value is changed."""
    written = json.dumps(document, ensure_ascii=False, indent=2)
    escaped = (char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in written)
    typer.echo("".join(escaped))


def confirm(question: str, *, abort: bool = False) -> bool:
    """Asks a question that is answered by yes or no."""
    return typer.confirm(printable(question), abort=abort)


def prompt(question: str, *, default: str | None = None, hidden: bool = False) -> str:
    """Asks a question that is answered in words. A ``hidden`` answer is not shown while it is typed.

    Returns:
        The answer. If it is empty, the default, or an empty text.
    """
    return str(typer.prompt(printable(question), default=default or "", hide_input=hidden, show_default=bool(default)))


class CleanConsole(Console):
    """A console that cleans whatever it is given; its own styles and movements stay."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The parts of a renderable, each cleaned."""
        for part in super().render(renderable, options):
            yield part if part.control else Segment(printable(part.text), part.style)


def cleaned(_: object, __: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """A processor of structlog: cleans the values of a log line; each is one line but for a traceback."""
    return {name: _cleaned(name, value) if isinstance(value, str) else value for name, value in event.items()}


def _cleaned(name: str, value: str) -> str:
    return printable(value) if name == "exception" else " ".join(printable(value).split("\n"))
