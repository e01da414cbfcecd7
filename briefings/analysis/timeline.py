"""The events of an article in the order of their days.

If the article has no date of publication, "on Tuesday" is no known day. Such events follow in text order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from briefings.analysis.quoted import is_quoted
from briefings.model import Article, Event, Moment, Span


def timeline(
    article: Article, passages: Sequence[Span], moments: Iterable[Moment], quoted: Sequence[Span]
) -> list[Event]:
    """The events of an article, earliest first; then those on unknown days, if the day of publication is unknown.

    A sentence with several dates gives several events. A day that is named twice in it gives one. Dates inside
    quotations are claims of the speaker and not events.

    Args:
        passages: The article's standfirst and sentences, in text order.
        moments: Its dates and times, in text order.
        quoted: The parts in quotation marks, in text order.
    """
    events: dict[tuple[date, date, int], Event] = {}
    undated: dict[int, Event] = {}
    place = 0
    for moment in moments:
        while place < len(passages) and passages[place].end < moment.span.end:
            place += 1
        if place == len(passages) or not passages[place].covers(moment.span):
            continue
        if is_quoted(moment.span, quoted):
            continue
        sentence = passages[place]
        if moment.first is not None and moment.last is not None:
            events.setdefault((moment.first, moment.last, sentence.start), Event(moment, sentence))
        elif article.published is None:
            undated.setdefault(sentence.start, Event(moment, sentence))
    dated = [event for _, event in sorted(events.items(), key=lambda item: item[0])]
    shown = {event.sentence.start for event in dated}
    return [*dated, *(event for start, event in sorted(undated.items()) if start not in shown)]
