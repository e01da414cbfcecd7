"""The library: what can be asked of the stories that are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from briefings import languages
from briefings.analysis import brief
from briefings.analysis.ranking import rank
from briefings.analysis.sentences import Sentence, sentences
from briefings.analysis.terms import stopwords, terms
from briefings.model import Article, Span, Version, version_id
from briefings.phrases import fold
from briefings.related import Frequencies, Related, listed, merged, rank_related

_MOST_RELATED = 5
_CANDIDATES = 30
_TELLING_TERMS = 25
_TERM_LENGTH = 2


class StoryStore(Protocol):
    """Where stories are kept.  Terms are those of `briefings.analysis.terms`."""

    async def add(self, version: Version) -> None:
        """Keeps a version; one that is known already stays as it is."""

    async def get(self, version: str) -> Version | None:
        """The version of that id."""

    async def newest(self, most: int) -> list[Version]:
        """The versions that came in last, the newest first."""

    async def titled(self, words: Sequence[str]) -> list[Version]:
        """Those whose title has any of the terms, most shared terms first, then the newest."""

    async def holding(self, words: Sequence[str], most: int) -> list[Version]:
        """Those whose text has any of the terms, by their weight, best first."""

    async def frequencies(self) -> Frequencies:
        """How often terms occur."""


@dataclass(frozen=True, slots=True)
class Found:
    """A search result: a version and its line that fits best."""

    version: Version
    line: Span


class Library:
    """The use cases over a `StoryStore`."""

    def __init__(self, store: StoryStore) -> None:
        self._store = store

    async def add(self, article: Article, received: datetime) -> Version:
        """Keeps the briefing of ``article``; adding the same article again changes nothing."""
        known = await self._store.get(version_id(article))
        if known is not None:
            return known
        version = Version(version_id(article), brief(article), received)
        await self._store.add(version)
        return version

    async def get(self, version: str) -> Version | None:
        """The version of that id, or None if there is none (any more)."""
        return await self._store.get(version)

    async def newest(self, most: int) -> list[Version]:
        """The versions that came in last, the newest first."""
        return await self._store.newest(most)

    async def titled(self, words: str) -> list[Version]:
        """The stories that ``words`` name by their titles: the best match, or all that match as well."""
        wanted = set(_terms(words))
        if not wanted:
            return []
        candidates = await self._store.titled(sorted(wanted))
        shared = [len(wanted & set(_title_terms(version))) for version in candidates]
        best = max(shared, default=0)
        return [version for version, count in zip(candidates, shared, strict=True) if count == best]

    async def search(self, words: str, most: int) -> list[Found]:
        """The stories that tell of ``words``, best first, each with its line that tells most of them."""
        wanted = _terms(words)
        return [Found(version, _best_line(version, wanted)) for version in await self._store.holding(wanted, most)]

    async def related(self, version: Version) -> list[Related]:
        """What the page lists, then the library's stories that are most alike."""
        frequencies = await self._store.frequencies()
        telling = _telling_terms(version.article, frequencies)
        candidates = await self._store.holding(telling, _CANDIDATES)
        others = [other for other in candidates if other.id != version.id]
        alike = rank_related(version.article, others, frequencies, _MOST_RELATED)
        return merged(listed(version.article), alike)


def names_something(words: str) -> bool:
    """Whether ``words`` hold one that may stand in a title: "kremlin" does, "did it" does not."""
    return bool(_terms(words))


def holds_any(version: Version, words: str) -> bool:
    """Whether the article has any of the words that carry a subject."""
    article = version.article
    return not set(_terms(words)).isdisjoint(terms(article.text, article.language))


def _terms(words: str) -> list[str]:
    """The terms of a person's words, in whatever language they are."""
    content = [word for word in fold(words).split() if not any(word in stopwords(code) for code in languages.codes())]
    return [term for term in terms(" ".join(content), None) if len(term) >= _TERM_LENGTH]


def _title_terms(version: Version) -> tuple[str, ...]:
    article = version.article
    return terms(article.headline().of(article.text), None)


def _telling_terms(article: Article, frequencies: Frequencies) -> list[str]:
    found = terms(article.text, article.language)
    counts = Counter(found)
    weight = {term: count / (1 + frequencies.of_terms.get(term, 0)) for term, count in counts.items()}
    return sorted(weight, key=lambda term: (-weight[term], term))[:_TELLING_TERMS]


def _best_line(version: Version, wanted: Sequence[str]) -> Span:
    article = version.article
    lines = [*sentences(article), Sentence(article.headline(), -1)]
    ranked = rank(article.text, lines, "", article.language) or lines
    return max(
        (line.span for line in ranked),
        key=lambda span: len(set(wanted) & set(terms(span.of(article.text), None))),
    )
