"""Joins the pieces that a parser found into one text with spans. The last step of every source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from briefings.errors import ArticleNotFound
from briefings.model import Article, Block, BlockKind, Headline, Span
from briefings.sources.facts import find_fact_rows
from briefings.sources.furniture import Furniture
from briefings.sources.furniture_shapes import is_credit
from briefings.sources.lines import ends_sentence
from briefings.sources.text import one_line

#: The largest number of related stories, and the longest name.
_MOST_RELATED = 50
_LONGEST_NAME = 200
# A line with a full stop and so many words is a sentence of the text.
_FEWEST_TOLD = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A block without a position: its kind and text."""

    kind: BlockKind
    text: str


class _Text:
    """An article's text under construction, with a blank line between its parts."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    def place(self, part: str) -> Span:
        """Adds a part and returns its span."""
        start = self._length + (2 if self._parts else 0)
        self._parts.append(part)
        self._length = start + len(part)
        return Span(start, self._length)

    def __str__(self) -> str:
        return "\n\n".join(self._parts)


def assemble(
    name: str,
    pieces: Iterable[Piece],
    *,
    language: str | None,
    title: str | None = None,
    standfirst: str | None = None,
    byline: str | None = None,
    published: date | None = None,
    url: str | None = None,
    site: str | None = None,
    image: str | None = None,
    related: Iterable[Headline] = (),
) -> Article:
    """The article made of these pieces. A standfirst that repeats the title is left out.

    Raises:
        ArticleNotFound: No piece except headings contains a word. ``name`` is the source's name.
    """
    kept = [piece for piece in pieces if _has_word(piece.text)]
    if all(piece.kind is BlockKind.HEADING for piece in kept):
        raise ArticleNotFound(name)
    text = _Text()
    title_span = text.place(title) if title else None
    standfirst_span = text.place(standfirst) if standfirst and standfirst != title else None
    blocks = tuple(Block(piece.kind, text.place(piece.text)) for piece in kept)
    return Article(
        text=str(text),
        title=title_span,
        standfirst=standfirst_span,
        blocks=blocks,
        byline=_shortened(byline) if byline else None,
        published=published,
        url=url,
        site=site[:_LONGEST_NAME] if site else None,
        language=language,
        related=tuple(dict.fromkeys(related))[:_MOST_RELATED],
        image=image,
    )


def _shortened(byline: str) -> str:
    """As many of the names as there is room for, or the beginning of a single long one."""
    if len(byline) <= _LONGEST_NAME:
        return byline
    names, comma, _ = byline[: _LONGEST_NAME + 1].rpartition(",")
    return names if comma else byline[:_LONGEST_NAME]


def without_furniture(pieces: Sequence[Piece], known: Furniture) -> list[Piece]:
    """The pieces that belong to the article, for sources that mark their paragraphs.

    Furniture, boxes of other stories, the list below an offer and headings without text below are left out.
    """
    kept: list[Piece] = []
    is_boxed = False
    pieces = pieces[: _end_at(pieces, known)]
    facts = find_fact_rows([piece.text for piece in pieces], known)
    for place, (piece, following) in enumerate(zip_longest(pieces, pieces[1:])):
        is_offer = piece.kind not in {BlockKind.LIST_ITEM, BlockKind.HEADING} and known.pleads(piece.text)
        if is_offer or known.is_related_label(piece.text):
            is_boxed = True
            _drop_title_of_box(kept, pieces[place - 1] if is_offer and place else None)
        elif piece.kind is not BlockKind.LIST_ITEM:
            is_boxed = False
        is_kept = place in facts or not _is_furniture(piece, known) or _is_within_sentence(kept, following)
        if not is_boxed and is_kept:
            kept.append(piece)
    while kept and kept[-1].kind is BlockKind.HEADING:
        kept.pop()
    return kept


def _drop_title_of_box(kept: list[Piece], above: Piece | None) -> None:
    """Removes the heading directly above an offer, such as the name of a newsletter, from the end of ``kept``."""
    if kept and kept[-1] is above and above.kind is BlockKind.HEADING:
        kept.pop()


def _end_at(pieces: Sequence[Piece], known: Furniture) -> int:
    """The place in the second half of the text where a line ends the article: "ENDS", "12 comments"."""
    left = sum(len(piece.text) for piece in pieces)
    half = left / 2
    for place, piece in enumerate(pieces):
        # A heading of several words may stand above notes that belong to the article.
        is_word = piece.kind is BlockKind.HEADING and " " not in piece.text
        is_line = left < half and (is_word or piece.kind is BlockKind.PARAGRAPH)
        # "About the author of the letter little is known."
        is_told = ends_sentence(piece.text) and len(piece.text.split()) >= _FEWEST_TOLD
        if is_line and not is_told and known.is_end(piece.text) and not known.is_closing(piece.text):
            return place
        left -= len(piece.text)
    return len(pieces)


def _is_within_sentence(before: Sequence[Piece], following: Piece | None) -> bool:
    """Whether a piece interrupts a sentence that begins above and continues below it, such as a date on its own."""
    if not before or following is None:
        return False
    begun, rest = before[-1], following
    is_text = begun.kind is rest.kind is BlockKind.PARAGRAPH
    return is_text and begun.text[-1].isalnum() and rest.text[:1].islower()


def _is_furniture(piece: Piece, known: Furniture) -> bool:
    if piece.kind is BlockKind.HEADING:
        return is_credit(piece.text)
    if piece.kind is BlockKind.LIST_ITEM:
        # A table row may consist of numbers and dates only.
        return known.pleads(piece.text)
    return bool(known.is_junk(piece.text) or known.bylines.author(piece.text) or known.pointed_at(piece.text))


def headline(title: str, url: str | None = None) -> Headline | None:
    """A related story. None if its title has no word."""
    title = one_line(title)
    return Headline(title, url) if _has_word(title) else None


def _has_word(text: str) -> bool:
    return any(char.isalnum() for char in text)
