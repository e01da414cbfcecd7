"""Reads the body of a pasted article: headings, list items and paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from briefings.model import BlockKind, Headline
from briefings.phrases import fold
from briefings.sources.asides import asides
from briefings.sources.assemble import Piece
from briefings.sources.bylines import names
from briefings.sources.furniture import Furniture
from briefings.sources.headlines import boxed_headlines, pointed_headlines
from briefings.sources.lines import (
    AROUND,
    HEADING_WORDS,
    OPENING_MARKS,
    Line,
    Shape,
    ends_sentence,
    has_inner_stop,
    is_numbered,
    read_on,
)
from briefings.sources.short_lines import ShortLines, names_person

_QUOTES = frozenset({("“", "”"), ("«", "»"), ("„", "“"), ('"', '"'), ("„", "”")})
_HEADINGS_IN_A_ROW = 2
_LIST_INTRODUCTION_WORDS = 5
_FEWEST_COLUMNS = 3
# Items above the first paragraph belong to the article if most have at least this many words.
_TOLD_WORDS = 7
_MOST_NAME_WORDS = 10
# An interview has at least three questions, at least one in six of its paragraphs, and a question may have a statement
# before it.
_FEWEST_QUESTIONS, _MOST_LINES_OF_QUESTION = 3, 6
_INTERVIEW_QUESTION_WORDS = 45


def read_body(
    lines: Sequence[Line], title: str | None, author: str | None, known: Furniture
) -> tuple[list[Piece], list[Headline]]:
    """The pieces of the article, and the headlines of the boxes inside it.

    Args:
        title: The article's title, which pages repeat.
        author: The article's author, whom pages describe below it.
    """
    pieces: list[Piece] = []
    boxed: list[Headline] = []
    repeated = fold(title) if title else None
    not_of_it = asides(lines, author, known)
    following = _following(lines, not_of_it)
    short_lines = ShortLines(lines)
    question_words = _question_words(lines, following)
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.shape is Shape.LABEL:
            box, place = boxed_headlines(lines, place + 1, known)
            boxed += box
            continue
        end = place + 1
        if line.shape is Shape.POINTER:
            boxed += pointed_headlines(line, known)
        elif (not pieces and fold(line.text) == repeated) or line.shape in AROUND or place in not_of_it:
            pass
        elif pieces and _is_attribution(line, pieces[-1], is_spaced=lines[place - 1].is_apart):
            pieces[-1] = Piece(BlockKind.QUOTE, f"{pieces[-1].text}\n{line.text}")
        elif line.shape is Shape.FACT:
            pieces.append(Piece(BlockKind.LIST_ITEM, line.text))
        elif line.shape in {Shape.SHORT, Shape.ITEM}:
            end = _end_of_run(lines, place, not_of_it)
            pieces += _judged(_short_run(lines[place:end], following[end - 1], pieces), lines, place, short_lines)
        else:
            most_words = question_words if short_lines.may_head(place) else None
            pieces.append(Piece(_prose_kind(line, following[place], most_words), line.text))
        place = end
    return pieces, boxed


def _following(lines: Sequence[Line], not_of_it: set[int]) -> list[Line | None]:
    """For each line, the next line below it that is not furniture."""
    found: list[Line | None] = []
    below: Line | None = None
    for place in range(len(lines) - 1, -1, -1):
        found.append(below)
        if lines[place].shape not in AROUND and place not in not_of_it:
            below = lines[place]
    return found[::-1]


def _is_attribution(line: Line, before: Piece, *, is_spaced: bool) -> bool:
    """Whether the line names the speaker of the words above it: "— Ann Lee", "Ann Lee, nurse".

    Args:
        is_spaced: Whether an empty line is above those words. If not, any heading can stand directly below them.
    """
    is_quote = before.kind is BlockKind.QUOTE or _is_quoted(before.text)
    if (
        line.shape is not Shape.SHORT
        or line.words > _MOST_NAME_WORDS
        or not (is_quote or (before.kind is BlockKind.PARAGRAPH and not line.is_apart))
    ):
        return False
    name, comma, role = line.text.partition(", ")
    if names(name) and (role[:1].islower() or (is_quote and comma)):
        return True
    if is_quote and not line.is_apart and (_is_name_in_full(line.text) or (is_spaced and names_person(line.text))):
        return True
    return is_quote and line.text.startswith(("—", "–"))


def _is_name_in_full(text: str) -> bool:
    """Whether a line is a name with a remark in brackets: "Mayor Ann Lee (independent)"."""
    name, bracket, _ = text.partition(" (")
    return bool(bracket) and names(name) == name and text.endswith(")")


def _is_quoted(text: str) -> bool:
    """Whether the whole paragraph is one quotation."""
    return (
        len(text) > 2 and (text[0], text[-1]) in _QUOTES and not any(mark in text[1:-1] for mark in (text[0], text[-1]))
    )


def _end_of_run(lines: Sequence[Line], place: int, not_of_it: set[int]) -> int:
    """The end of the run of lines of the same shape that begins at ``place``."""
    end = place + 1
    while end < len(lines) and lines[end].shape is lines[place].shape and end not in not_of_it:
        end += 1
    return end


def _short_run(run: Sequence[Line], following: Line | None, before: Sequence[Piece]) -> list[Piece]:
    """The pieces for a run of lines without a full stop: list items, headings, or nothing."""
    if run[0].shape is Shape.ITEM or (len(run) > 1 and all(is_numbered(line.text) for line in run)):
        is_spoken = len(run) > 1 and all(ends_sentence(line.text) for line in run)
        is_told = is_spoken or sum(line.words >= _TOLD_WORDS for line in run) * 2 > len(run)
        return [Piece(BlockKind.LIST_ITEM, line.text) for line in run] if before or is_told else []
    if len(run) > _HEADINGS_IN_A_ROW and all(read_on(*pair) for pair in pairwise(run)):
        return [Piece(BlockKind.LIST_ITEM, line.text) for line in run]  # verse
    if before and before[-1].text.endswith(":") and (following is None or len(run) > _HEADINGS_IN_A_ROW):
        return [Piece(BlockKind.LIST_ITEM, line.text) for line in run]
    if following is None or following.shape is Shape.LABEL:
        return []
    if len(run) <= _HEADINGS_IN_A_ROW:
        return [Piece(_short_kind(line, following), line.text) for line in run if line.words <= HEADING_WORDS]
    # Table rows, or a list without bullets. A heading below it follows a blank line, has a number or is a question.
    last = run[-1]
    is_set_apart = last.is_apart != run[-2].is_apart or (is_numbered(last.text) and not is_numbered(run[-2].text))
    is_heading = last.words <= HEADING_WORDS and (last.is_question or is_set_apart)
    kinds = [BlockKind.LIST_ITEM] * (len(run) - 1) + [BlockKind.HEADING if is_heading else BlockKind.LIST_ITEM]
    return [Piece(kind, line.text) for kind, line in zip(kinds, run, strict=True)] if before else []


def _judged(run: Sequence[Piece], lines: Sequence[Line], start: int, short_lines: ShortLines) -> list[Piece]:
    """The pieces of a run that begins at ``start``. Lines that are no headings become paragraphs, or go."""
    places = {
        line.text: start + place for place, line in enumerate(lines[start : start + len(run) + _HEADINGS_IN_A_ROW])
    }
    found: list[Piece] = []
    for piece in run:
        place = places[piece.text]
        if piece.kind is not BlockKind.HEADING or (short_lines.may_head(place) and not short_lines.introduces(place)):
            found.append(piece)
        elif not short_lines.stands_above_furniture(place, touching=True):
            found.append(Piece(BlockKind.PARAGRAPH, piece.text))
    return found


def _short_kind(line: Line, following: Line) -> BlockKind:
    is_long = line.words > _LIST_INTRODUCTION_WORDS
    if following.shape is Shape.FACT and line.words >= max(_FEWEST_COLUMNS, following.words - 1):
        return BlockKind.LIST_ITEM  # the names of a table's columns
    introduces_list = line.text.endswith(":") and following.shape is Shape.ITEM and is_long
    return BlockKind.PARAGRAPH if introduces_list else BlockKind.HEADING


def _question_words(lines: Sequence[Line], following: Sequence[Line | None]) -> int:
    """The most words of a question that is a heading: more in an interview, which consists of questions and answers."""
    asked = sum(_is_answered(line, below) for line, below in zip(lines, following, strict=True))
    told = sum(line.shape in {Shape.PROSE, Shape.REMARK} for line in lines)
    is_interview = asked >= _FEWEST_QUESTIONS and asked * _MOST_LINES_OF_QUESTION >= told
    return _INTERVIEW_QUESTION_WORDS if is_interview else HEADING_WORDS


def _is_answered(line: Line, below: Line | None) -> bool:
    """Whether a line asks a question, perhaps below a statement, and a paragraph that asks none is below it."""
    asks = line.is_question and line.words <= _INTERVIEW_QUESTION_WORDS and not _is_quoted(line.text)
    return asks and below is not None and below.shape is Shape.PROSE and not below.is_question


def _prose_kind(line: Line, following: Line | None, question_words: int | None) -> BlockKind:
    """The kind of a sentence. Above a list any question may be a heading, unless ``question_words`` is None."""
    if line.shape is Shape.QUOTE or _is_quoted(line.text):
        return BlockKind.QUOTE
    is_speech = line.text.startswith(OPENING_MARKS) and has_inner_stop(line.text)
    is_listed = following is not None and following.shape is Shape.ITEM
    most = -1 if question_words is None else max(question_words, HEADING_WORDS * is_listed)
    asks = line.is_question and line.words <= most and not is_speech
    if asks and following is not None and following.shape is not Shape.SHORT:
        return BlockKind.HEADING
    return BlockKind.LIST_ITEM if line.is_bulleted else BlockKind.PARAGRAPH
