"""Finds the article in a pasted page: the range of lines with most prose and least furniture."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.sources.furniture import Furniture
from briefings.sources.lines import Line, Shape, ends_sentence, is_teaser, read_on
from briefings.sources.summaries import summary_at

# The score that a line adds to its range. Tuned on every second page of a public set of pages
# (scrapinghub/article-extraction-benchmark). The others were used for testing.
_GAIN = {
    Shape.REMARK: 1.0,
    Shape.SHORT: -6.0,
    Shape.ITEM: -1.0,
    Shape.FACT: -1.0,
    Shape.QUOTE: 8.0,
    Shape.JUNK: -5.0,
    Shape.LABEL: -12.0,
    Shape.POINTER: -6.0,
    Shape.END: -6.0,
}
_MORE_JUNK_GAIN = -2.0
_SENTENCE_ITEM_GAIN = 3.0
_PROSE_GAIN_LIMIT = 40
# A box of other stories costs as much as its label, however long it is.
_OF_A_BOX = frozenset({Shape.SHORT, Shape.ITEM, Shape.REMARK, Shape.LABEL})
# A long list or a table inside an article costs no more than its first rows.
_TABULAR = frozenset({Shape.SHORT, Shape.ITEM, Shape.FACT})
_MOST_COUNTED = 4
_LISTED = frozenset({Shape.ITEM, Shape.FACT})
# The article ends at the first of these. The second: prose at most this far from it still belongs to it.
_PARTING = frozenset({Shape.JUNK, Shape.LABEL, Shape.END, Shape.POINTER})
_MOST_BETWEEN = 12
_FEWEST_READ_ON = 2
# Items of at least this many words have content. The heading of a list above an article has at most as many.
_TOLD_WORDS = 9
_LIST_HEADING_WORDS = 4
# Below the end of an article of this size nothing is searched, because readers' comments may be longer.
_ENOUGH = 60.0


def find_stretch(lines: Sequence[Line], known: Furniture) -> tuple[int, int]:
    """The range of lines with the largest sum of scores, as a half-open range."""
    best = (0.0, 0, 0)
    total, start, shorts = 0.0, 0, 0
    is_boxed = False
    for place, line in enumerate(lines):
        if line.shape is Shape.END and not (is_boxed and line.is_bulleted):
            if total >= _ENOUGH:
                break
            total = 0.0
            continue
        if total <= 0:
            total, start = 0.0, place
        shorts = shorts + 1 if line.shape in _TABULAR else 0
        is_table = shorts > _MOST_COUNTED and total > 0
        previous = lines[place - 1].shape if place else None
        is_boxed = is_boxed and (line.shape in _OF_A_BOX or is_teaser(line))
        total += 0.0 if is_table or is_boxed else _gain(line, previous)
        is_boxed = is_boxed or line.shape is Shape.LABEL
        if total > best[0]:
            best = (total, start, place + 1)
    if not best[2]:
        return 0, len(lines)
    return _upwards(lines, best[1], known), _downwards(lines, best[2])


def _downwards(lines: Sequence[Line], end: int) -> int:
    """The end, moved below adjacent prose and an announced list."""
    while (place := _prose_below(lines, end)) is not None:
        end = place + 1
    end = _below_verse(lines, _below_facts(lines, end))
    list_at = _list_at(lines, end)
    if list_at is not None:
        end = list_at
        while end < len(lines) and lines[end].shape in _TABULAR:
            end += 1
    return end


def _below_facts(lines: Sequence[Line], end: int) -> int:
    """The end, moved below rows of facts."""
    while end < len(lines) and lines[end].shape is Shape.FACT:
        end += 1
    return end


def _below_verse(lines: Sequence[Line], end: int) -> int:
    """The end, moved below short lines that read on."""
    last = end
    while last + 1 < len(lines) and read_on(lines[last], lines[last + 1]):
        last += 1
    return last + 1 if last - end >= _FEWEST_READ_ON else end


def _above_verse(lines: Sequence[Line], start: int) -> int:
    """The start, moved above short lines that read on."""
    first = start - 1
    while first > 0 and read_on(lines[first - 1], lines[first]):
        first -= 1
    return first if start - 1 - first >= _FEWEST_READ_ON else start


def _prose_below(lines: Sequence[Line], end: int) -> int | None:
    for place in range(end, min(end + _MOST_BETWEEN, len(lines))):
        if lines[place].shape in _PARTING:
            return _below_advertisement(lines, place) if place == end else None
        if lines[place].shape is Shape.PROSE or (lines[place].shape is Shape.REMARK and place > end):
            return place
    return None


def _below_advertisement(lines: Sequence[Line], end: int) -> int | None:
    """The place of a paragraph below a single line of furniture and a heading, perhaps with a list between the two."""
    if lines[end].shape is not Shape.JUNK or lines[end + 1 : end + 2] == [] or lines[end + 1].shape is not Shape.SHORT:
        return None
    below = (place for place in range(end + 2, len(lines)) if lines[place].shape is not Shape.ITEM)
    place = next(below, None)
    is_told = place is not None and lines[place].shape is Shape.PROSE and lines[place].text.endswith(".")
    return place if is_told else None


def _list_at(lines: Sequence[Line], end: int) -> int | None:
    """The place of a list that the last line, or a heading at the end, announces."""
    if lines[end - 1].text.endswith(":"):
        return end
    for place in range(end - 1, min(end + 1, len(lines))):
        heading, items = lines[place], lines[place + 1 : place + 3]
        is_heading = not heading.is_bulleted and (heading.shape is Shape.SHORT or heading.is_question)
        if is_heading and len(items) > 1 and all(item.shape in _LISTED for item in items):
            return place + 1
    return None


def _upwards(lines: Sequence[Line], start: int, known: Furniture) -> int:
    """The start, moved above adjacent prose."""
    place = start - 1
    while place >= max(start - _MOST_BETWEEN, 0) and lines[place].shape not in _PARTING:
        if lines[place].shape is Shape.PROSE:
            start = place
        place -= 1
    labelled = summary_at(lines, start, known)
    return _above_list(lines, _above_verse(lines, start)) if labelled is None else labelled


def _above_list(lines: Sequence[Line], start: int) -> int:
    """The start, moved above a list with its heading, such as "Key points". Furniture may be in between."""
    place = start - 1
    while place >= 0 and lines[place].shape is Shape.JUNK:
        place -= 1
    end = place
    if lines[start].shape is Shape.ITEM:
        place, end = start - 1, start + 1
    while place >= 0 and lines[place].shape is Shape.ITEM:
        place -= 1
    items = lines[place + 1 : end + 1]
    is_told = sum(ends_sentence(item.text) or item.words >= _TOLD_WORDS for item in items) * 2 > len(items)
    is_headed = place > 0 and lines[place].shape is Shape.SHORT and lines[place].words <= _LIST_HEADING_WORDS
    return place if len(items) > 1 and is_told and is_headed else start


def _gain(line: Line, previous: Shape | None) -> float:
    if line.shape is Shape.PROSE:
        return float(min(line.words, _PROSE_GAIN_LIMIT))
    if line.shape is Shape.ITEM and ends_sentence(line.text):
        return _SENTENCE_ITEM_GAIN
    if line.shape is Shape.JUNK and previous is Shape.JUNK:
        return _MORE_JUNK_GAIN
    return _GAIN[line.shape]
