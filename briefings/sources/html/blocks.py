"""Reads the blocks of a page as a browser would show them: each line of text, in order, with all its words.

A block is the text between two places where block-level elements begin or end. A table row is one block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from html import unescape

from lxml.html import HtmlElement

from briefings.sources.html.tags import BLOCKS, CELLS, CONTROLS, HEADINGS, STRONG
from briefings.sources.text import one_line

_WORD = re.compile(r"[^\W_]")
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
# Some programs escape a text twice.
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,5});")
_BETWEEN_CELLS = " | "
# The text that a browser shows around an element.
_AROUND = {"q": ("“", "”"), "rt": (" ", " ")}
# Links are kept, because later steps count them.
_KEPT_INLINE = frozenset(["a", "img"])


class Role(Enum):
    """The role of a block according to its markup."""

    HEADING = "heading"
    TERM = "term"  # <dt>
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    SPEAKER = "speaker"  # a quote's <cite> or <footer>
    ITEM = "item"
    ROW = "row"  # of a table of data
    ASIDE = "aside"  # a caption, a button, a clock


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a line with one style."""

    text: str
    is_strong: bool
    is_linked: bool


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A block. Its lines end where the page has ``<br>``.

    Attributes:
        text: All its words on one line.
        element: The innermost block-level element around it.
        slot: The element that contains its first text, and whether the text is the element's tail.
    """

    role: Role
    element: HtmlElement
    lines: tuple[tuple[Run, ...], ...]
    slot: tuple[HtmlElement, bool]
    text: str

    @property
    def parts(self) -> list[str]:
        """Its words, divided where a line ends and where two elements touch: "By Ann Lee" and "3 May 2023"."""
        parts = [""]
        for line in self.lines:
            for run in line:
                if _touch(parts[-1], run.text):
                    parts.append("")
                parts[-1] += run.text
            parts.append("")
        return [words for part in parts if (words := one_line(part))]

    @property
    def link_share(self) -> float:
        """The share of its text in links, from 0 to 1."""
        total = linked = 0
        for line in self.lines:
            for run in line:
                length = len(run.text.strip())
                total += length
                linked += length * run.is_linked
        return linked / total if total else 0.0


def words_of(lines: Iterable[Iterable[Run]]) -> str:
    """All words of some lines, on one line."""
    text = one_line(" ".join("".join(run.text for run in line) for line in lines))
    return one_line(unescape(text)) if _ENTITY.search(text) else text


def read_blocks(tree: HtmlElement) -> list[PageBlock]:
    """The blocks of ``tree``, from which hidden elements were removed.

    Inline elements except links become ``span``, so that they can be stripped together.
    """
    reader = _Reader()
    reader.read(tree)
    return reader.blocks


class _Reader:
    """Walks through a tree once and collects its blocks."""

    def __init__(self) -> None:
        self.blocks: list[PageBlock] = []
        self._containers: list[HtmlElement] = []
        self._lines: list[list[Run]] = [[]]
        self._slot: tuple[HtmlElement, bool] | None = None
        self._inline: list[HtmlElement] = []
        self._strong = self._linked = self._controls = 0
        self._is_free = False
        self._is_in_row = False
        self._items: set[HtmlElement] = set()

    def read(self, element: HtmlElement) -> None:
        """Reads an element and its content, but not its tail."""
        tag = element.tag
        if tag in BLOCKS or (tag == "cite" and self._is_speaker(element)):
            self._read_block(element)
        elif tag == "br":
            self._break_line()
        else:
            self._read_inline(element)

    def _read_children(self, element: HtmlElement) -> None:
        self._add(element, element.text, is_tail=False)
        for child in element:
            self.read(child)
            self._add(child, child.tail, is_tail=True)

    def _read_block(self, element: HtmlElement) -> None:
        if self._is_in_row:
            is_next_cell = element.tag in CELLS and element.getprevious() is not None
            self._lines[-1].append(Run(_BETWEEN_CELLS if is_next_cell else " ", False, False))
            self._read_children(element)
            self._lines[-1].append(Run(" ", False, False))
            return
        self._flush()
        self._containers.append(element)
        self._is_in_row = element.tag == "tr"
        self._read_children(element)
        self._is_in_row = False
        self._flush()
        self._containers.pop()

    def _read_inline(self, element: HtmlElement) -> None:
        tag = element.tag
        style = element.get("style")
        strong = tag in STRONG or bool(style and _BOLD.search(style))
        linked, control = tag == "a" and _leads_away(element), tag in CONTROLS
        self._strong, self._linked, self._controls = (
            self._strong + strong,
            self._linked + linked,
            self._controls + control,
        )
        if tag not in _KEPT_INLINE:
            self._inline.append(element)
        has_brackets = tag == "rt" and element.getparent().find("rp") is not None
        opening, closing = _AROUND.get(tag, ("", "")) if not has_brackets else ("", "")
        if opening:
            self._lines[-1].append(self._run(opening))
        self._read_children(element)
        if closing:
            self._lines[-1].append(self._run(closing))
        self._strong, self._linked, self._controls = (
            self._strong - strong,
            self._linked - linked,
            self._controls - control,
        )

    def _add(self, element: HtmlElement, text: str | None, *, is_tail: bool) -> None:
        if not text:
            return
        self._lines[-1].append(self._run(text))
        if not text.isspace():
            self._slot = self._slot or (element, is_tail)
            self._is_free = self._is_free or not self._controls

    def _run(self, text: str) -> Run:
        return Run(text, self._strong > 0, self._linked > 0)

    def _break_line(self) -> None:
        """Ends a line. Two breaks in a row end a block."""
        if self._slot and not self._is_in_row and not _has_text(self._lines[-1]):
            self._flush()
        else:
            self._lines.append([])

    def _flush(self) -> None:
        """Ends the current block, if it contains a word."""
        if not self._slot and not self._inline:
            self._lines = [[]]
            return
        if self._slot:
            lines = tuple(tuple(line) for line in self._lines if _has_text(line))
            text = words_of(lines)
            if _WORD.search(text):
                self.blocks.append(PageBlock(self._role(), self._containers[-1], lines, self._slot, text))
        if self._is_free or not self._slot:
            for element in self._inline:
                element.tag = "span"
        self._lines, self._inline = [[]], []
        self._slot, self._is_free = None, False

    def _role(self) -> Role:
        tags = {container.tag for container in self._containers}
        innermost = self._containers[-1].tag
        if not self._is_free or innermost in {"figcaption", "legend"}:
            return Role.SPEAKER if self._is_below_quote() else Role.ASIDE
        if innermost == "tr":
            return Role.ROW
        if tags & HEADINGS or innermost == "summary":
            self._items.update(each for each in self._containers if each.tag == "li")
            return Role.HEADING
        if "blockquote" in tags:
            return Role.SPEAKER if innermost in {"cite", "footer"} else Role.QUOTE
        if innermost == "dt":
            return Role.TERM
        return self._role_in_item(innermost) if "li" in tags else Role.PARAGRAPH

    def _role_in_item(self, innermost: str) -> Role:
        """The role within a list item. The first block is the item. Later paragraphs, or those below a heading, are
        paragraphs.
        """
        item = next(each for each in reversed(self._containers) if each.tag == "li")
        is_first = item not in self._items
        self._items.add(item)
        return Role.ITEM if is_first or innermost == "li" else Role.PARAGRAPH

    def _is_below_quote(self) -> bool:
        """Whether a caption belongs to a quote in its figure."""
        return any(each.tag == "figure" and each.find(".//blockquote") is not None for each in self._containers)

    def _is_speaker(self, element: HtmlElement) -> bool:
        """Whether a ``<cite>`` ends a quote and so names the speaker."""
        is_last = element.getnext() is None and not (element.tail or "").strip()
        return is_last and not self._is_in_row and any(each.tag == "blockquote" for each in self._containers)


def _touch(one: str, other: str) -> bool:
    """Whether the last word of one text and the first of the other have no space between them."""
    return one[-1:].isalnum() and other[:1].isalnum() and len(one.split()) > 1


def _leads_away(link: HtmlElement) -> bool:
    """Whether a link leads to another page, and not to a place in its own, as those of headings do."""
    address = link.get("href")
    if address is None or address.startswith("#"):
        return False
    # Some sites count visits by what is behind the mark: "#source=front".
    place = address.partition("#")[2]
    return not place or "=" in place or next(link.iterancestors(*HEADINGS), None) is None


def _has_text(line: Sequence[Run]) -> bool:
    return bool("".join([run.text for run in line]).strip())
