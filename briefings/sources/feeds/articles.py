"""Makes an article of a feed item's own text, for when its page cannot be fetched."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

from briefings import languages
from briefings.errors import ArticleNotFound
from briefings.model import Article
from briefings.sources.assemble import assemble, without_furniture
from briefings.sources.feeds.model import FeedItem
from briefings.sources.furniture import furniture
from briefings.sources.html.blocks import read_blocks
from briefings.sources.html.loading import load_page
from briefings.sources.html.pieces import as_pieces
from briefings.sources.lines import ends_sentence

_TAG = re.compile(r"<[a-z!/][^<>]{0,300}>", re.IGNORECASE)


def item_article(item: FeedItem, site: str | None = None) -> Article:
    """The article of an item's own text.

    Args:
        site: The outlet's name.

    Raises:
        ArticleNotFound: The text has no sentence.
    """
    name = item.url or item.title or item.id
    # The text may contain anything that a page may contain, so it is read as a page.
    tree = load_page(f"<html><body><article>{_as_html(item.text)}</article></body></html>", name)
    blocks = read_blocks(tree)
    language = languages.detect(" ".join(block.text for block in blocks))
    known = furniture(language)
    pieces = without_furniture(as_pieces(blocks, known), known)
    if not any(ends_sentence(piece.text) for piece in pieces):
        raise ArticleNotFound(name)
    article = assemble(
        name,
        pieces,
        language=language,
        title=item.title or None,
        published=item.published.date() if item.published else None,
        url=item.url,
        site=site,
    )
    return replace(article, is_excerpt=True)


def _as_html(text: str) -> str:
    """The text as HTML. In a text without tags, blank lines separate paragraphs."""
    if _TAG.search(text):
        return text
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in re.split(r"\n\s*\n", text))
