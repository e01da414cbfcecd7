"""Related stories: those listed by the page and similar ones in the library, each with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from briefings.analysis.capitals import capitalised_names
from briefings.analysis.terms import stopwords, terms
from briefings.caches import text_cache
from briefings.languages.names import name_words
from briefings.model import Article, Version
from briefings.phrases import fold
from briefings.similarity import Frequencies
from briefings.story_store import Report

_MOST_NAMES = 3
#: Shared names move a candidate up by at most so many places.
_MOST_MOVED = 2
_ABOUT_THEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ListedByPage:
    """The article's page lists the story."""


@dataclass(frozen=True, slots=True)
class SameEvent:
    """It is another outlet's report of the same story."""

    outlet: str | None


class When(StrEnum):
    """When a related report was received: more than a day before or after, or about then."""

    EARLIER = "earlier"
    LATER = "later"
    THEN = "then"


@dataclass(frozen=True, slots=True)
class SharedNames:
    """Its text is similar.

    Attributes:
        names: The people and organisations that both articles name, the rarest first.
        places: The places that both name.
    """

    names: tuple[str, ...]
    places: tuple[str, ...] = ()
    when: When = When.THEN


Reason = ListedByPage | SameEvent | SharedNames


@dataclass(frozen=True, slots=True)
class Related:
    """A related story, listed by the page or found in the library."""

    title: str
    url: str | None
    reason: Reason
    version: Version | None = None


def listed(article: Article) -> list[Related]:
    """Returns the related stories that the page lists."""
    return [Related(item.title, item.url, ListedByPage()) for item in article.related]


def merged(listing: Sequence[Related], alike: Sequence[Related]) -> list[Related]:
    """Returns the page's list, then the similar stories. A story in both appears once, in the page's list."""
    known = {fold(item.title): item for item in alike}
    opened = [
        replace(item, version=known[fold(item.title)].version) if fold(item.title) in known else item
        for item in listing
    ]
    titles = {fold(item.title) for item in listing}
    return [*opened, *(item for item in alike if fold(item.title) not in titles)]


def explain(version: Version, story: int, candidates: Sequence[Report], frequencies: Frequencies) -> list[Related]:
    """Returns the candidates as related stories, each with the reason why it is one.

    Candidates come in the order of their similarity. Those that share names or places with the article move up a
    little.

    Args:
        story: The story that ``version`` belongs to. Candidates of the same story are reports of the same event.
    """
    found = []
    for rank, report in enumerate(candidates):
        shared = _shared_names(version, report.version, frequencies)
        moved = rank - min(_MOST_MOVED, len(shared.names) + len(shared.places))
        is_same = report.story == story
        reason = SameEvent(report.version.article.outlet) if is_same else shared
        article = report.version.article
        title = article.headline().of(article.text)
        found.append((moved, rank, Related(title, article.url, reason, report.version)))
    return [related for _, _, related in sorted(found, key=lambda one: one[:2])]


def names_in(version: Version) -> frozenset[str]:
    """Returns the terms of the names in an article. `explain` needs their frequencies."""
    return frozenset(_names(version))


def _shared_names(version: Version, other: Version, frequencies: Frequencies) -> SharedNames:
    ours, theirs = _names(version), _names(other)
    shared = sorted(ours.keys() & theirs.keys(), key=lambda term: (frequencies.of_terms.get(term, 0), term))
    names = [theirs[term] for term in shared]
    known = name_words(version.article.language).known_places
    places = [name for name in names if fold(name) in known]
    others = [name for name in names if name not in places]
    apart = other.received - version.received
    when = When.THEN if abs(apart) <= _ABOUT_THEN else When.LATER if apart > timedelta() else When.EARLIER
    return SharedNames(tuple(others[:_MOST_NAMES]), tuple(places[:_MOST_NAMES]), when)


@text_cache(1000)
def _names(version: Version) -> dict[str, str]:
    """The names written with capitals inside a sentence, by the term of their last word."""
    article = version.article
    stops = stopwords(article.language)
    found: dict[str, str] = {}
    for name in capitalised_names(article):
        last = name.split()[-1]
        for term in terms(last, article.language):
            if fold(last) not in stops and not last.isupper():
                found[term] = max(found.get(term, ""), name, key=len)
    return found
