"""Finds boxes within the text of a page: sign-ups, facts and other stories beside the article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from briefings.sources.html.blocks import PageBlock, Role
from briefings.sources.lines import ends_sentence

# Paragraphs of an article are siblings if one element has this share of their characters.
_SIBLINGS_SHARE = 0.6
# A part with more of the text is no box.
_BOX_SHARE = 0.15


def find_boxes(chosen: Sequence[PageBlock], within: Sequence[PageBlock]) -> set[HtmlElement]:
    """The elements that stand between the paragraphs and have a heading and a text of their own.

    Args:
        chosen: The blocks of the article and of the boxes in it.
        within: All blocks of the page from the first of these to the last.
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
    return {part for part, blocks in _parts(within, column).items() if _is_named(part) and _is_box(blocks, total)}


def _is_named(part: HtmlElement) -> bool:
    """Whether an element is styled or read as a part of its own. Folded answers are styled, but belong to the text."""
    return part.tag == "aside" or (part.tag != "details" and bool(part.keys()))


def _parts(within: Sequence[PageBlock], column: HtmlElement) -> dict[HtmlElement, list[PageBlock]]:
    """The blocks in each child of the column, from the first paragraph on."""
    parts: dict[HtmlElement, list[PageBlock]] = {}
    has_begun = False
    for block in within:
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
    is_headed = Role.HEADING in roles and len(roles) > 1
    return (is_headed or _is_below_bold(blocks)) and length < _BOX_SHARE * total


def _is_below_bold(blocks: Sequence[PageBlock]) -> bool:
    """Whether a bold line that is no sentence stands above the rest."""
    first, *rest = blocks
    is_bold = all(run.is_strong or not run.text.strip() for line in first.lines for run in line)
    return is_bold and bool(rest) and not ends_sentence(first.text)
