"""Related stories: those that the page lists, and those of the library, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefings.analysis.terms import stopwords, terms
from briefings.model import Article, Version
from briefings.phrases import fold
from briefings.similarity import Frequencies, article_profile, similarities

#: Below it two articles share words but no subject.
_LEAST_SIMILAR = 0.12
_MOST_NAMES = 3
#: Characters of each article that are compared: a news article whole, of a book its beginning.
_COMPARED = 10_000
_NAME = re.compile(r"(?<![.!?:\n“\"] )(?<!^)\b[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'-]+)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ListedByPage:
    """The article's own page lists it."""


@dataclass(frozen=True, slots=True)
class SharedNames:
    """Its text is alike; ``names`` are those that both articles name, the rarest first."""

    names: tuple[str, ...]


Reason = ListedByPage | SharedNames


@dataclass(frozen=True, slots=True)
class Related:
    """A related story: of the page's list, or a version of the library."""

    title: str
    url: str | None
    reason: Reason
    version: Version | None = None


def listed(article: Article) -> list[Related]:
    """What the page itself lists."""
    return [Related(item.title, item.url, ListedByPage()) for item in article.related]


def merged(listing: Sequence[Related], alike: Sequence[Related]) -> list[Related]:
    """The page's list, then what is alike; a story in both stands once, where the page lists it."""
    known = {fold(item.title): item for item in alike}
    opened = [
        replace(item, version=known[fold(item.title)].version) if fold(item.title) in known else item
        for item in listing
    ]
    titles = {fold(item.title) for item in listing}
    return [*opened, *(item for item in alike if fold(item.title) not in titles)]


def rank_related(article: Article, candidates: Sequence[Version], frequencies: Frequencies, most: int) -> list[Related]:
    """The candidates most like ``article``, best first."""
    scores = similarities(
        article_profile(article), [article_profile(version.article) for version in candidates], frequencies
    )
    found = [pair for pair in zip(scores, candidates, strict=True) if pair[0] >= _LEAST_SIMILAR]
    found.sort(key=lambda pair: (-pair[0], pair[1].id))
    return [_as_related(article, version, frequencies) for _, version in found[:most]]


def _as_related(article: Article, version: Version, frequencies: Frequencies) -> Related:
    ours, theirs = _names(article), _names(version.article)
    shared = sorted(ours.keys() & theirs.keys(), key=lambda term: (frequencies.of_terms.get(term, 0), term))
    title = version.article.headline().of(version.article.text)
    names = tuple(theirs[term] for term in shared[:_MOST_NAMES])
    return Related(title, version.article.url, SharedNames(names), version)


def _names(article: Article) -> dict[str, str]:
    """The names written with capitals inside a sentence, by the term of their last word."""
    stops = stopwords(article.language)
    body = "\n".join(block.span.of(article.text) for block in article.blocks if block.span.start < _COMPARED)
    body = body[:_COMPARED]
    found: dict[str, str] = {}
    for match in _NAME.finditer(body):
        name = re.sub(r"['’]s?$", "", match.group())
        last = name.split()[-1]
        for term in terms(last, article.language):
            if fold(last) not in stops and not last.isupper():
                found[term] = max(found.get(term, ""), name, key=len)
    return found
