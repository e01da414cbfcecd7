"""Renders a view for a terminal. Text after a bar is quoted from the article."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.i18n import Message, Translator, own
from bot.views.buttons import ABOUT_TROUBLE, Control
from bot.views.labels import with_colon
from bot.views.model import (
    REPORTED_BY,
    Block,
    Bullet,
    Button,
    Conflict,
    Heading,
    LinkButton,
    Paragraph,
    Quote,
    Statement,
    Story,
    Text,
    Title,
    Usage,
    Verbatim,
    View,
)

_BAR = "│ "
_ELLIPSIS = "…"
#: Letters. A longer label stands on a line of its own: text beside it would be a narrow column on a phone.
_LONGEST_LABEL = 16
# A no-break space keeps a button's label together when its row is wrapped.
_UNBROKEN = "\u00a0"


class Role(Enum):
    """The style of a line."""

    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    BUTTONS = "buttons"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Line:
    """A line before it is wrapped.

    Attributes:
        is_own: Whether the words are the bot's. The article's words get a bar.
        mark: Text before the first row, such as a bullet.
        bold: The start and end of the bold words within the text.
    """

    text: str
    is_own: bool
    role: Role = Role.BODY
    mark: str = ""
    bold: tuple[int, int] = (0, 0)

    def rows(self, width: int) -> list[str]:
        """Wraps the line at ``width`` columns. Long words are not split."""
        bar = "" if self.is_own else _BAR
        indent = " " * len(self.mark)
        rows = textwrap.wrap(
            self.text,
            width,
            initial_indent=bar + self.mark,
            subsequent_indent=bar + indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return [row.replace(_UNBROKEN, " ") for row in rows] or [""]

    def bold_parts(self, rows: Sequence[str]) -> list[tuple[int, int]]:
        """The start and end of the bold words in each row."""
        first, last = self.bold
        parts, place = [], 0
        before = len(self.mark) + (0 if self.is_own else len(_BAR))
        for row in rows:
            words = row[before:]
            start = self.text.find(words, place)
            place = start + len(words)
            begin, end = max(first, start) - start, min(last, place) - start
            parts.append((before + begin, before + end) if begin < end else (0, 0))
        return parts


class ConsoleRenderer:
    """A `bot.views.model.Renderer` of lines."""

    def render(self, view: View, translator: Translator) -> list[Line]:
        """The lines of the view, with blank lines between different kinds of blocks."""
        lines: list[Line] = []
        previous: Block | None = None
        for block in view.blocks:
            if previous is not None and _is_apart(previous, block):
                lines.append(Line("", True, Role.BLANK))
            lines += _lines(block, translator)
            previous = block
        if view.document:
            lines += [Line("", True, Role.BLANK), *(Line(row, True) for row in view.document.text.splitlines())]
        if view.picture:
            note = translator.say(own("The picture itself is sent on Telegram and Discord."))
            lines += [Line("", True, Role.BLANK), Line(note, True)]
        if view.buttons:
            lines += [Line("", True, Role.BLANK), Line(_buttons(view, translator), True, Role.BUTTONS)]
        return lines


class ConsolePosts:
    """A `bot.posting.compositions.PostRenderer` for the terminal. A post can have any length."""

    def payload(self, view: View, translator: Translator, silent: bool) -> str:
        """The text of a post, with the buttons for operators. A terminal makes no sound."""
        del silent
        text = as_text(ConsoleRenderer().render(replace(view, buttons=()), translator))
        buttons = [
            (button_label(one, translator), one.action.encode())
            for one in view.buttons
            if isinstance(one, Button) and isinstance(one.action, Control) and one.action.verb in ABOUT_TROUBLE
        ]
        return json.dumps({"text": text, "buttons": buttons}, ensure_ascii=False) if buttons else text

    def fits(self, view: View, translator: Translator) -> bool:
        """Always: a terminal has no limit."""
        del view, translator
        return True


def read_post(payload: str) -> tuple[str, list[tuple[str, str]]]:
    """The text of a payload, and the labels and actions of its buttons."""
    try:
        found = json.loads(payload)
        return str(found["text"]), [(str(label), str(pressed)) for label, pressed in found["buttons"]]
    except (ValueError, KeyError, TypeError):  # most posts are text
        return payload, []


def as_text(lines: list[Line], width: int = 80) -> str:
    """The lines as plain text, wrapped at ``width`` columns."""
    return "\n".join(row for line in lines for row in line.rows(width))


def _is_apart(one: Block, other: Block) -> bool:
    if isinstance(one, Title | Story):
        return not isinstance(one, Title) or not isinstance(other, Heading)
    return type(one) is not type(other) and not isinstance(one, Heading)


def _lines(block: Block, translator: Translator) -> Iterator[Line]:
    match block:
        case Title(text, url):
            yield _line(text, translator, Role.TITLE)
            if url:
                yield Line(url, True)
        case Heading(text):
            yield _line(text, translator, Role.HEADING)
        case Paragraph(text):
            yield _line(text, translator)
        case Bullet(text):
            yield _line(text, translator, mark="• ")
        case Quote():
            yield from _quote(block, translator)
        case Usage(command, help):
            yield Line(translator.say(help), True, mark=f"/{command}".ljust(15))
        case _:
            yield from _large(block, translator)


def _large(block: Statement | Conflict | Story, translator: Translator) -> Iterator[Line]:
    """The lines of a block with several parts."""
    match block:
        case Statement():
            yield from _statement(block, translator)
        case Conflict():
            yield from _conflict(block, translator)
        case Story():
            yield from _story(block, translator)


def _quote(block: Quote, translator: Translator) -> Iterator[Line]:
    yield _line(block.text, translator, mark="» ")
    if block.speaker:
        yield _line(block.speaker, translator, mark="  — ")
    if block.outlets:
        yield _line(block.outlets, translator, mark="  · ")


def _statement(block: Statement, translator: Translator) -> Iterator[Line]:
    mark = f"{block.number}. "
    indent = " " * len(mark)
    yield _line(block.stance, translator, mark=mark)
    if block.target:
        yield _line(block.target, translator, mark=indent)
    yield _line(block.text, translator, mark="» ".rjust(len(mark)) if block.is_quote else indent)
    if block.via:
        yield _line(REPORTED_BY, translator, mark=indent)
        yield _line(block.via, translator, mark=indent)


def _conflict(block: Conflict, translator: Translator) -> Iterator[Line]:
    for side in block.sides:
        yield _line(side.name, translator)
        yield from _quote(Quote(side.text, side.speaker, side.outlets), translator)


def _story(story: Story, translator: Translator) -> Iterator[Line]:
    mark = "" if story.is_alone else f"{story.number}. " if story.number else "• "
    yield _line(story.title, translator, Role.TITLE if story.number or story.is_alone else Role.BODY, mark)
    indent = " " * len(mark)
    if story.url:
        yield Line(story.url, True, mark=indent)
    for text in story.lines:
        yield _line(text, translator, mark=indent)
    for line in story.details:
        label = with_colon(say(line.label, translator), translator)
        if len(label) > _LONGEST_LABEL:
            yield Line(label, isinstance(line.label, Message), mark=indent)
            yield _line(line.text, translator, mark=f"{indent}  ")
        else:
            yield _line(line.text, translator, mark=f"{indent}{label} ")
    for reference in story.references:
        yield _line(reference.title, translator, mark=f"{indent}→ ")
        if reference.reason:
            yield Line(f"({translator.say(reference.reason)})", True, mark=f"{indent}  ")


def _line(text: Text, translator: Translator, role: Role = Role.BODY, mark: str = "") -> Line:
    return Line(say(text, translator), isinstance(text, Message), role, mark, _bold(text))


def _bold(text: Text) -> tuple[int, int]:
    """The start and end of the marked words in the result of `say`."""
    if not isinstance(text, Verbatim) or text.marked is None:
        return 0, 0
    before, marked, _ = text.parts()
    start = len(" ".join(before.split())) + (1 if before.split() and before[-1].isspace() else 0)
    return start, start + len(" ".join(marked.split()))


def say(text: Text, translator: Translator) -> str:
    """The words of a text, with an ellipsis if the article's sentence goes on."""
    if isinstance(text, Message):
        return translator.say(text)
    words = " ".join(text.text.split())
    return words + _ELLIPSIS if isinstance(text, Verbatim) and text.is_cut else words


def _buttons(view: View, translator: Translator) -> str:
    return "  ".join(
        f"[{number}] {button_label(button, translator)}".replace(" ", _UNBROKEN)
        for number, button in enumerate(view.buttons, start=1)
    )


def button_label(button: Button | LinkButton, translator: Translator) -> str:
    """The label of a button."""
    return say(button.label, translator)
