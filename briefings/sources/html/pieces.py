"""Turns the chosen blocks of a page into the pieces of an article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from lxml.html import HtmlElement

from briefings.model import BlockKind
from briefings.sources.assemble import Piece
from briefings.sources.facts import find_fact_rows
from briefings.sources.furniture import Furniture
from briefings.sources.headings import Styled, mark_headings
from briefings.sources.html.blocks import PageBlock, Role, Run, words_of
from briefings.sources.html.metadata import short_text
from briefings.sources.lines import ends_sentence

_KINDS = {
    Role.HEADING: BlockKind.HEADING,
    Role.PARAGRAPH: BlockKind.PARAGRAPH,
    Role.QUOTE: BlockKind.QUOTE,
    Role.ITEM: BlockKind.LIST_ITEM,
    Role.ROW: BlockKind.LIST_ITEM,
}
# A definition with at least this many words is a text below its term, not an entry in a table of facts.
_DEFINITION_WORDS = 9
# Classes that so many lines have and no sentence. Those of names, credits and quotations are no headings.
_FEWEST_OF_CLASS, _MOST_OF_CLASS = 2, 10
_NO_HEADING = re.compile(
    r"quot|cite|caption|credit|author|by-?line|date|time|image|photo|media|promo|\btags?\b|label|teaser|note|speaker"
    r"|name|source|share|social|comment|price|item|list|meta",
    re.IGNORECASE,
)
_LINKED = 0.9
_FEWEST_LINK_WORDS = 4
_LONGEST_BYLINE, _LONGEST_BOX = 200, 500
# A single heading that is a link may point to a related story.
_FEWEST_STORIES = 2


def as_pieces(blocks: Sequence[PageBlock], known: Furniture) -> list[Piece]:
    """The pieces of the article. Headings are found, quotes joined, and lines that point to other stories left out."""
    styled: list[Styled] = []
    heading_classes = _heading_classes(blocks)
    quote: object = None
    lists_stories = _lists_stories(blocks)
    blocks = _without_folded_boxes(blocks, known)
    for place, block in enumerate(blocks):
        is_listed = lists_stories and block.role is Role.HEADING
        if (_points_elsewhere(block) and not is_listed) or _is_byline(block, known) or _is_box(block, known):
            continue
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        inner = _quote_around(block)
        if inner is not None and inner is quote and styled:
            styled[-1] = _joined(styled[-1], block)
        else:
            styled += _styled(block, following, known, has_own_style=block.element.get("class") in heading_classes)
        quote = inner
    return mark_headings(styled, known)


def _heading_classes(blocks: Sequence[PageBlock]) -> set[str]:
    """The classes of paragraphs that are all short lines without an end, each above a text of another class."""
    texts: dict[str, set[str]] = {}
    others: set[str] = set()
    for block, following in zip_longest(blocks, blocks[1:]):
        name = block.element.get("class", "") if block.role is Role.PARAGRAPH else ""
        is_short = len(block.text.split()) <= _MOST_OF_CLASS and not ends_sentence(block.text)
        is_above_text = following is not None and ends_sentence(following.text)
        if not (is_short and is_above_text) or block.text in texts.setdefault(name, set()):
            others.add(name)
        texts.setdefault(name, set()).add(block.text)
    return {
        name
        for name, said in texts.items()
        if name not in others and len(said) >= _FEWEST_OF_CLASS and not _NO_HEADING.search(name)
    }


def _styled(
    block: PageBlock, following: PageBlock | None, known: Furniture, *, has_own_style: bool
) -> Iterator[Styled]:
    """One piece, or two if the block has a bold first line above its text, or one for each line if all are facts."""
    if block.role is Role.TERM:
        is_above_text = following is not None and len(following.text.split()) >= _DEFINITION_WORDS
        yield Styled(Piece(BlockKind.HEADING if is_above_text else BlockKind.LIST_ITEM, block.text))
        return
    kind = _KINDS.get(block.role, BlockKind.PARAGRAPH)
    first, *rest = block.lines
    if block.element.tag == "dd" and len(block.text.split()) < _DEFINITION_WORDS:
        kind = BlockKind.LIST_ITEM
    rows = [words_of([line]) for line in block.lines] if kind is BlockKind.PARAGRAPH and rest else []
    if rows and len(find_fact_rows(rows, known)) == len(rows):
        yield from (Styled(Piece(BlockKind.LIST_ITEM, row)) for row in rows)
    elif kind is BlockKind.PARAGRAPH and rest and _is_bold(first) and not _is_bold(rest[0]):
        yield Styled(Piece(kind, words_of([first])), is_bold=True)
        yield Styled(Piece(kind, words_of(rest)))
    else:
        yield Styled(Piece(kind, block.text), is_bold=has_own_style or all(map(_is_bold, block.lines)))


def _joined(quote: Styled, block: PageBlock) -> Styled:
    """The quote with its next paragraph, or with its speaker on a new line."""
    between = "\n" if block.role is Role.SPEAKER or block.text.startswith(("—", "–")) else " "
    return Styled(Piece(BlockKind.QUOTE, f"{quote.piece.text}{between}{block.text}"))


def _quote_around(block: PageBlock) -> object:
    if block.role not in {Role.QUOTE, Role.SPEAKER}:
        return None
    if block.element.tag == "blockquote":
        return block.element
    figure = next(block.element.iterancestors("figure"), None)
    around = next(block.element.iterancestors("blockquote"), None)
    return figure.find(".//blockquote") if around is None and figure is not None else around


def _points_elsewhere(block: PageBlock) -> bool:
    """Whether the block is a headline that links to another story."""
    is_line = block.role in {Role.PARAGRAPH, Role.HEADING} and block.link_share >= _LINKED
    return is_line and not ends_sentence(block.text) and len(block.text.split()) >= _FEWEST_LINK_WORDS


def _lists_stories(blocks: Sequence[PageBlock]) -> bool:
    """Whether most text stands below headings that are links, as in a newsletter with a text for each story."""
    total = listed = stories = 0
    is_below = False
    for block in blocks:
        if block.role is Role.HEADING:
            is_below = _points_elsewhere(block)
            stories += is_below
        else:
            total += len(block.text)
            listed += len(block.text) * is_below
    return stories >= _FEWEST_STORIES and listed * 2 > total


def _is_byline(block: PageBlock, known: Furniture) -> bool:
    """Whether the block is a row of short parts, the first of which names the author: "By Ann Lee", "3 May 2023"."""
    parts = block.parts if len(block.text) <= _LONGEST_BYLINE else []
    is_row = len(parts) > 1 and not any(map(ends_sentence, parts))
    return is_row and known.bylines.author(parts[0]) is not None


def _without_folded_boxes(blocks: Sequence[PageBlock], known: Furniture) -> list[PageBlock]:
    """The blocks that are not in a ``<details>`` with other stories.

    Its summary says so, as in "Read more", and its first line is a link. Without a link, it unfolds the article.
    """
    around = [next(block.element.iterancestors("details"), None) for block in blocks]
    is_box: dict[HtmlElement, bool] = {}
    for block, details in zip(blocks, around, strict=True):
        summary = details.find("summary") if details is not None else None
        is_below = summary is not None and summary not in (block.element, *block.element.iterancestors("summary"))
        if is_below and details not in is_box:
            is_box[details] = block.link_share >= _LINKED and known.is_related_label(short_text(summary))
    return [block for block, details in zip(blocks, around, strict=True) if not is_box.get(details)]


def _is_box(block: PageBlock, known: Furniture) -> bool:
    """Whether the block has a label such as "Read more" and the headlines of other stories on one line."""
    parts = block.parts if len(block.text) <= _LONGEST_BOX else []
    return len(parts) > 1 and known.is_related_label(parts[0]) and not any(map(ends_sentence, parts))


def _is_bold(line: Sequence[Run]) -> bool:
    return all(run.is_strong or not run.text.strip() for run in line)
