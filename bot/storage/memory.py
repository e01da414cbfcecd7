"""Stores that last as long as the process: for the demonstration, for one question, for tests."""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice

from briefings.analysis.terms import terms
from briefings.model import Version
from briefings.related import Frequencies


class MemoryStories:
    """A `briefings.library.StoryStore` with an index of terms."""

    def __init__(self) -> None:
        self._versions: dict[str, Version] = {}
        self._titles: defaultdict[str, set[str]] = defaultdict(set)
        self._texts: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._frequencies: Counter[str] = Counter()

    async def add(self, version: Version) -> None:
        """Keeps a version and indexes its words."""
        if version.id in self._versions:
            return
        self._versions[version.id] = version
        article = version.article
        for term in terms(article.headline().of(article.text), None):
            self._titles[term].add(version.id)
        counts = Counter(terms(article.text, article.language))
        self._frequencies.update(counts.keys())
        for term, count in counts.items():
            self._texts[term][version.id] = count

    async def get(self, version: str) -> Version | None:
        """The version of that id."""
        return self._versions.get(version)

    async def newest(self, most: int) -> list[Version]:
        """The versions that came in last, the newest first."""
        return heapq.nlargest(most, self._versions.values(), key=lambda version: version.received)

    async def titled(self, words: Sequence[str]) -> list[Version]:
        """Those whose title has any of the terms, most shared terms first, then the newest."""
        shared = Counter(found for word in words for found in self._titles.get(word, ()))
        versions = [self._versions[found] for found in shared]
        return sorted(versions, key=lambda version: (shared[version.id], version.received), reverse=True)

    async def holding(self, words: Sequence[str], most: int) -> list[Version]:
        """Those whose text has any of the terms, by dampened count times rarity, best first."""
        scores: defaultdict[str, float] = defaultdict(float)
        for word in words:
            postings = self._texts.get(word, {})
            rarity = math.log(1 + len(self._versions) / (1 + len(postings)))
            for found, count in postings.items():
                scores[found] += rarity * (1 + math.log(count))
        best = sorted(scores, key=lambda found: (-scores[found], found))
        return [self._versions[found] for found in islice(best, most)]

    async def frequencies(self) -> Frequencies:
        """How often terms occur."""
        return Frequencies(len(self._versions), self._frequencies)


class MemoryConversations:
    """A `bot.conversations.ConversationStore`."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[str, ...]] = {}
        self._stories: dict[str, str] = {}

    async def remember(self, chat: str, versions: tuple[str, ...]) -> None:
        """From now on these are what the chat was told last."""
        self._told[chat] = versions
        if len(versions) == 1:
            self._stories[chat] = versions[0]

    async def told(self, chat: str) -> tuple[str, ...]:
        """What the last answer told of."""
        return self._told.get(chat, ())

    async def story(self, chat: str) -> str | None:
        """The story that was last shown by itself."""
        return self._stories.get(chat)
