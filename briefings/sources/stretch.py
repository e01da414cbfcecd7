"""Where in a pasted page the article stands: the stretch with most prose for least furniture."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.sources.lines import Line, Shape, ends_sentence

# What a line adds to the stretch that it stands in.  Tuned on every second page of a public set of
# pasted pages (scrapinghub/article-extraction-benchmark); the others were held back.
_GAIN = {
    Shape.REMARK: 1.0,
    Shape.SHORT: -6.0,
    Shape.ITEM: -1.0,
    Shape.QUOTE: 8.0,
    Shape.JUNK: -5.0,
    Shape.LABEL: -12.0,
    Shape.POINTER: -6.0,
}
_MORE_JUNK_GAIN = -2.0
_SENTENCE_ITEM_GAIN = 3.0
_PROSE_GAIN_LIMIT = 40
# A box of other stories costs what its label costs, however many it holds.
_OF_A_BOX = frozenset({Shape.SHORT, Shape.ITEM, Shape.REMARK, Shape.LABEL})
# Below the end of an article that has this much, nothing is searched: readers' comments may be longer.
_ENOUGH = 60.0


def find_stretch(lines: Sequence[Line]) -> tuple[int, int]:
    """The run of lines with the greatest sum of gains, as a half-open range."""
    best = (0.0, 0, 0)
    total, start = 0.0, 0
    is_boxed = False
    for place, line in enumerate(lines):
        if line.shape is Shape.END:
            if total >= _ENOUGH:
                break
            total = 0.0
            continue
        if total <= 0:
            total, start = 0.0, place
        previous = lines[place - 1].shape if place else None
        total += 0.0 if is_boxed and line.shape in _OF_A_BOX else _gain(line, previous)
        is_boxed = line.shape is Shape.LABEL or (is_boxed and line.shape in _OF_A_BOX)
        if total > best[0]:
            best = (total, start, place + 1)
    return (best[1], best[2]) if best[2] else (0, len(lines))


def _gain(line: Line, previous: Shape | None) -> float:
    if line.shape is Shape.PROSE:
        return float(min(line.words, _PROSE_GAIN_LIMIT))
    if line.shape is Shape.ITEM and ends_sentence(line.text):
        return _SENTENCE_ITEM_GAIN
    if line.shape is Shape.JUNK and previous is Shape.JUNK:
        return _MORE_JUNK_GAIN
    return _GAIN[line.shape]
