"""Draws the pictures of the documents: what the program answers, as it looks in a terminal.

``python -m tests.pictures`` writes them to docs/pictures. A test checks that they show what the program answers today.
"""

from __future__ import annotations

import asyncio
import re
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from bot.app import CONSOLE_USER, open_demo
from bot.i18n import Translator
from bot.platforms.console.chat import Terminal

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
#: What is typed in each picture.
PICTURES = {
    "answers": ("/summary two drones", "who did it?", "how much did the drones cost?"),
}

_WIDTH = 80
_THEME = TerminalTheme(
    (22, 27, 34),
    (230, 237, 243),
    [
        (72, 79, 88),
        (255, 123, 114),
        (86, 211, 100),
        (227, 179, 65),
        (121, 192, 255),
        (210, 168, 255),
        (86, 212, 221),
        (201, 209, 217),
    ],
    [
        (139, 148, 158),
        (255, 161, 152),
        (126, 231, 135),
        (242, 204, 96),
        (165, 214, 255),
        (226, 197, 255),
        (179, 240, 255),
        (255, 255, 255),
    ],
)


async def record(typed: tuple[str, ...]) -> Console:
    """Returns a console that has recorded a chat about the bundled articles."""
    console = Console(record=True, width=_WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    async with open_demo() as dispatcher:
        terminal = Terminal(dispatcher, Translator("en"), console, CONSOLE_USER)
        await terminal.tour(typed)
    return console


def draw(console: Console, name: str) -> str:
    """Returns the recorded console as SVG, without the web fonts that rich refers to."""
    picture = console.export_svg(title="nutgraf demo", theme=_THEME, unique_id=name)
    picture = re.sub(r"\s*@font-face \{[^}]*\}", "", picture)
    return picture.replace("Fira Code, monospace", "Fira Code, DejaVu Sans Mono, ui-monospace, monospace")


def main() -> None:
    """Writes all pictures."""
    FOLDER.mkdir(exist_ok=True)
    for name, typed in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(draw(asyncio.run(record(typed)), name), encoding="utf-8")


if __name__ == "__main__":
    main()
