"""Finds headings that are not marked as headings: bold paragraphs and lines in capitals.

Pages and Markdown share the rule. Both report which paragraphs are bold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from briefings.model import BlockKind
from briefings.sources.assemble import Piece
from briefings.sources.bylines import names
from briefings.sources.furniture import Furniture
from briefings.sources.furniture_shapes import is_credit
from briefings.sources.lines import HEADING_WORDS

_ENDS_OF_TEXT = (".", ",", ";", "…")
_QUOTATION_MARKS = '"“”„«»‘'
_FEWEST_CAPITALS = 4
# More consecutive bold lines are a list, a poem or a cast.
_MOST_IN_A_ROW = 2
# A text with this many marked headings needs no others.
_ENOUGH_MARKED = 2


@dataclass(frozen=True, slots=True)
class Styled:
    """A piece, and whether all of it is bold."""

    piece: Piece
    is_bold: bool = False


def mark_headings(styled: Sequence[Styled], known: Furniture) -> list[Piece]:
    """The pieces. Paragraphs that look like headings and are above text become headings.

    If the text has marked headings as well, only questions do.
    """
    found: list[Piece] = []
    has_text = False
    has_marked = _has_marked_headings([each.piece for each in styled])
    for is_candidate, group in groupby(styled, lambda each: _may_be_heading(each, known)):
        run = [each.piece for each in group]
        following = len(found) + len(run)
        stands_above = following < len(styled) and not _is_heading_or_credit(styled[following].piece)
        is_question = run[0].text.endswith("?")
        is_expected = is_question or (has_text and not has_marked)
        if is_candidate and stands_above and is_expected and len(run) <= _MOST_IN_A_ROW:
            found += [replace(piece, kind=BlockKind.HEADING) for piece in run]
        else:
            found += run
            has_text = has_text or any(piece.kind is BlockKind.PARAGRAPH for piece in run)
    return found


def _is_heading_or_credit(piece: Piece) -> bool:
    """Whether no heading stands above a piece. A bold line above a credit is the caption of the picture."""
    return piece.kind is BlockKind.HEADING or is_credit(piece.text)


def _has_marked_headings(pieces: Sequence[Piece]) -> bool:
    """Whether several marked headings stand below the first paragraph."""
    kinds = [piece.kind for piece in pieces]
    first = kinds.index(BlockKind.PARAGRAPH) if BlockKind.PARAGRAPH in kinds else len(kinds)
    return kinds[first:].count(BlockKind.HEADING) >= _ENOUGH_MARKED


def _may_be_heading(styled: Styled, known: Furniture) -> bool:
    text = styled.piece.text
    if styled.piece.kind is not BlockKind.PARAGRAPH or not (styled.is_bold or _is_in_capitals(text)):
        return False
    is_short = len(text.split()) <= HEADING_WORDS and not text.endswith(_ENDS_OF_TEXT)
    return is_short and text[0] not in _QUOTATION_MARKS and not _is_of_page(text, known)


def _is_of_page(text: str, known: Furniture) -> bool:
    """Whether a short line is a credit, a sign-up line, a speaker with a role or a pointer, and not a heading."""
    name, comma, _ = text.partition(",")
    is_speaker = bool(comma) and names(name) is not None and not text.endswith("?")
    is_furniture = (
        known.is_junk(text) or known.bylines.author(text) or known.is_related_label(text) or known.pointed_at(text)
    )
    return bool(is_furniture or is_speaker)


def _is_in_capitals(text: str) -> bool:
    """Whether a line is in capitals. With a comma it is a place: "OSLO, NORWAY"."""
    return text.isupper() and sum(map(str.isalpha, text)) >= _FEWEST_CAPITALS and "," not in text
