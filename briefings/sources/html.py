"""A news page to an `Article`: trafilatura finds the body, the page's own marks the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import cast

from lxml.etree import _Element as Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document

from briefings import languages
from briefings.errors import ArticleNotFound
from briefings.model import Article, BlockKind, Headline
from briefings.sources.assemble import Piece, assemble, headline, web_address, without_furniture
from briefings.sources.furniture import Furniture, furniture
from briefings.sources.lines import ends_sentence
from briefings.sources.text import one_line

_MOST_RELATED = 20
_MOST_LINKS = 500
_MOST_BOXES = 40
_PARAGRAPHS_OF_A_BOX = 12
_OWN_LINE = frozenset(
    ["p", "lb", "br", "item", "list", "quote", "head", "div", "li", "h1", "h2", "h3", "h4", "cite", "footer"]
)
# Between the cells of a table's row.
_CELLS = " | "
_DECK = re.compile(
    r"stand-?first|sub-?(?:title|head|line)|\bdeck?\b|\bdek\b|article-?(?:lead|summary)|sottotitolo|chapo|entradilla",
    re.IGNORECASE,
)
_RELATED_BOX = re.compile(
    r"related|recommend|read-?(?:more|also|next)|more-?(?:on|from|stories)|correlat|also-?like", re.IGNORECASE
)
_ELSEWHERE = "ancestor::nav or ancestor::footer or ancestor::header[not(ancestor::article)]"


def parse_html(html: str, name: str = "page") -> Article:
    """The article of the page ``html``.

    Raises:
        ArticleNotFound: The page holds no article.
    """
    tree = load_html(html)
    found = None if tree is None else _extract(tree)
    if tree is None or found is None or found.body is None:
        raise ArticleNotFound(name)
    url = web_address(found.url) if found.url else None
    pieces = list(_pieces(found.body))
    language = languages.detect(" ".join(piece.text for piece in pieces))
    known = furniture(language)
    if not any(ends_sentence(piece.text) for piece in pieces if not known.is_junk(piece.text)):
        raise ArticleNotFound(name)
    title = _title(tree, found)
    standfirst = _standfirst(tree, found, pieces)
    body = [piece for piece in pieces if piece.text not in {title, standfirst}]
    return assemble(
        name,
        without_furniture(body, known),
        language=language,
        title=title,
        standfirst=standfirst,
        byline=one_line(found.author).replace("; ", ", ") or None if found.author else None,
        published=date.fromisoformat(found.date) if found.date else None,
        url=url,
        site=one_line(found.sitename) or None if found.sitename else None,
        related=_related(tree, known, url),
    )


def _extract(tree: HtmlElement) -> Document | None:
    found = bare_extraction(tree, with_metadata=True, include_comments=False)
    return cast("Document | None", found)


def _pieces(body: Element) -> Iterator[Piece]:
    """The blocks of trafilatura's body, whose elements are TEI's: head, p, quote, item, row."""
    for element in body:
        match element.tag:
            case "head":
                yield Piece(BlockKind.HEADING, _text(element))
            case "p":
                yield Piece(BlockKind.PARAGRAPH, _text(element))
            case "quote":
                yield Piece(BlockKind.QUOTE, _quotation(element))
            case "item":
                yield Piece(BlockKind.LIST_ITEM, one_line(_words(element, leave_out="list")))
                for inner in _lists_in(element):
                    yield from _pieces(inner)
            case "row":
                yield Piece(BlockKind.LIST_ITEM, _CELLS.join(filter(None, map(_text, element))))
            case _:
                yield from _pieces(element)


def _lists_in(element: Element) -> Iterator[Element]:
    """The outermost lists inside an element."""
    for child in element:
        if child.tag == "list":
            yield child
        else:
            yield from _lists_in(child)


def _quotation(element: Element) -> str:
    """The words of a quote; a last line that begins with a dash names its speaker."""
    lines = [one_line(line) for line in _words(element).split("\n")]
    kept = [line for line in lines if line]
    if len(kept) > 1 and kept[-1].startswith(("—", "–", "-")):
        return " ".join(kept[:-1]) + "\n" + kept[-1]
    return " ".join(kept)


def _words(element: Element, leave_out: str | None = None) -> str:
    """The text of an element; what stands on a line of its own on the page is parted from the rest."""
    words = str(element.text or "")
    for child in element:
        if child.tag != leave_out and isinstance(child.tag, str):
            inner = _words(child, leave_out)
            words += f"\n{inner}\n" if child.tag in _OWN_LINE else inner
        words += str(child.tail or "")
    return words


def _text(element: Element) -> str:
    return one_line(_words(element))


def _title(tree: HtmlElement, found: Document) -> str | None:
    """The page's main heading, if it has one that its metadata do not contradict, else theirs."""
    said = one_line(found.title) if found.title else ""
    headings = [_text(h1) for h1 in tree.iter("h1")]
    best = max(headings, key=lambda heading: _overlap(heading, said), default="")
    if best and (_overlap(best, said) > 0.5 or (not said and len(headings) == 1)):
        return best
    return said or None


