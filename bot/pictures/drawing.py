"""Draws the picture of a story. Pure. It is called in a worker.

The picture is as wide as a phone shows it and as high as its words need, so that nothing of them is cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from bot.pictures.model import Card, Line, Words
from bot.pictures.type import Face, balanced, drawable, font, has_letters_of, wrapped

WIDTH = 1080
#: The least height of a picture. Short stories have more air.
LEAST_HEIGHT = 566
_MARGIN, _BAND = 84, 14
_INNER = WIDTH - 2 * _MARGIN
_INDENT, _BAR = 34, 6
_PAPER, _INK, _TEXT, _GREY, _RULE, _ACCENT = "#fbfaf6", "#13171d", "#262c35", "#6a7280", "#d9dde4", "#1d5fa8"
#: Sizes of the headline and how many of its lines each may have. The last one is for all others.
_HEADLINES = ((66, 2), (58, 3), (50, 4), (42, 100))
_LEADING = {Face.SERIF: 1.32, Face.SANS: 1.3}
_HEADLINE_LEADING = 1.14
_LONGEST_ADDRESS = 64
_COLOURS = 64


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of words, or an empty one.

    Attributes:
        height: How far the next row is below it.
        is_quoted: Whether a bar stands beside it: the words are the article's.
    """

    words: str
    font: FreeTypeFont | None
    height: int
    colour: str = _TEXT
    is_quoted: bool = False
    is_rule: bool = False


def draw(card: Card) -> bytes | None:
    """Returns a PNG. None: the fonts do not have the letters of the story."""
    if not all(map(has_letters_of, (card.headline.text, card.origin, *(line.words.text for line in card.lines)))):
        return None
    rows = [*_head(card), *(row for line in card.lines for row in _line(line)), *_foot(card)]
    height = _BAND + sum(row.height for row in rows) + _MARGIN // 2
    image = Image.new("RGB", (WIDTH, max(LEAST_HEIGHT, height)), _PAPER)
    _paint(ImageDraw.Draw(image), rows, max(0, LEAST_HEIGHT - height) // 2)
    packed = BytesIO()
    image.quantize(_COLOURS).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _paint(canvas: ImageDraw.ImageDraw, rows: list[_Row], shift: int) -> None:
    canvas.rectangle((0, 0, WIDTH, _BAND - 1), fill=_ACCENT)
    top = _BAND + shift
    for row in rows:
        left = _MARGIN + (_INDENT if row.is_quoted else 0)
        if row.is_quoted:
            canvas.rectangle((_MARGIN, top, _MARGIN + _BAR - 1, top + row.height - 1), fill=_ACCENT)
        if row.is_rule:
            canvas.line((_MARGIN, top, WIDTH - _MARGIN, top), fill=_RULE, width=2)
        if row.font is not None:
            canvas.text((left, top + row.height // 2), row.words, font=row.font, fill=row.colour, anchor="lm")
        top += row.height


def _head(card: Card) -> Iterator[_Row]:
    yield _space(52)
    if card.origin:
        yield from _rows(card.origin, font(Face.SANS, 30, 600), _ACCENT)
        yield _space(14)
    words = drawable(card.headline.shown)
    for size, most in _HEADLINES:
        chosen = font(Face.SERIF, size, 700)
        lines = balanced(words, chosen, _INNER)
        if len(lines) <= most:
            break
    yield from (_Row(line, chosen, round(size * _HEADLINE_LEADING), _INK) for line in lines)
    yield _space(34)


def _line(line: Line) -> Iterator[_Row]:
    if line.label:
        yield from _rows(line.label, font(Face.SANS, 28, 600), _GREY)
        yield _space(4)
    yield from _quoted(line.words)
    yield _space(26)


def _quoted(words: Words) -> Iterator[_Row]:
    chosen = font(Face.SERIF, 36, 400)
    for one in wrapped(drawable(words.shown), chosen, _INNER - _INDENT):
        yield _Row(one, chosen, round(36 * _LEADING[Face.SERIF]), _TEXT, is_quoted=True)


def _foot(card: Card) -> Iterator[_Row]:
    yield _space(12)
    yield _Row("", None, 24, is_rule=True)
    if card.address:
        yield from _rows(_short(card.address), font(Face.SANS, 28, 500), _ACCENT)
    yield from _rows(card.note, font(Face.SANS, 24, 400), _GREY)


def _rows(text: str, chosen: FreeTypeFont, colour: str) -> Iterator[_Row]:
    height = round(chosen.size * _LEADING[Face.SANS])
    yield from (_Row(line, chosen, height, colour) for line in wrapped(drawable(text), chosen, _INNER))


def _space(height: int) -> _Row:
    return _Row("", None, height)


def _short(address: str) -> str:
    """Returns an address without its scheme. Of a long one, the beginning is shown: the host matters."""
    bare = address.partition("://")[2].removeprefix("www.").rstrip("/") or address
    return bare if len(bare) <= _LONGEST_ADDRESS else f"{bare[: _LONGEST_ADDRESS - 1]}…"
