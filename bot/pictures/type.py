"""Fonts and line breaks."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files
from io import BytesIO

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

#: No font has this character, so that it shows what is drawn for a missing one.
_NOWHERE = "\U0010fffe"
#: Pixels of a line that are not worth another try.
_NARROWED_BY = 8


class Face(StrEnum):
    """A typeface. Both have Latin, Greek and Cyrillic letters: https://github.com/adobe-fonts."""

    SERIF = "SourceSerif4"
    SANS = "SourceSans3"


@cache
def font(face: Face, size: int, weight: int) -> FreeTypeFont:
    """Returns a font, loaded once for each size and weight."""
    raw = files(__package__).joinpath("fonts", f"{face}.ttf").read_bytes()
    found = ImageFont.truetype(BytesIO(raw), size, layout_engine=ImageFont.Layout.BASIC)
    optical = [min(60, max(8, size))] if face is Face.SERIF else []
    found.set_variation_by_axes([weight, *optical])
    return found


def has_letters_of(text: str) -> bool:
    """Returns whether the fonts can show all letters and digits of a text."""
    return all(_is_known(character) for character in set(text) if character.isalnum())


def drawable(text: str) -> str:
    """Returns a text without the signs that the fonts lack, such as emojis."""
    return " ".join("".join(one for one in text if one.isspace() or _is_known(one)).split())


@cache
def _missing() -> bytes:
    return bytes(_probe().getmask(_NOWHERE))


def _probe() -> FreeTypeFont:
    return font(Face.SERIF, 40, 400)


def _is_known(character: str) -> bool:
    return character.isascii() or bytes(_probe().getmask(character)) != _missing()


def wrapped(text: str, chosen: FreeTypeFont, width: int) -> list[str]:
    """Returns the lines of a text. A word that is wider than a line is divided, so that nothing is clipped."""
    lines: list[str] = []
    for word in (part for one in text.split() for part in _divided(one, chosen, width)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and chosen.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def balanced(text: str, chosen: FreeTypeFont, width: int) -> list[str]:
    """Returns as few lines as `wrapped`, but of similar length, as a headline is set."""
    lines = wrapped(text, chosen, width)
    longest = max((chosen.getlength(word) for word in text.split()), default=0)  # it stays whole
    narrow, wide = min(width, int(longest)), width
    while wide - narrow > _NARROWED_BY:
        middle = (narrow + wide) // 2
        narrow, wide = (narrow, middle) if len(wrapped(text, chosen, middle)) <= len(lines) else (middle, wide)
    return wrapped(text, chosen, wide)


def _divided(word: str, chosen: FreeTypeFont, width: int) -> Iterator[str]:
    while len(word) > 1 and chosen.getlength(word) > width:
        fitting = (size for size in range(len(word) - 1, 0, -1) if chosen.getlength(word[:size]) <= width)
        end = next(fitting, 1)
        yield word[:end]
        word = word[end:]
    yield word
