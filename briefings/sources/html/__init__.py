"""Reads a news page as an `Article`.

The page's own tree gives the text of each block (`blocks`). trafilatura decides which blocks belong to the article
(`selection`). Title, standfirst, authors, date and site are chosen from all places that name them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

from lxml.html import HtmlElement

from briefings import languages
from briefings.addresses import web_address
from briefings.errors import ArticleNotFound
from briefings.model import Article
from briefings.sources.assemble import Piece, assemble, without_furniture
from briefings.sources.furniture import Furniture, furniture
from briefings.sources.html.authors import NameReader, find_authors
from briefings.sources.html.blocks import PageBlock, Role, read_blocks
from briefings.sources.html.dates import find_date
from briefings.sources.html.images import find_image
from briefings.sources.html.loading import load_page
from briefings.sources.html.main_headings import demote_logos, main_headings
from briefings.sources.html.metadata import Head, Markup, read_head, read_markup
from briefings.sources.html.pieces import as_pieces
from briefings.sources.html.points import with_points_above
from briefings.sources.html.preformatted import unfold_preformatted
from briefings.sources.html.related import read_related
from briefings.sources.html.repeats import Said, without_repeats
from briefings.sources.html.selection import choose_blocks
from briefings.sources.html.sites import site_names
from briefings.sources.html.standfirsts import TopOfPage, find_standfirst
from briefings.sources.html.stated import stated_blocks, text_length
from briefings.sources.html.superscripts import write_superscripts
from briefings.sources.html.tables import unfold_layout_tables
from briefings.sources.html.titles import find_title, same_words, stated_titles
from briefings.sources.html.visible import hide_unseen
from briefings.sources.lines import ends_sentence

_HEAD_BLOCKS = 40
_DECK_BELOW = 2
# Longer blocks are no line that names an author or a day.
_LONGEST_SHOWN = 200


def parse_html(html: str, name: str = "page") -> Article:
    """The article of the page ``html``.

    Raises:
        ArticleNotFound: The page contains no article.
    """
    tree = load_page(html, name)
    head = read_head(tree, name)
    markup = _clean(tree)
    blocks = read_blocks(tree)
    chosen = choose_blocks(tree, blocks)
    if stated := stated_blocks(head.structured, text_length(chosen), name):
        blocks = chosen = stated
    text = " ".join(block.text for block in chosen if block.role is not Role.HEADING)
    language = languages.detect(text)
    known = furniture(language).with_order_of_dates(" ".join(block.text for block in blocks), head.region)
    pieces = as_pieces(with_points_above(blocks, chosen, known), known)
    if not _has_sentence(pieces, known):
        raise ArticleNotFound(name)
    sites = site_names(head, web_address(name))
    headings = main_headings(tree, head, blocks, chosen)
    title = find_title(head, headings, sites, text)
    above = _above(blocks, chosen, title)
    standfirst = find_standfirst(head, TopOfPage(above, chosen), pieces, title, known)
    shown = [part for block in above if len(block.text) <= _LONGEST_SHOWN for part in block.parts]
    authors = find_authors(head, markup, shown, NameReader(language, sites))
    said = Said(title, standfirst, _other_titles(title, headings, head), [*authors, *markup.bylines])
    return assemble(
        name,
        without_furniture(without_repeats(pieces, said, known), known),
        language=language,
        title=title,
        standfirst=standfirst,
        byline=", ".join(authors) or None,
        published=find_date(head, markup, shown, known) or _day_above(blocks, above, known),
        url=head.url,
        site=next(iter(sites), None),
        image=find_image(head),
        related=read_related(tree, known, head.url or web_address(name)),
    )


def _clean(tree: HtmlElement) -> Markup:
    """Leaves in ``tree`` only what a page shows, in plain order, and returns what its elements are marked as."""
    elements = hide_unseen(tree)
    write_superscripts(elements)
    markup = read_markup(elements)
    demote_logos(tree)
    unfold_layout_tables(tree)
    unfold_preformatted(tree)
    return markup


def _has_sentence(pieces: Iterable[Piece], known: Furniture) -> bool:
    return any(ends_sentence(piece.text) for piece in pieces if not known.is_junk(piece.text))


def _above(blocks: Sequence[PageBlock], chosen: Sequence[PageBlock], title: str | None) -> list[PageBlock]:
    """The blocks between the title and the text, and the first of the text."""
    ids = [id(block) for block in blocks]
    texts = [block for block in chosen if block.role is Role.PARAGRAPH and ends_sentence(block.text)] or [
        block for block in chosen if block.role is not Role.HEADING
    ]
    end = ids.index(id(texts[_DECK_BELOW - 1] if len(texts) >= _DECK_BELOW else texts[-1])) + 1 if texts else 0
    near = range(end - 1, max(-1, end - 1 - _HEAD_BLOCKS), -1)
    titles = (place for place in near if title and same_words(blocks[place].text, title))
    headings = (place for place in near if blocks[place].element.tag == "h1")
    return list(blocks[next(chain(titles, headings), max(0, end - _HEAD_BLOCKS)) : end])


def _day_above(blocks: Sequence[PageBlock], above: Sequence[PageBlock], known: Furniture) -> date | None:
    """The day directly above the title."""
    place = next((place for place, block in enumerate(blocks) if above and block is above[0]), 0)
    line = blocks[place - 1].text if place else ""
    return known.calendar.day(line) if known.calendar.is_dateline(line) else None


def _other_titles(title: str | None, headings: Sequence[str], head: Head) -> list[str]:
    """The titles in the head of the page, and its first heading if no heading is the title."""
    is_shown = any(same_words(heading, title or "") for heading in headings)
    return [*stated_titles(head), *([] if is_shown else headings[:1])]
