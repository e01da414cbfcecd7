"""Finds the list of main points that pages show above an article, and moves it to the beginning of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from briefings.sources.bylines import names
from briefings.sources.datelines import is_clock
from briefings.sources.furniture import Furniture
from briefings.sources.lines import Line, Shape

_MOST_LABEL_WORDS = 6
_POINTS = range(2, 9)
# Points without bullets have at least this many words. A shorter line names the author.
_FEWEST_WORDS, _FEWEST_BELOW = 5, 3
_FEWEST_OF_TITLE = 3
# Lines between the points and the text: the author, the date, a share bar, a caption.
_MOST_BETWEEN = 15
_WITHOUT_STOP = frozenset({Shape.SHORT, Shape.REMARK})


def with_summary_below_head(lines: Sequence[Line], known: Furniture) -> list[Line]:
    """The lines, with a list of main points and its label directly above the first paragraph.

    Pages show it above the author, the date and the share bar. Points without bullets become list items.
    """
    label_at = _label_at(lines, known)
    if label_at is None:
        return list(lines)
    start = _start_of_points(lines, label_at)
    end = _end_of_points(lines, start)
    text_at = _text_at(lines, end)
    if end - start not in _POINTS or text_at is None:
        return list(lines)
    points = [replace(line, shape=Shape.ITEM, is_bulleted=True) for line in lines[start:end]]
    label = replace(lines[label_at], shape=Shape.SHORT)
    return [*lines[:label_at], *lines[end:text_at], label, *points, *lines[text_at:]]


def summary_at(lines: Sequence[Line], start: int, known: Furniture) -> int | None:
    """The place of the label of a list of main points.

    The text begins in the list, or below it at ``start``, with only furniture and a heading in between.
    """
    end = start
    if lines[start].shape is Shape.ITEM:
        end = _end_of_points(lines, start)
    else:
        while end > 0 and lines[end - 1].shape in {Shape.JUNK, Shape.SHORT}:
            end -= 1
    place = end
    while place > 0 and lines[place - 1].shape is Shape.ITEM:
        place -= 1
    is_list = end - place in _POINTS and place > 0
    return place - 1 if is_list and _is_label(lines[place - 1], known) else None


def _label_at(lines: Sequence[Line], known: Furniture) -> int | None:
    """The place of a label above the first paragraph and below a line that may be the title."""
    is_below_title = False
    for place, line in enumerate(lines):
        if line.shape is Shape.PROSE and not line.is_bulleted:
            return None
        if is_below_title and _is_label(line, known):
            return place
        is_below_title = is_below_title or (line.shape in _WITHOUT_STOP and line.words >= _FEWEST_OF_TITLE)
    return None


def _is_label(line: Line, known: Furniture) -> bool:
    is_short = line.shape in {Shape.SHORT, Shape.JUNK} and line.words <= _MOST_LABEL_WORDS
    return is_short and not line.is_bulleted and known.is_summary_label(line.text)


def _start_of_points(lines: Sequence[Line], label_at: int) -> int:
    """The place of the first point. The label of a second tab, a word such as "Companies", may stand above it."""
    tab = lines[label_at + 1 : label_at + 2]
    is_tab = bool(tab) and tab[0].shape in {Shape.SHORT, Shape.JUNK} and tab[0].words == 1 and not tab[0].is_bulleted
    return label_at + 1 + is_tab


def _end_of_points(lines: Sequence[Line], start: int) -> int:
    """The end of the list that begins at ``start``: of items, or of short lines without bullets."""
    end = start
    if start < len(lines) and lines[start].is_bulleted:
        while end < len(lines) and lines[end].is_bulleted:
            end += 1
        return end
    # In a paste whose lists are parted from the text, a shorter line directly below a point is one, too.
    is_parted = any(line.is_apart for line in lines[max(0, start - 2) : start])
    while end < len(lines):
        is_below = is_parted and end > start and not lines[end].is_apart
        if not _is_point(lines[end], _FEWEST_BELOW if is_below else _FEWEST_WORDS):
            break
        end += 1
    return end


def _is_point(line: Line, fewest: int) -> bool:
    is_told = line.shape in _WITHOUT_STOP and line.words >= fewest and not line.is_question
    return is_told and names(line.text) is None


def _text_at(lines: Sequence[Line], start: int) -> int | None:
    """The place of the first paragraph or heading below the lines about author and date."""
    for place in range(start, min(start + _MOST_BETWEEN, len(lines))):
        if lines[place].shape is Shape.PROSE:
            return place - 1 if place > start and _is_heading(lines, place - 1) else place
        if lines[place].shape not in {Shape.JUNK, Shape.SHORT}:
            return None
    return None


def _is_heading(lines: Sequence[Line], place: int) -> bool:
    """Whether a line above the first paragraph is its heading: separate from the head, or an entry of a live page."""
    line = lines[place]
    is_short = line.shape is Shape.SHORT and names(line.text) is None
    return is_short and (line.is_apart or is_clock(lines[place - 1].text))
