"""When a feed is read again, and whether it has been silent for unusually long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from bot.feeds.model import Feed, FeedSource
from briefings.scope import Scope, Viewer, fold_tag

_FASTER, _SLOWER = 0.5, 1.5
_MOST_DOUBLINGS = 12
_LONGEST_BACKOFF = timedelta(days=1)
#: Silence is unusual when it lasts so many times the usual gap, and not less than this.
_SILENCE, _LEAST_SILENCE = 8, timedelta(days=2)
_FEWEST_DATES = 4
#: A feed has failed for long when it did so often, over such a time.
_FEWEST_FAILURES, _LONG_FAILURE = 4, timedelta(days=1)
#: For how long digests name a feed that cannot be read.
_NAMED_FOR = timedelta(days=3)


def next_interval(feed: Feed, has_news: bool, hints: Sequence[timedelta | None]) -> timedelta:
    """The time until the next read: shorter after news, longer without, within the operator's bounds.

    Args:
        hints: For how long the feed or its server asks not to be read again.
    """
    factor = _FASTER if has_news else _SLOWER
    asked = max((hint for hint in hints if hint is not None), default=timedelta())
    return _within(feed.source, max(feed.interval * factor, asked))


def backoff(feed: Feed, asked: timedelta = timedelta()) -> timedelta:
    """The time until a feed is read again that has failed once more: doubled with each failure, a day at most.

    Args:
        asked: How long the server asks to wait.
    """
    doublings: int = 2 ** min(feed.failures, _MOST_DOUBLINGS)
    doubled = max(feed.interval, feed.source.least) * doublings
    return max(asked, min(doubled, max(_LONGEST_BACKOFF, feed.source.most)))


def usual_gap(moments: Sequence[datetime | None]) -> timedelta | None:
    """The median time between the items of a feed, where enough of them have dates."""
    dated = sorted(moment for moment in moments if moment is not None)
    if len(dated) < _FEWEST_DATES:
        return None
    return timedelta(seconds=median((later - earlier).total_seconds() for earlier, later in pairwise(dated)))


def is_silent(feed: Feed, now: datetime) -> bool:
    """Whether a feed that is read has had nothing new for unusually long."""
    if not feed.is_read or feed.newest is None or feed.usual_gap is None:
        return False
    return now - feed.newest > max(feed.usual_gap * _SILENCE, _LEAST_SILENCE)


def trouble(feed: Feed, now: datetime) -> str | None:
    """Returns the alert for a feed that is gone, has failed for a day, or is silent, or None."""
    if feed.ended:
        return "ended"
    since = feed.last_read
    has_failed = feed.failures >= _FEWEST_FAILURES and (since is None or now - since > _LONG_FAILURE)
    if has_failed:
        return f"failing:{since}"
    return f"silent:{feed.newest}" if is_silent(feed, now) else None


def unread_sources(feeds: Sequence[Feed], since: datetime, tags: Iterable[str], viewer: Viewer) -> list[str]:
    """Returns the names of the feeds that a chat misses: they could be read before ``since``, but not after it.

    A feed that has failed for longer is not named again and again. Operators are alerted about it.

    Args:
        tags: Only feeds with one of these tags. Empty: all feeds.
        viewer: The chat's permissions.
    """
    wanted = frozenset(map(fold_tag, tags))
    return [
        feed.name
        for feed in feeds
        if feed.failures
        and feed.last_read is not None
        and since - _NAMED_FOR < feed.last_read <= since
        and viewer.sees(scope := Scope(tags=feed.source.tags))
        and (not wanted or scope.tags & wanted)
    ]


def _within(source: FeedSource, interval: timedelta) -> timedelta:
    return max(source.least, min(interval, source.most))
