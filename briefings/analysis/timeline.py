"""What happened when, in the order of the days, with the words that tell it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from briefings.analysis.claims.quotations import quotations
from briefings.model import Article, BlockKind, Event, Moment, Span


def timeline(article: Article, passages: Sequence[Span], moments: Iterable[Moment]) -> list[Event]:
    """The events of an article, the earliest first.

    A sentence with several dates is several events; one that names a day twice is one. What somebody says about a day
    in a quotation is their claim and no event.

    Args:
        passages: The article's sentences, and its standfirst, in the order of the text.
        moments: Its dates and times, in the order of the text.
    """
    quoted = sorted(_quoted(article))
    events: dict[tuple[date, date, int], Event] = {}
    place = 0
    for moment in moments:
        while place < len(passages) and passages[place].end < moment.span.end:
            place += 1
        if place == len(passages) or not passages[place].covers(moment.span):
            continue
        if moment.first is not None and moment.last is not None and not _is_inside(moment.span, quoted):
            sentence = passages[place]
            events.setdefault((moment.first, moment.last, sentence.start), Event(moment, sentence))
    return [event for _, event in sorted(events.items(), key=lambda item: item[0])]


def _is_inside(span: Span, quoted: Sequence[Span]) -> bool:
    place = bisect_right(quoted, span.start, key=lambda one: one.start) - 1
    return place >= 0 and quoted[place].covers(span)


def _quoted(article: Article) -> Iterator[Span]:
    """What stands between quotation marks, or in a block that is a quotation."""
    yield from (block.span for block in article.blocks if block.kind is BlockKind.QUOTE)
    yield from (found.span for found in quotations(article, [block.span for block in article.blocks]))