def _overlap(one: str, other: str) -> float:
    """Jaccard index of the words of two lines."""
    left, right = set(one.lower().split()), set(other.lower().split())
    return len(left & right) / max(1, len(left | right))


def _standfirst(tree: HtmlElement, found: Document, pieces: list[Piece]) -> str | None:
    """The deck that the page shows; else its description, unless that only repeats the body."""
    for element in tree.iter("p", "h2", "div"):
        marks = f"{element.get('class', '')} {element.get('id', '')} {element.get('data-testid', '')}"
        if _DECK.search(marks) and 5 <= len((text := _text(element)).split()) <= 80:
            return text
    said = one_line(found.description) if found.description else ""
    opening = said.rstrip(".… ")[:60]
    is_cut = said.endswith(("…", "..."))
    if len(said.split()) < 5 or is_cut or any(opening in piece.text for piece in pieces):
        return None
    return said


def _related(tree: HtmlElement, known: Furniture, url: str | None) -> list[Headline]:
    """The links in the boxes that the page itself marks or labels as related."""
    found: dict[str, Headline] = {}
    links = dict.fromkeys(link for box in islice(_boxes(tree, known), _MOST_BOXES) for link in box.iter("a"))
    for link in islice(links, _MOST_LINKS):
        text, address = _text(link), web_address(link.get("href", ""), url)
        if address and address != url and len(text.split()) > 3 and not known.is_junk(text):
            item = headline(text, address)
            if item and len(found) < _MOST_RELATED:
                found.setdefault(address, item)
    return list(found.values())


def _boxes(tree: HtmlElement, known: Furniture) -> Iterator[Element]:
    for element in islice(_marked_as_related(tree), _MOST_BOXES):
        if not element.xpath(_ELSEWHERE) and not _is_whole_page(element):
            yield element
    for label in tree.iter("h2", "h3", "h4", "strong"):
        parent = label.getparent()
        if known.is_related_label(_text(label)) and parent is not None and not _is_whole_page(parent):
            yield parent


def _marked_as_related(tree: HtmlElement) -> Iterator[Element]:
    """The elements whose class, id or label says that they hold related stories, outermost first."""
    for element in tree.iter("aside", "section", "div", "ul"):
        if _RELATED_BOX.search(" ".join(element.get(key, "") for key in ("class", "id", "aria-label"))):
            yield element


def _is_whole_page(element: Element) -> bool:
    """Whether the element holds the article itself and not just a box beside it."""
    paragraphs = islice(element.iter("p"), _PARAGRAPHS_OF_A_BOX + 1)
    return sum(1 for _ in paragraphs) > _PARAGRAPHS_OF_A_BOX or element.find(".//h1") is not None
