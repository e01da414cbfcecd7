"""Finds the spans between quotation marks, in every style. Marks without a partner are ignored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefings.model import Article, Block, BlockKind, Span

#: The closing marks for each opening mark. German closes with the mark that opens in English.
_CLOSERS = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", '"': '"', "‘": "’'", "'": "'’", "‚": "‘"}
_OPENING = re.compile(f"[{''.join(_CLOSERS)}]")
_SINGLE = "‘'"
_ALWAYS_OPEN = "“„«‹"
_BEFORE_OPENING = " \n\t([{—–-/“\"„«‘'"
_ENDS = ",.?!…—–"
#: A single mark after a word may be an apostrophe. This many characters are searched for one after punctuation.
_APOSTROPHE_REACH = 300


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks.

    Attributes:
        span: The words with the marks.
        continues: Whether it continues in the next block, which then opens with a mark.
    """

    span: Span
    continues: bool = False


def quotations(article: Article, pieces: list[Span]) -> list[Quotation]:
    """The quotations in ``pieces``, in text order. They do not overlap."""
    paragraphs = {block.span.start: _following(article, number, block) for number, block in enumerate(article.blocks)}
    found: list[Quotation] = []
    for piece in pieces:
        found += _in_piece(article.text, piece, paragraphs.get(piece.start, ""))
    return found


def _following(article: Article, number: int, block: Block) -> str:
    """The first character of the next paragraph."""
    after = article.blocks[number + 1 : number + 2]
    if block.kind is BlockKind.HEADING or not after or after[0].kind is BlockKind.HEADING:
        return ""
    return article.text[after[0].span.start]


def _in_piece(text: str, piece: Span, following: str) -> list[Quotation]:
    found: list[Quotation] = []
    unclosed: set[str] = set()
    place = piece.start
    while opening := _OPENING.search(text, place, piece.end):
        place, mark = opening.start(), opening.group()
        if mark in unclosed or not _opens(text, place, piece):
            place += 1
            continue
        end = _closing(text, place, piece)
        if end is not None:
            found.append(Quotation(Span(place, end + 1)))
            place = end + 1
        elif mark in '“"' and following == mark:
            return [*found, Quotation(Span(place, piece.end), continues=True)]
        else:
            unclosed.add(mark)
            place += 1
    return found


def _opens(text: str, place: int, piece: Span) -> bool:
    """Whether the mark at ``place`` opens: it stands after a space and before a word. French has a space behind "«"."""
    after = text[place + 1 : place + 2]
    is_spaced = text[place] == "«" and (place == piece.start or text[place - 1] in _BEFORE_OPENING)
    if place + 1 >= piece.end or (after.isspace() and not is_spaced) or (text[place] in _SINGLE and after.isdigit()):
        return False
    return place == piece.start or text[place] in _ALWAYS_OPEN or text[place - 1] in _BEFORE_OPENING


def _closing(text: str, place: int, piece: Span) -> int | None:
    mark = text[place]
    closers = _CLOSERS[mark]
    is_spaced = text[place + 1].isspace()
    after_word = None
    for here in range(place + 2, piece.end):
        is_close = text[here] in closers and (is_spaced or not text[here - 1].isspace())
        if not is_close or text[here + 1 : min(here + 2, piece.end)].isalnum():
            if after_word is not None and here - after_word > _APOSTROPHE_REACH:
                break
            continue
        if mark not in _SINGLE or text[here - 1] in _ENDS:
            return here
        if after_word is None:
            after_word = here
    return after_word
