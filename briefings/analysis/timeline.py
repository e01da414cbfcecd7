"""What happened when, in the order of the days, with the words that tell it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from briefings.model import Event, Moment, Span


def timeline(passages: Sequence[Span], moments: Iterable[Moment]) -> list[Event]:
    """The events of an article, the earliest first.

    A sentence with several dates is several events; one that names a day twice is one.

    Args:
        passages: The article's sentences, and its standfirst, in the order of the text.
        moments: Its dates and times, in the order of the text.
    """
    events: dict[tuple[date, date, int], Event] = {}
    place = 0
    for moment in moments:
        while place < len(passages) and passages[place].end < moment.span.end:
            place += 1
        if place == len(passages) or not passages[place].covers(moment.span):
            continue
        if moment.first is not None and moment.last is not None:
            sentence = passages[place]
            events.setdefault((moment.first, moment.last, sentence.start), Event(moment, sentence))
    return [event for _, event in sorted(events.items(), key=lambda item: item[0])]
