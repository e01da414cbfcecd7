"""Which stories a post tells, and how; the clock is an argument."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from briefings.analysis.terms import beginning, fits, terms
from briefings.model import Version
from briefings.scope import fold_tag
from briefings.story_store import Report


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants to be told.

    Attributes:
        tags: Only stories with one of these; none: all.
        include: Only stories that have one of these words or phrases, and ``exclude`` those of which it has none.
    """

    tags: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    most: int = 5


@dataclass(frozen=True, slots=True)
class Item:
    """A story of a post.

    Attributes:
        is_update: Whether an earlier version was told: then only what is new is.
        outlets: The other outlets that report the story.
    """

    report: Report
    is_update: bool = False
    outlets: tuple[str, ...] = ()

    @property
    def version(self) -> Version:
        """What is told."""
        return self.report.version


def pick(versions: Iterable[Version], since: datetime, until: datetime, most: int) -> list[Version]:
    """The newest ``most`` of those that came in the window ``(since, until]``, newest first."""
    inside = [version for version in versions if since < version.received <= until]
    return sorted(inside, key=lambda version: version.received, reverse=True)[:most]


def choose(
    reports: Iterable[Report], told: Mapping[int, int], told_stories: Collection[int], wishes: Wishes
) -> list[Item]:
    """What is told of ``reports``, which come newest first: each story once, by its newest report.

    Args:
        told: The number of the version that was told last, for each report of which one was.
        told_stories: The stories of which any report was told: another outlet's report of them is no news.
    """
    items: list[Item] = []
    seen: set[int] = set()
    for report in reports:
        if len(items) == wishes.most:
            break
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


def is_wanted(report: Report, wishes: Wishes) -> bool:
    """Whether a report has one of the tags and of the words that are wanted, and none of those that are not."""
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
    """Whether the words of a phrase stand in a text one after the other."""
    wanted = [beginning(term) for term in terms(words, None)]
    if not wanted:
        return False
    places = range(len(found) - len(wanted) + 1)
    return any(all(fits(one, found[place + n]) for n, one in enumerate(wanted)) for place in places)
