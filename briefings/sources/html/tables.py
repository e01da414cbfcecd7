"""Distinguishes tables that lay out a page from tables of data."""

from __future__ import annotations

from collections import Counter

from lxml.html import HtmlElement

from briefings.sources.html.tags import CELLS, HEADINGS, TABLE_PARTS

_FEWEST_PARAGRAPHS = 2
_LONGEST_CELL = 700


def unfold_layout_tables(tree: HtmlElement) -> None:
    """Turns tables that only lay out text into plain containers."""
    layout = _layout_tables(tree)
    if not layout:
        return
    for element in tree.iter(*TABLE_PARTS):
        table = element if element.tag == "table" else _table_of(element)
        if table is None or table in layout:
            layout.add(element)
    for element in layout:
        element.tag = "div"


def _layout_tables(tree: HtmlElement) -> set[HtmlElement]:
    """The tables with headings, several paragraphs in a cell, nested tables, or one long text."""
    found: set[HtmlElement] = set()
    paragraphs: Counter[HtmlElement] = Counter()
    for element in tree.iter("table", "p", *HEADINGS):
        if element.tag == "table" and element.get("role") in {"none", "presentation"}:
            found.add(element)
        cell = next(element.iterancestors(*CELLS), None)
        table = _table_of(element) if cell is None else _table_of(cell)
        if cell is None or table is None:
            continue
        paragraphs[cell] += 1
        if element.tag != "p" or paragraphs[cell] >= _FEWEST_PARAGRAPHS:
            found.add(table)
    for table in tree.iter("table"):
        if table not in found and _is_column(table):
            found.add(table)
    return found


def _is_column(table: HtmlElement) -> bool:
    """Whether no row has two cells, or a cell is as long as an article."""
    widths = [sum(1 for _ in row.iterchildren(*CELLS)) for row in table.iter("tr")]
    return max(widths, default=0) < 2 or any(
        len("".join(cell.itertext())) > _LONGEST_CELL for cell in table.iter(*CELLS)
    )


def _table_of(element: HtmlElement) -> HtmlElement | None:
    return next(element.iterancestors("table"), None)
