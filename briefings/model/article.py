"""An article: its text, and the spans of its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit


class BlockKind(StrEnum):
    """The kind of a block."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    LIST_ITEM = "list_item"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The code points ``[start, end)`` of a text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}, {self.end}")

    def of(self, text: str) -> str:
        """Returns the part of ``text`` that the span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Returns whether ``other`` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, quote or list item."""

    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True)
class Headline:
    """A related story that the page lists: its title, and its link if there is one."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    r"""One parsed article.

    Attributes:
        text: All text that may be shown: title, standfirst and blocks. NFC, with ``\n`` for newlines, without
            control or bidi-override characters.
        blocks: In the order of the text, without overlaps.
        language: The ISO 639-1 code, or None if it is unknown.
        url: The canonical address, http or https.
        related: The page's own list of related stories, in its order.
        is_excerpt: Whether it is the text of a feed, which may be only the beginning.
        shown: How many characters of a section are shown in full. None: all.
        image: The public address of the picture that the page gives for the article.
    """

    text: str
    title: Span | None
    standfirst: Span | None
    blocks: tuple[Block, ...]
    byline: str | None = None
    published: date | None = None
    url: str | None = None
    site: str | None = None
    language: str | None = None
    related: tuple[Headline, ...] = ()
    is_excerpt: bool = False
    shown: int | None = None
    image: str | None = None

    @property
    def outlet(self) -> str | None:
        """The outlet's name or, if the article names none, the host of its address, such as "gazette.example"."""
        host = (urlsplit(self.url).hostname or "") if self.url and not self.site else ""
        is_name = "." in host and not host.rpartition(".")[2].isdigit()
        return self.site or (host.removeprefix("www.") if is_name else None)

    def headline(self) -> Span:
        """Returns the title or, if there is none, the first line of the text."""
        if self.title is not None:
            return self.title
        return Span(0, len(self.text.split("\n", 1)[0]))
