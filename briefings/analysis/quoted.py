"""Quotations in an article: what is said there is a claim of the speaker, and no event of the article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from briefings.analysis.claims.quotations import quotations
from briefings.model import Article, BlockKind, Span


def quoted_spans(article: Article) -> Sequence[Span]:
    """The spans between quotation marks and the blocks that are quotations, in text order."""
    blocks = [block.span for block in article.blocks if block.kind is BlockKind.QUOTE]
    pieces = [span for span in (article.title, article.standfirst) if span]
    pieces += [block.span for block in article.blocks if block.span not in pieces]
    return sorted([*blocks, *(found.span for found in quotations(article, pieces))])


def is_quoted(span: Span, quoted: Sequence[Span]) -> bool:
    """Whether one of the ``quoted`` spans covers ``span``."""
    place = bisect_right(quoted, span.start, key=lambda one: one.start) - 1
    return place >= 0 and quoted[place].covers(span)
