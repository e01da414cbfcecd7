"""Finds boxes within the text of a page: sign-ups, facts and other stories beside the article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from briefings.sources.html.blocks import PageBlock, Role

# Paragraphs of an article are siblings if one element has this share of their characters.
_SIBLINGS_SHARE = 0.6
# A part with more of the text is no box.
_BOX_SHARE = 0.15


def find_boxes(chosen: Sequence[PageBlock]) -> set[HtmlElement]:
    """The elements that stand between the paragraphs and have a heading and a text of their own.

    Args:
        chosen: The blocks of the article and of the boxes in it.
    """
    held: Counter[HtmlElement] = Counter()
    for block in chosen:
        if block.role is Role.PARAGRAPH and (parent := block.element.getparent()) is not None:
            held[parent] += len(block.text)
    total = sum(held.values())
    if not total:
        return set()
    column, length = held.most_common(1)[0]
    if length < _SIBLINGS_SHARE * total:
        return set()
    return {part for part, blocks in _parts(chosen, column).items() if _is_named(part) and _is_box(blocks, total)}


def _is_named(part: HtmlElement) -> bool:
    """Whether an element is styled or read as a part of its own. Folded answers are styled, but belong to the text."""
    return part.tag == "aside" or (part.tag != "details" and bool(part.keys()))


def _parts(chosen: Sequence[PageBlock], column: HtmlElement) -> dict[HtmlElement, list[PageBlock]]:
    """The blocks in each child of the column, from the first paragraph on."""
    parts: dict[HtmlElement, list[PageBlock]] = {}
    has_begun = False
    for block in chosen:
        has_begun = has_begun or (block.role is Role.PARAGRAPH and block.element.getparent() is column)
        part = _child_around(block.element, column) if has_begun else None
        if part is not None:
            parts.setdefault(part, []).append(block)
    return parts


def _child_around(element: HtmlElement, column: HtmlElement) -> HtmlElement | None:
    """The child of the column that is the element or contains it."""
    child = element
    for each in element.iterancestors():
        if each is column:
            return child
        child = each
    return None


def _is_box(blocks: Sequence[PageBlock], total: int) -> bool:
    roles = {block.role for block in blocks}
    length = sum(len(block.text) for block in blocks)
    return Role.HEADING in roles and len(roles) > 1 and length < _BOX_SHARE * total
