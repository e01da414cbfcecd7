"""Reads Markdown, with or without a front matter, as an `Article`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefings import languages
from briefings.addresses import web_address
from briefings.errors import ArticleNotFound
from briefings.model import Article, BlockKind, Headline
from briefings.sources import frontmatter
from briefings.sources.assemble import Piece, assemble, headline, without_furniture
from briefings.sources.furniture import Furniture, furniture
from briefings.sources.headings import Styled, mark_headings
from briefings.sources.kinds import fits_markdown
from briefings.sources.marks import without_marks
from briefings.sources.markup_blocks import paragraphs_of_markup
from briefings.sources.text import normalise, one_line

# Code that programs run and whose text readers do not see.
_QUERIES = frozenset(["dataview", "dataviewjs", "mermaid", "query", "tasks"])
_TASK = re.compile(r"\A\[[ xX/-]\] +")
_FOOTNOTE = re.compile(r"^\[\^[^\[\]\n]+\]:.*$|\[\^[^\[\]\n]+\]|\^\[[^\[\]\n]+\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Marked:
    """A piece with additional information from Markdown."""

    piece: Piece
    level: int = 0
    is_emphasised: bool = False
    is_bold: bool = False
    links: tuple[Headline, ...] = ()


def parse_markdown(text: str, name: str = "text") -> Article:
    """The article in ``text``. The front matter takes precedence over the text.

    Raises:
        SourceMalformed: The front matter is invalid.
        ArticleNotFound: It has no paragraph, or more marks and lines than any article.
    """
    block, body = frontmatter.split(text.replace("\r\n", "\n").removeprefix("\ufeff"))
    if not fits_markdown(body):
        raise ArticleNotFound(name)
    said = frontmatter.parse(block, name) if block is not None else frontmatter.FrontMatter()
    body = _FOOTNOTE.sub("", without_marks(body))
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    # A first paragraph of pictures only is none.
    marked: Sequence[_Marked] = list(dropwhile(lambda each: not each.piece.text, _marked(tokens)))
    language = languages.detect(body)
    known = furniture(language)
    title, marked = _title(said.title, marked)
    signed = [each.piece.text for each in marked[:3] if _is_signature(each.piece.text, known)]
    standfirst, marked = _standfirst(said.standfirst, [each for each in marked if each.piece.text not in signed])
    listed = _listed(marked, known)
    return assemble(
        name,
        without_furniture(mark_headings([Styled(each.piece, each.is_bold) for each in marked], known), known),
        language=language,
        title=title,
        standfirst=standfirst,
        byline=said.byline or next(filter(None, map(known.bylines.author, signed)), None),
        published=said.published or next(filter(None, map(known.calendar.day, signed)), None),
        url=said.url,
        site=said.site,
        related=[*said.related, *listed],
    )


def _title(said: str | None, marked: Sequence[_Marked]) -> tuple[str | None, Sequence[_Marked]]:
    """The title, and the pieces without it. A first heading is the title, unless the front matter has another one."""
    if marked and marked[0].level:
        first = marked[0].piece.text
        if first == said or (said is None and marked[0].level == 1):
            return first, marked[1:]
    return said, marked


def _is_signature(text: str, known: Furniture) -> bool:
    """Whether a paragraph is a byline, a date or both."""
    return known.bylines.author(text) is not None or known.calendar.is_dateline(text)


def _standfirst(said: str | None, marked: Sequence[_Marked]) -> tuple[str | None, Sequence[_Marked]]:
    """The standfirst, and the pieces without it. A first paragraph in italics or bold is the standfirst."""
    if len(marked) > 1 and marked[0].piece.text == said:
        return said, marked[1:]
    if said is None and len(marked) > 1 and marked[0].is_emphasised and not marked[0].level:
        return marked[0].piece.text, marked[1:]
    return said, marked


def _listed(marked: Sequence[_Marked], known: Furniture) -> list[Headline]:
    """The links listed below a heading such as "Related stories"."""
    found: list[Headline] = []
    is_listed = False
    for each in marked:
        if each.piece.kind is not BlockKind.LIST_ITEM:
            is_listed = known.is_related_label(each.piece.text)
        elif is_listed:
            plain = headline(each.piece.text)
            found += each.links or ((plain,) if plain else ())
    return found


def _marked(tokens: Sequence[Token]) -> Iterator[_Marked]:  # noqa: C901, PLR0912  # one case a token
    lists = quotes = level = 0
    cells: list[str] | None = None
    for token in tokens:
        match token.type:
            case "tr_open":
                cells = []
            case "tr_close":
                yield _Marked(Piece(BlockKind.LIST_ITEM, one_line(" | ".join(cells or ()))))
                cells = None
            case "inline" if cells is not None:
                cells.append(one_line(_shown(token.children or ())))
            case "fence" if token.info.strip().lower() in _QUERIES:
                pass
            case "fence" | "code_block":
                yield _Marked(Piece(BlockKind.PARAGRAPH, one_line(token.content)))
            case "html_block":
                yield from (_Marked(Piece(BlockKind.PARAGRAPH, text)) for text in paragraphs_of_markup(token.content))
            case "list_item_open" | "list_item_close":
                lists += token.nesting
            case "blockquote_open" | "blockquote_close":
                quotes += token.nesting
            case "heading_open":
                level = int(token.tag[1])
            case "heading_close":
                level = 0
            case "inline":
                kind = _kind(level, quotes, lists)
                for part in _parts(token.children or ()) if kind is BlockKind.PARAGRAPH else [token.children or ()]:
                    text = normalise(_shown(part)).strip()
                    text = _quotation(text) if kind is BlockKind.QUOTE else one_line(_TASK.sub("", text))
                    is_bold, is_emphasised = _is_styled(part, "strong"), _is_styled(part, "em")
                    piece = Piece(kind, text)
                    yield _Marked(piece, level, is_bold or is_emphasised, is_bold, tuple(_links(part)))
            case _:
                pass


def _quotation(text: str) -> str:
    """The quote on one line. A last line that begins with a dash names the speaker and stays separate."""
    words, newline, last = text.rpartition("\n")
    if newline and last.startswith(("—", "–", "-")):
        return f"{one_line(words)}\n{last}"
    return one_line(text)


def _kind(level: int, quotes: int, lists: int) -> BlockKind:
    if level:
        return BlockKind.HEADING
    if quotes:
        return BlockKind.QUOTE
    return BlockKind.LIST_ITEM if lists else BlockKind.PARAGRAPH


def _shown(children: Sequence[Token]) -> str:
    shown = {"text": None, "code_inline": None, "softbreak": "\n", "hardbreak": "\n"}
    return "".join(shown[child.type] or child.content for child in children if child.type in shown)


def _parts(children: Sequence[Token]) -> list[Sequence[Token]]:
    """A bold first line and the text below it, or everything as one part."""
    breaks = (place for place, child in enumerate(children) if child.type in {"softbreak", "hardbreak"})
    first = next(breaks, None)
    if first is None or not _is_styled(children[:first], "strong"):
        return [children]
    return [children[:first], children[first + 1 :]]


def _is_styled(tokens: Sequence[Token], mark: str) -> bool:
    """Whether all of the tokens are between one pair of marks."""
    children = [child for child in tokens if child.content or child.nesting]
    is_marked = len(children) > 2 and children[0].type == f"{mark}_open" and children[-1].type == f"{mark}_close"
    return is_marked and sum(child.type == f"{mark}_open" for child in children) == 1


def _links(children: Sequence[Token]) -> Iterator[Headline]:
    for place, child in enumerate(children):
        if child.type == "link_open":
            end = next(i for i in range(place, len(children)) if children[i].type == "link_close")
            found = headline(_shown(children[place:end]), web_address(str(child.attrs.get("href", ""))))
            if found:
                yield found
