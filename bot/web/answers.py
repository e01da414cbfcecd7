"""Answers of the bot as HTML, for the chat in the browser."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.i18n import Translator
from bot.views.layout import Drawing, Key, Piece, Run
from bot.views.model import View
from bot.web.previews.parts import link


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, ready for a page.

    Attributes:
        document: The text of a file that came with it, or empty.
    """

    text: Markup
    keys: tuple[Key, ...] = ()
    document: str = ""


def answer_of(view: View, translator: Translator) -> Answer:
    """Returns a view as HTML, with its buttons."""
    drawing = Drawing(translator)
    text = Markup().join(_piece(piece) for piece in drawing.pieces(view))
    return Answer(text, tuple(drawing.keys(view)), view.document.text if view.document else "")


def _piece(piece: Piece) -> Markup:
    inside = Markup().join(map(_run, piece.runs))
    if piece.is_quote:
        return Markup("<blockquote>{}</blockquote>").format(inside)
    kind = "heading" if piece.is_heading else "close" if piece.is_close else "apart"
    return Markup('<p class="{}">{}</p>').format(kind, inside)


def _run(run: Run) -> Markup:
    said = link(run.url, escape(run.text))
    if run.moment:
        said = Markup('<time datetime="{}">{}</time>').format(run.moment.isoformat(), said)
    if run.italic:
        said = Markup("<em>{}</em>").format(said)
    return Markup("<strong>{}</strong>").format(said) if run.bold else said
