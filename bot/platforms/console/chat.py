"""The chat in a terminal, and the tour for where there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text as RichText

from bot.commands import COMMANDS, Command, Desk, Request
from bot.i18n import Translator, own
from bot.platforms.console.render import ConsoleRenderer, Line, Role
from bot.views import Button, View

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

TOUR = ("/start", "/latest", "/summary two drones", "/who", "/consequences", "/related", "/digest")

_CHAT = "console"
_PROMPT = "› "
_PRESSED = re.compile(r"\[?(\d{1,3})[\].]?")
_LEAVING = frozenset({"exit", "quit", "/exit", "/quit"})
_WIDTH = 88
_STYLES = {Role.TITLE: "bold", Role.HEADING: "bold underline", Role.BODY: "", Role.BUTTONS: "cyan", Role.BLANK: ""}
_OWN = "italic bright_black"


class Terminal:
    """One person at one terminal."""

    def __init__(self, desk: Desk, translator: Translator, console: Console) -> None:
        self._desk = desk
        self._translator = translator
        self._console = console
        self._shown = View(())

    async def tour(self, commands: Sequence[str] = TOUR) -> None:
        """Types ``commands`` and shows what the bot answers."""
        for command in commands:
            self._console.print(f"{_PROMPT}{command}", style="bold green", markup=False, highlight=False)
            await self.say(command)

    async def chat(self, session: PromptSession[str]) -> None:
        """Reads and answers until the person leaves, by "exit" or the end of the input."""
        await self.say("/start")
        self.note(self._translator.say(own("Type a command, a question or a button's number; “exit” leaves.")))
        while True:
            try:
                typed = (await session.prompt_async(_PROMPT)).strip()
            except (EOFError, KeyboardInterrupt):
                return
            if typed.lower() in _LEAVING:
                return
            if typed:
                await self.say(typed)

    async def say(self, typed: str) -> None:
        """Answers a line: a button's number, a command or a question."""
        pressed = _PRESSED.fullmatch(typed)
        number = int(pressed[1]) if pressed else 0
        if not 0 < number <= len(self._shown.buttons):
            self.show(await self._desk.answer(Request(_CHAT, typed)))
            return
        button = self._shown.buttons[number - 1]
        if isinstance(button, Button):
            self.show(await self._desk.press(_CHAT, button.action.encode()))
        else:
            self.note(button.url)

    def show(self, view: View) -> None:
        """Prints a view and remembers its buttons."""
        self._shown = view
        print_lines(self._console, ConsoleRenderer().render(view, self._translator))

    def note(self, text: str) -> None:
        """Prints words of the bot's own."""
        self._console.print(RichText(text, style=_OWN))


def print_lines(console: Console, lines: Sequence[Line]) -> None:
    """Prints lines, the article's words upright and the bot's own in italics where the terminal can."""
    width = min(console.width, _WIDTH)
    for line in lines:
        style = _STYLES[line.role] or (_OWN if line.is_own else "")
        for row in line.rows(width):
            console.print(RichText(row, style=style), soft_wrap=True)
    console.print()


def new_session(translator: Translator) -> PromptSession[str]:
    """A prompt with a history and the completion of commands."""
    from prompt_toolkit import PromptSession  # slow to import, and only a person at a terminal needs it
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import InMemoryHistory

    names = [f"/{command.name}" for command in COMMANDS]
    helps = {name: _hint(command, translator) for name, command in zip(names, COMMANDS, strict=True)}
    return PromptSession(
        history=InMemoryHistory(),
        completer=WordCompleter(names, meta_dict=helps, sentence=True),
        complete_while_typing=True,
    )


def _hint(command: Command, translator: Translator) -> str:
    """What the completion says of a command: what it does, and what may follow it."""
    said = [command.help, command.argument] if command.argument else [command.help]
    return "  ".join(map(translator.say, said))
