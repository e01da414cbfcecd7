"""What a chat likes, from its reactions to stories: tags, outlets and words of titles, each with a score."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.chats import Destination
from briefings.analysis.terms import terms
from briefings.model import Article

_WORD = re.compile(r"\w{3,40}")
#: Of a title, so many words count.
_MOST_WORDS = 8
#: The highest score of one tag, outlet or word. More reactions change nothing.
HIGHEST = 5


class TasteKind(StrEnum):
    """What a score is about."""

    TAG = "tag"
    OUTLET = "outlet"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that stories have in common."""

    kind: TasteKind
    name: str


Tastes = Mapping[Trait, int]


class TasteStore(Protocol):
    """Stores the tastes of chats."""

    async def react(self, where: Destination, traits: Collection[Trait], change: int, now: datetime) -> None:
        """Changes the scores of some traits."""

    async def tastes(self, where: Destination) -> Tastes:
        """Returns the scores of a chat, without those that are 0."""

    async def forget(self, where: Destination, trait: Trait | None) -> None:
        """Deletes the score of a trait, or all scores."""


def traits_of(article: Article, tags: Collection[str]) -> frozenset[Trait]:
    """Returns the traits of a story: its tags, its outlet, and the words of its title that carry meaning."""
    title = article.headline().of(article.text).casefold()
    words = [word for word in _WORD.findall(title) if terms(word, article.language)]
    found = [Trait(TasteKind.TAG, tag) for tag in tags]
    found += [Trait(TasteKind.WORD, word) for word in words[:_MOST_WORDS]]
    if article.outlet:
        found.append(Trait(TasteKind.OUTLET, " ".join(article.outlet.split())))
    return frozenset(found)


def taste_for(article: Article, tags: Collection[str], tastes: Tastes) -> int:
    """Returns the sum of the scores of a story's traits."""
    return sum(tastes.get(trait, 0) for trait in traits_of(article, tags)) if tastes else 0
