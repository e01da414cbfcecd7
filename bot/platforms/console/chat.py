"""The chat in a terminal, and the tour without a terminal."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

import structlog
from rich.console import Console
from rich.text import Text as RichText

from bot.chats import Destination
from bot.commands.context import Request
from bot.commands.dispatcher import Dispatcher
from bot.commands.table import COMMANDS, Command
from bot.i18n import Translator, own
from bot.platforms.console.render import ConsoleRenderer, Line, Role, read_post
from bot.storage.database.errors import StorageError
from bot.views.model import LinkButton, View

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

_log = structlog.stdlib.get_logger("nutgraf.console")

TOUR = ("/start", "/latest", "/summary two drones", "/who", "/consequences", "/related", "/digest")

#: The one chat of this platform.
CONSOLE = Destination("console", "terminal")

_PROMPT = "› "
_PRESSED = re.compile(r"\[?(\d{1,3})[\].]?")
_REPLY = re.compile(r">(?P<message>(?:post)?\d+)\s+(?P<text>.+)", re.DOTALL)
_BELOW_POST = re.compile(r">post(?P<post>\d{1,18})\s+(?P<button>\d{1,3})")
_LEAVING = frozenset({"exit", "quit", "/exit", "/quit"})
_WIDTH = 88
_CHUNK = 65_536
_STYLES = {Role.TITLE: "bold", Role.HEADING: "bold underline", Role.BODY: "", Role.BUTTONS: "cyan", Role.BLANK: ""}
_OWN = "italic bright_black"


class Terminal:
    """One person at one terminal.

    Every answer about stories has a number, and ``>7 /who`` replies to the one numbered 7.
    """

    def __init__(self, dispatcher: Dispatcher, translator: Translator, console: Console, user: str = "") -> None:
        self._dispatcher = dispatcher
        self._translator = translator
        self._console = console
        self._user = user
        self._shown = View(())

    async def tour(self, commands: Sequence[str] = TOUR) -> None:
        """Types ``commands`` and shows what the bot answers."""
        for command in commands:
            self._console.print(f"{_PROMPT}{command}", style="bold green", markup=False, highlight=False)
            await self.say(command)

    async def chat(self, session: PromptSession[str]) -> None:
        """Reads and answers until the user types "exit" or the input ends."""
        await self.say("/start")
        self.note(
            self._translator.say(own("Type a command, a question or the number of a button. To leave, type “exit”."))
        )
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
        """Answers a line. If the database fails, says so."""
        try:
            await self._answer(typed)
        except StorageError as error:
            _log.warning("answer_failed", error=repr(error))
            self.note(self._translator.say(own("The database does not answer. Try again in a moment.")))

    async def _answer(self, typed: str) -> None:
        """Answers a line: a button's number, a command or a question, or a reply to an answer."""
        chosen = _PRESSED.fullmatch(typed)
        number = int(chosen[1]) if chosen else 0
        button = self._shown.buttons[number - 1] if 0 < number <= len(self._shown.buttons) else None
        if isinstance(button, LinkButton):
            self.note(button.url)
        elif button:
            await self._show(await self._dispatcher.press(self._request(button.action.encode())))
        elif pressed := await self._pressed_below_post(typed):
            await self._show(await self._dispatcher.press(self._request(pressed)))
        else:
            reply = _REPLY.fullmatch(typed)
            text, replied = (reply["text"], reply["message"]) if reply else (typed, None)
            await self._show(await self._dispatcher.answer(self._request(text, replied)))

    async def _pressed_below_post(self, typed: str) -> str | None:
        """The action of a post's button, as in ``>post7 1``. None if it is not such a line."""
        below = _BELOW_POST.fullmatch(typed)
        post = await self._dispatcher.context.posts.get(int(below["post"])) if below else None
        if below is None or post is None or post.destination.platform != CONSOLE.platform or not post.payload:
            return None
        _, buttons = read_post(post.payload)
        number = int(below["button"])
        return buttons[number - 1][1] if 0 < number <= len(buttons) else None

    def note(self, text: str) -> None:
        """Prints a message of the bot."""
        self._console.print(RichText(text, style=_OWN))

    def _request(self, text: str, replied: str | None = None) -> Request:
        return Request(CONSOLE, text, self._user, replied, is_private=True, may_manage=_always)

    async def _show(self, view: View | None) -> None:
        """Prints a view, and remembers its buttons and stories."""
        if view is None:
            return
        self._shown = view
        chats = self._dispatcher.context.chats
        language = await chats.language(CONSOLE)
        translator = Translator(language) if language else self._translator
        lines = ConsoleRenderer().render(view, translator)
        if view.about:
            message = await chats.next_message(CONSOLE)
            await chats.posted(CONSOLE, message, view.about)
            lines.append(Line(translator.say(own("Reply with >{message} …", message=message)), True))
        print_lines(self._console, lines)


async def _always() -> bool:
    return True


async def read_lines(terminal: Terminal) -> None:
    """Answers the lines of standard input until it ends."""
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        with suppress(RuntimeError, OSError):  # the event loop is closed, or there is no input
            while chunk := os.read(sys.stdin.fileno(), _CHUNK):
                loop.call_soon_threadsafe(chunks.put_nowait, chunk)
            loop.call_soon_threadsafe(chunks.put_nowait, b"")

    # A thread that waits for input cannot be told to stop. It must not keep the process from ending, nor hold the lock
    # of sys.stdin while the interpreter shuts down; so it reads the file itself.
    Thread(target=read, daemon=True).start()
    rest = b""
    while chunk := await chunks.get():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            await _say(terminal, line)
    await _say(terminal, rest)


async def _say(terminal: Terminal, line: bytes) -> None:
    if typed := line.decode(errors="replace").strip():
        await terminal.say(typed)


def is_terminal() -> bool:
    """Whether standard input and output are a terminal."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


def print_lines(console: Console, lines: Sequence[Line]) -> None:
    """Prints lines: text of the article upright, text of the bot in italics."""
    width = min(console.width, _WIDTH)
    for line in lines:
        style = _STYLES[line.role] or (_OWN if line.is_own else "")
        rows = line.rows(width)
        for row, (start, end) in zip(rows, line.bold_parts(rows), strict=True):
            shown = RichText(row, style=style)
            shown.stylize("bold", start, end)
            console.print(shown, soft_wrap=True)
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
    """The completion's help for a command and its argument."""
    said = [command.help, command.argument] if command.argument else [command.help]
    return "  ".join(map(translator.say, said))
