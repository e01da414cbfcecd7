"""Removes from the text of a page what its head says again: title, standfirst, author and day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefings.model import BlockKind
from briefings.phrases import fold
from briefings.sources.assemble import Piece
from briefings.sources.facts import find_fact_rows
from briefings.sources.furniture import Furniture
from briefings.sources.html.titles import same_words
from briefings.sources.lines import OPENING_MARKS, ends_sentence

_LONGEST_DATE, _LONGEST_SIGNATURE = 40, 120
_SHORT_WORD = 3
_FEWEST_ALIKE = 2
# A sentence that is shown again in large letters. Only the first sentences of a paragraph are compared.
_FEWEST_OF_QUOTE, _MOST_SENTENCES = 5, 200
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？”\"»])\s")
_CLOSING_MARKS = "\"'”’»“‘«"
_FEWEST_OF_TITLE, _MOST_OF_KICKER = 3, 5


@dataclass(frozen=True, slots=True)
class Said:
    """The head of an article.

    Attributes:
        others: Other titles that the page has for the article.
        signed: The authors, and the lines that name them.
    """

    title: str | None
    standfirst: str | None
    others: Sequence[str]
    signed: Sequence[str]


def without_repeats(pieces: Sequence[Piece], said: Said, known: Furniture) -> list[Piece]:
    """The pieces without those that say the head again, and without the lines above the title."""
    kept = _without_head(_without_titles(pieces, said), said.title, said.standfirst)
    kept = _without_author_below(_without_signature(kept, said.signed, known), said.signed)
    return _without_pull_quotes(kept)


def _without_titles(pieces: Sequence[Piece], said: Said) -> Sequence[Piece]:
    """The pieces without the lines above the text that say the title with its kicker, or another title of the page.

    The lines above those go too.
    """
    words = fold(said.title or "").split()

    def is_title(text: str) -> bool:
        found = fold(text).split()
        is_end = len(words) >= _FEWEST_OF_TITLE and found[-len(words) :] == words
        return (is_end and len(found) - len(words) <= _MOST_OF_KICKER) or any(
            same_words(text, each) for each in said.others
        )

    text_at = next((place for place, piece in enumerate(pieces) if ends_sentence(piece.text)), 0)
    titles = [place for place, piece in enumerate(pieces[:text_at]) if is_title(piece.text)]
    return pieces[max(titles, default=-1) + 1 :]


def _without_head(pieces: Sequence[Piece], title: str | None, standfirst: str | None) -> list[Piece]:
    """The pieces without those that repeat the title or standfirst, or stand above the standfirst.

    A line above the title's own heading is the name of a section.
    """
    said = [text for text in (title, standfirst) if text]
    headings = (place for place, piece in enumerate(pieces) if title and same_words(piece.text, title))
    above = next(headings, 0)
    pieces = [piece for place, piece in enumerate(pieces) if place >= above or ends_sentence(piece.text)]
    places = [place for place, piece in enumerate(pieces) if standfirst and same_words(piece.text, standfirst)]
    texts = [place for place, piece in enumerate(pieces) if piece.kind is not BlockKind.HEADING]
    start = min(places[:1] + texts[:1], default=0)
    return [
        piece
        for place, piece in enumerate(pieces)
        if not any(same_words(piece.text, text) for text in said)
        and not (place < start and (places or _words_alike(piece.text, title or "")))
    ]


def _without_signature(pieces: Sequence[Piece], signed: Sequence[str], known: Furniture) -> list[Piece]:
    """The pieces without the lines above the first sentence that only name an author or a day."""
    names = {fold(name) for name in signed} - {""}

    def is_signature(text: str) -> bool:
        opening = known.bylines.opening.match(fold(text))
        said = fold(text)[opening.end() :].strip() if opening else fold(text)
        if len(text) <= _LONGEST_SIGNATURE and known.calendar.names_day(text) and any(name in said for name in names):
            return True
        is_day = known.calendar.day(text) is not None or known.calendar.is_dateline(text)
        return said in names or (len(text) <= _LONGEST_DATE and is_day)

    start = next((place for place, piece in enumerate(pieces) if ends_sentence(piece.text)), 0)
    facts = find_fact_rows([piece.text for piece in pieces[: start + 1]], known)
    kept = [piece for place, piece in enumerate(pieces[:start]) if place in facts or not is_signature(piece.text)]
    return kept + list(pieces[start:])


def _without_author_below(pieces: Sequence[Piece], signed: Sequence[str]) -> list[Piece]:
    """The pieces without a heading that is an author's name. Several such headings divide the authors' texts."""
    names = {fold(name) for name in signed}
    found = [piece for piece in pieces if piece.kind is BlockKind.HEADING and fold(piece.text) in names]
    return [piece for piece in pieces if piece not in found] if len(found) == 1 else list(pieces)


def _without_pull_quotes(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without later paragraphs and quotes of one sentence that a longer paragraph contains.

    A heading that is a whole sentence in quotation marks is such a quote.
    """
    pieces = [replace(piece, kind=BlockKind.QUOTE) if _is_set_in_large(piece) else piece for piece in pieces]
    said = {sentence for piece in pieces for sentence in _sentences(piece.text)[:_MOST_SENTENCES]}

    def repeats(piece: Piece) -> bool:
        is_prose = piece.kind in {BlockKind.PARAGRAPH, BlockKind.QUOTE}
        return is_prose and len(piece.text.split()) >= _FEWEST_OF_QUOTE and fold(piece.text) in said

    first = next((piece for piece in pieces if piece.kind is not BlockKind.HEADING), None)
    return [piece for piece in pieces if piece is first or not repeats(piece)]


def _is_set_in_large(piece: Piece) -> bool:
    is_quoted = piece.text.startswith(OPENING_MARKS) and piece.text.rstrip(_CLOSING_MARKS).endswith(".")
    return piece.kind is BlockKind.HEADING and is_quoted and piece.text != piece.text.rstrip(_CLOSING_MARKS)


def _sentences(text: str) -> list[str]:
    """The sentences of a paragraph with several, without their marks. A pictograph or "..." alone is none."""
    found = [sentence for part in _SENTENCE_END.split(text) if (sentence := fold(part))]
    return found if len(found) > 1 else []


def _words_alike(one: str, other: str) -> bool:
    """Whether a line is a title in other words: half of its longer words are in the other one."""
    words = [word for word in fold(one).split() if len(word) > _SHORT_WORD]
    return sum(word in fold(other).split() for word in words) >= max(_FEWEST_ALIKE, len(words) / 2)
