"""The events of an article in the order of their days.

If the article has no date of publication, "on Tuesday" is no known day. Such events follow in text order.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from briefings.analysis.claims.quotations import quotations
from briefings.model import Article, BlockKind, Event, Moment, Span


def timeline(article: Article, passages: Sequence[Span], moments: Iterable[Moment]) -> list[Event]:
    """The events of an article, earliest first; then those on unknown days, if the day of publication is unknown.

    A sentence with several dates gives several events. A day that is named twice in it gives one. Dates inside
    quotations are claims of the speaker and not events.

    Args:
        passages: The article's standfirst and sentences, in text order.
        moments: Its dates and times, in text order.
    """
    quoted = sorted(_quoted(article))
    events: dict[tuple[date, date, int], Event] = {}
    undated: dict[int, Event] = {}
    place = 0
    for moment in moments:
        while place < len(passages) and passages[place].end < moment.span.end:
            place += 1
        if place == len(passages) or not passages[place].covers(moment.span):
            continue
        if _is_inside(moment.span, quoted):
            continue
        sentence = passages[place]
        if moment.first is not None and moment.last is not None:
            events.setdefault((moment.first, moment.last, sentence.start), Event(moment, sentence))
        elif article.published is None:
            undated.setdefault(sentence.start, Event(moment, sentence))
    dated = [event for _, event in sorted(events.items(), key=lambda item: item[0])]
    shown = {event.sentence.start for event in dated}
    return [*dated, *(event for start, event in sorted(undated.items()) if start not in shown)]


def _is_inside(span: Span, quoted: Sequence[Span]) -> bool:
    place = bisect_right(quoted, span.start, key=lambda one: one.start) - 1
    return place >= 0 and quoted[place].covers(span)


def _quoted(article: Article) -> Iterator[Span]:
    """The spans between quotation marks and the blocks that are quotations."""
    yield from (block.span for block in article.blocks if block.kind is BlockKind.QUOTE)
    yield from (found.span for found in quotations(article, [block.span for block in article.blocks]))
