"""Finds the list of main points that a page shows between its title and its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from briefings.sources.furniture import Furniture
from briefings.sources.html.blocks import PageBlock, Role

_POINTS = range(2, 9)
# Lines between the points and the text: the author, the date, a caption.
_MOST_BETWEEN = 15
_LABELS = frozenset({Role.HEADING, Role.PARAGRAPH})


def with_points_above(blocks: Sequence[PageBlock], chosen: Sequence[PageBlock], known: Furniture) -> list[PageBlock]:
    """The blocks of the article, with a labelled list of main points that stands above them.

    Args:
        blocks: All blocks of the page.
    """
    if not chosen:
        return []
    text_at = next(place for place, block in enumerate(blocks) if block is chosen[0])
    end = text_at
    while end > max(0, text_at - _MOST_BETWEEN) and blocks[end - 1].role is not Role.ITEM:
        end -= 1
    start = end
    while start > 0 and blocks[start - 1].role is Role.ITEM:
        start -= 1
    points = blocks[start:end]
    label = blocks[start - 1] if start else None
    is_list = len(points) in _POINTS and not any(block.link_share for block in points)
    if label is None or not is_list or label.role not in _LABELS or not known.is_summary_label(label.text):
        return list(chosen)
    return [replace(label, role=Role.HEADING), *points, *chosen]
