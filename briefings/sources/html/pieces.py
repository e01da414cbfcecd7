"""Turns the chosen blocks of a page into the pieces of an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefings.model import BlockKind
from briefings.sources.assemble import Piece
from briefings.sources.furniture import Furniture
from briefings.sources.headings import Styled, mark_headings
from briefings.sources.html.blocks import PageBlock, Role, Run, words_of
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
_LINKED = 0.9
_FEWEST_LINK_WORDS = 4


def as_pieces(blocks: Sequence[PageBlock], known: Furniture) -> list[Piece]:
    """The pieces of the article. Headings are found, quotes joined, and lines that point to other stories left out."""
    styled: list[Styled] = []
    quote: object = None
    for place, block in enumerate(blocks):
        if _points_elsewhere(block):
            continue
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        inner = _quote_around(block)
        if inner is not None and inner is quote and styled:
            styled[-1] = _joined(styled[-1], block)
        else:
            styled += _styled(block, following)
        quote = inner
    return mark_headings(styled, known)


def _styled(block: PageBlock, following: PageBlock | None) -> Iterator[Styled]:
    """One piece, or two if the block has a bold first line above its text."""
    if block.role is Role.TERM:
        is_above_text = following is not None and len(following.text.split()) >= _DEFINITION_WORDS
        yield Styled(Piece(BlockKind.HEADING if is_above_text else BlockKind.LIST_ITEM, block.text))
        return
    kind = _KINDS.get(block.role, BlockKind.PARAGRAPH)
    first, *rest = block.lines
    if kind is BlockKind.PARAGRAPH and rest and _is_bold(first) and not _is_bold(rest[0]):
        yield Styled(Piece(kind, words_of([first])), is_bold=True)
        yield Styled(Piece(kind, words_of(rest)))
    else:
        yield Styled(Piece(kind, block.text), is_bold=all(map(_is_bold, block.lines)))


def _joined(quote: Styled, block: PageBlock) -> Styled:
    """The quote with its next paragraph, or with its speaker on a new line."""
    between = "\n" if block.role is Role.SPEAKER or block.text.startswith(("—", "–")) else " "
    return Styled(Piece(BlockKind.QUOTE, f"{quote.piece.text}{between}{block.text}"))


def _quote_around(block: PageBlock) -> object:
    if block.role not in {Role.QUOTE, Role.SPEAKER}:
        return None
    if block.element.tag == "blockquote":
        return block.element
    return next(block.element.iterancestors("blockquote"), None)


def _points_elsewhere(block: PageBlock) -> bool:
    """Whether the block is a headline that links to another story."""
    is_line = block.role in {Role.PARAGRAPH, Role.HEADING} and block.link_share >= _LINKED
    return is_line and not ends_sentence(block.text) and len(block.text.split()) >= _FEWEST_LINK_WORDS


def _is_bold(line: Sequence[Run]) -> bool:
    return all(run.is_strong or not run.text.strip() for run in line)
