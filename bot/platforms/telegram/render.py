"""Renders a view for Telegram. The article's words are upright, the bot's words are italic or bold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from bot.commands.names import plain_name
from bot.commands.table import COMMANDS
from bot.i18n import Translator
from bot.platforms.telegram.markup import Piece, Run, Text, messages, neutral
from bot.views import layout as drawing
from bot.views.layout import Drawing, Rows, rows
from bot.views.model import View

#: Longer quotations are collapsed.
_LONG_QUOTE = 300
#: The number of characters that fit on the buttons of one row on a phone.
_ROW, _MOST_IN_ROW = 30, 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """A view as messages. The keyboard belongs below the last one.

    Attributes:
        picture: The address of the picture above the first message, or empty.
    """

    texts: tuple[Text, ...]
    keyboard: Rows
    picture: str = ""


class TelegramRenderer:
    """A `bot.views.model.Renderer` of messages."""

    def render(self, view: View, translator: Translator) -> Drawn:
        """The messages of the view."""
        drawn = Drawing(translator, neutral, hints(translator.locale))
        pieces = list(drawn.pieces(view))
        texts = messages([_piece(piece) for piece in pieces])
        picture = next((piece.image for piece in pieces if piece.image), "")
        return Drawn(tuple(texts), rows(drawn.keys(view), _ROW, _MOST_IN_ROW), picture)


@cache
def hints(locale: str) -> Callable[[str], str]:
    """Returns a function that gives the name that Telegram's clients show for a command."""
    names = {command.name: f"/{plain_name(command, locale)}" for command in COMMANDS}
    return lambda name: names.get(name, f"/{name}")


def _piece(piece: drawing.Piece) -> Piece:
    return Piece(tuple(map(_run, piece.runs)), _quote(piece), "\n" if piece.is_close else "\n\n")


def _quote(piece: drawing.Piece) -> str:
    if piece.is_folded or (piece.is_quote and len(piece.text) > _LONG_QUOTE):
        return "blockquote expandable"
    return "blockquote" if piece.is_quote else ""


def _run(run: drawing.Run) -> Run:
    tags = ["b"] * run.bold + ["i"] * run.italic
    if run.moment:
        tags.append(f'tg-time unix="{int(run.moment.timestamp())}"')
    return Run(run.text, tuple(tags), run.url)
