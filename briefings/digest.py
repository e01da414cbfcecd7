"""Chooses the stories of a post. The clock is an argument."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from briefings.analysis.terms import beginning, fits, terms
from briefings.model import Version
from briefings.scope import fold_tag
from briefings.story_store import Report, WindowEntry

#: A story's newness fades by half in this time.
_HALF_LIFE = timedelta(hours=12)
#: What a story gains by each of the chat's tags and words that it has, and by how many of them at most.
_WANTED, _MOST_WANTED = 0.5, 3
#: What a story gains or loses by each point of the chat's taste, and by how many points at most.
_LIKED, _MOST_LIKED = 0.25, 6
#: What a story loses if its title is like that of one that was chosen before.
_REPEATED = 2.0
#: From this share of common title terms on, two titles are alike.
_ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class Wishes:
    """The filters of a subscription.

    Attributes:
        tags: Only stories with one of these tags. Empty: all stories.
        include: Only stories with one of these words or phrases. Empty: all stories.
        exclude: No stories with one of these words or phrases.
    """

    tags: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    most: int = 5


@dataclass(frozen=True, slots=True)
class Item:
    """A story in a post.

    Attributes:
        is_update: Whether an earlier version was posted. Then only the changes are shown.
        outlets: The other outlets that report the story.
        tags: The chat's tags that the story has.
        words: The chat's words that the story has.
        taste: How much the chat liked stories that have something in common with it; negative: disliked.
    """

    report: Report
    is_update: bool = False
    outlets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    taste: int = 0

    @property
    def version(self) -> Version:
        """The version to show."""
        return self.report.version


def shortlist(
    entries: Iterable[WindowEntry],
    told: Mapping[int, int],
    told_stories: Collection[int],
    wishes: Wishes,
    now: datetime,
) -> list[int]:
    """Returns the numbers of the reports that can be news for a chat, those of the best stories first.

    Args:
        entries: The reports that came in, the newest first.
        told: The number of the last posted version of each report, and ``told_stories`` the stories that were posted.
    """
    wanted = frozenset(map(fold_tag, wishes.tags))
    counts: Counter[int] = Counter()
    candidates: dict[int, list[WindowEntry]] = {}
    for entry in entries:
        counts[entry.story] += 1
        if wanted and entry.tags.isdisjoint(wanted):
            continue
        is_updated = entry.number > told.get(entry.report, entry.number)
        is_first = entry.story not in told_stories and entry.story not in candidates
        if is_updated or (is_first and entry.report not in told):
            candidates.setdefault(entry.story, []).append(entry)

    def score(found: Sequence[WindowEntry]) -> float:
        newest = found[0]
        return _rank(counts[newest.story] - 1, now - newest.received, len(newest.tags & wanted))

    ranked = sorted(candidates.values(), key=score, reverse=True)
    return [entry.report for found in ranked for entry in found]


def news(
    reports: Iterable[Report], told: Mapping[int, int], told_stories: Collection[int], wishes: Wishes
) -> list[Item]:
    """Returns what a chat has not been told of ``reports``, which come newest first.

    Each story comes once, as its newest report.

    Args:
        told: The number of the last posted version of each report.
        told_stories: The stories of which a report was posted. Other outlets' reports of them are not news.
    """
    items: list[Item] = []
    seen: set[int] = set()
    for report in reports:
        if report.story in seen or not is_wanted(report, wishes):
            continue
        if report.id in told:
            changes = report.version.changes
            is_news = report.version.number > told[report.id] and changes is not None and bool(changes.added)
        else:
            is_news = report.story not in told_stories
        if is_news:
            seen.add(report.story)
            items.append(Item(report, report.id in told))
    return items


def best(items: Sequence[Item], wishes: Wishes, now: datetime) -> list[Item]:
    """Returns the best ``wishes.most`` of the items, best first.

    What counts is how many outlets report a story, how new it is, and how many of the chat's tags and words it has. A
    story whose title is like that of a better one loses its place.
    """
    left = [_with_matches(item, wishes) for item in items]
    titles = {item.version.id: _title(item) for item in left}
    scores = {item.version.id: _score(item, now) for item in left}
    chosen: list[Item] = []
    while left and len(chosen) < wishes.most:
        first = max(left, key=lambda item: (scores[item.version.id], item.version.received))
        left.remove(first)
        chosen.append(first)
        for other in left:
            if _are_alike(titles[first.version.id], titles[other.version.id]):
                scores[other.version.id] -= _REPEATED
    return chosen


def _with_matches(item: Item, wishes: Wishes) -> Item:
    tags = tuple(tag for tag in wishes.tags if fold_tag(tag) in item.report.scope.tags)
    found = terms(item.version.article.text, None) if wishes.include else ()
    return replace(item, tags=tags, words=tuple(words for words in wishes.include if _holds(found, words)))


def _score(item: Item, now: datetime) -> float:
    liked = _LIKED * max(-_MOST_LIKED, min(_MOST_LIKED, item.taste))
    return liked + _rank(len(item.outlets), now - item.version.received, len(item.tags) + len(item.words))


def _rank(others: int, age: timedelta, matches: int) -> float:
    """The rank of a story that so many other outlets report and that has so many of the chat's tags and words."""
    newness = math.exp2(-(max(timedelta(), age) / _HALF_LIFE))
    return math.log2(1 + others) + newness + _WANTED * min(_MOST_WANTED, matches)


def _title(item: Item) -> frozenset[str]:
    article = item.version.article
    return frozenset(terms(article.headline().of(article.text), article.language))


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * len(one | other) > 0


def is_wanted(report: Report, wishes: Wishes) -> bool:
    """Returns whether a report passes the filters."""
    if wishes.tags and report.scope.tags.isdisjoint(map(fold_tag, wishes.tags)):
        return False
    if not wishes.include and not wishes.exclude:
        return True
    article = report.version.article
    found = terms(article.text, None)
    if any(_holds(found, words) for words in wishes.exclude):
        return False
    return not wishes.include or any(_holds(found, words) for words in wishes.include)


def _holds(found: tuple[str, ...], words: str) -> bool:
    """Returns whether the words of a phrase follow each other in a text."""
    wanted = [beginning(term) for term in terms(words, None)]
    if not wanted:
        return False
    places = range(len(found) - len(wanted) + 1)
    return any(all(fits(one, found[place + n]) for n, one in enumerate(wanted)) for place in places)
