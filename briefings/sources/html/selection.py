"""Selects the blocks of a page that belong to the article. trafilatura chooses, and the page's own tree gives the text.

Every block gets an invisible number before its first word. The numbers in trafilatura's result show which blocks it
chose. Its text is not used, because it drops and joins some words. Blocks within the chosen part that trafilatura
overlooked are added, unless they are of a kind that it removes on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from lxml.etree import strip_tags
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from briefings.sources.html.blocks import PageBlock, Role
from briefings.sources.html.boxes import find_boxes
from briefings.sources.html.region import Region

# Variation selectors of the supplementary plane are printable, have no width, and are not part of any word.
_ZERO, _BASE = 0xE0100, 240
_NUMBER = re.compile(f"[{chr(_ZERO)}-{chr(_ZERO + _BASE - 1)}]{{3}}")
_LINK_SHARE = 0.5


def choose_blocks(tree: HtmlElement, blocks: Sequence[PageBlock]) -> list[PageBlock]:
    """The blocks of ``tree`` that belong to the article, in order."""
    chosen = _chosen_by_trafilatura(tree, blocks)
    if not chosen:
        return []
    region = Region(blocks, chosen)
    first, last = _with_headings_above(blocks, region, min(chosen)), max(chosen)

    def is_article(number: int, block: PageBlock) -> bool:
        if number in chosen:
            return not region.is_aside(block)
        is_within = first <= number <= last and region.passes(block)
        return _may_be_article(block) and (is_within or region.continues(block))

    found = [block for number, block in enumerate(blocks) if is_article(number, block)]
    boxes = find_boxes(found, blocks[first : last + 1])

    def is_boxed(block: PageBlock) -> bool:
        return block.element in boxes or not boxes.isdisjoint(block.element.iterancestors())

    return [block for block in found if not is_boxed(block)] if boxes else found


def _with_headings_above(blocks: Sequence[PageBlock], region: Region, first: int) -> int:
    """The place of the first heading directly above the first chosen block."""
    while first and (blocks[first - 1].role in {Role.ASIDE, Role.HEADING}) and region.passes(blocks[first - 1]):
        first -= 1
    return first


def _may_be_article(block: PageBlock) -> bool:
    return block.role is not Role.ASIDE and block.link_share < _LINK_SHARE


def _chosen_by_trafilatura(tree: HtmlElement, blocks: Sequence[PageBlock]) -> set[int]:
    for number, block in enumerate(blocks):
        if block.role is not Role.ASIDE:
            _write_number(block, number)
    strip_tags(tree, "span", "wbr")
    for element in tree.iter():
        _join_text(element)
    found = cast("Document | None", bare_extraction(tree, include_comments=False))
    if found is None or found.body is None:
        return set()
    numbers = {_read_number(mark) for mark in _NUMBER.findall("".join(map(str, found.body.itertext())))}
    return {number for number in numbers if number < len(blocks)}


def _join_text(element: HtmlElement) -> None:
    """Joins the text nodes that stripping left. With many nodes XPath takes quadratic time."""
    element.text, element.tail = element.text, element.tail


def _write_number(block: PageBlock, number: int) -> None:
    high, low = divmod(number, _BASE)
    mark = "".join(chr(_ZERO + digit) for digit in (*divmod(high, _BASE), low))
    element, is_tail = block.slot
    if is_tail:
        element.tail = mark + (element.tail or "")
    else:
        element.text = mark + (element.text or "")


def without_numbers(text: str) -> str:
    """``text`` of the tree without the numbers of blocks."""
    return _NUMBER.sub("", text)


def _read_number(mark: str) -> int:
    highest, high, low = (ord(char) - _ZERO for char in mark)
    return (highest * _BASE + high) * _BASE + low
