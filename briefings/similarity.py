"""The similarity of articles, by the terms of their texts, leads and titles."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from briefings.analysis.terms import Vector, cosine, terms
from briefings.languages.common import common_terms
from briefings.model import Article

#: Of a text, only this much is compared, in characters and in terms.
_BODY_CHARACTERS = 10_000
_BODY_TERMS = 1000
#: Terms of a title and lead: about 600 characters.
_LEAD_TERMS = 60
#: The common terms of a language count like those of so many articles in the library.
_BACKGROUND = 2000


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of the library's stories each term occurs."""

    documents: int
    of_terms: Mapping[str, int]

    def including(self, words: Collection[str]) -> Frequencies:
        """Returns the frequencies with one more story, which has these terms."""
        return Frequencies(
            self.documents + 1, {**self.of_terms, **{word: self.of_terms.get(word, 0) + 1 for word in words}}
        )

    def with_terms(self, others: Frequencies) -> Frequencies:
        """Returns the frequencies of these terms and of other terms of the same library."""
        return Frequencies(self.documents, {**self.of_terms, **others.of_terms})

    def with_background(self, shares: Mapping[str, float], words: Collection[str]) -> Frequencies:
        """Returns the frequencies of these terms as if the library had some more articles in their language.

        A new library cannot tell names from common words: it has too few articles.

        Args:
            shares: The share of articles in which each common term of the language occurs.
        """
        if not shares:
            return self
        counts = {word: self.of_terms.get(word, 0) + round(_BACKGROUND * shares.get(word, 0)) for word in words}
        return Frequencies(self.documents + _BACKGROUND, counts)

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """Returns the weight of each term in full-text search: the rarer, the higher."""
        return {
            word: math.log(1 + (1 + self.documents) / (1 + self.of_terms.get(word, 0))) for word in dict.fromkeys(words)
        }


@dataclass(frozen=True, slots=True)
class Profile:
    """The counts of an article's terms in its text, in its lead and in its title.

    Attributes:
        language: Its code, if it is known.
    """

    body: Mapping[str, int]
    lead: Mapping[str, int]
    title: Mapping[str, int]
    language: str | None = None


def profile(text_terms: Sequence[str], title_terms: Collection[str], language: str | None = None) -> Profile:
    """Returns the profile of an article, given the terms of its text and title in their order."""
    body = text_terms[:_BODY_TERMS]
    title = set(title_terms).intersection(body)
    return Profile(Counter(body), Counter(body[:_LEAD_TERMS]), dict.fromkeys(title, 1), language)


def article_profile(article: Article) -> Profile:
    """Returns the profile of an article."""
    text = article.text[:_BODY_CHARACTERS]
    title = terms(article.headline().of(article.text), article.language)
    return profile(terms(text, article.language), title, article.language)


def similarities(one: Profile, others: Sequence[Profile], frequencies: Frequencies) -> list[float]:
    """Returns the similarity of ``one`` to each of the others, from 0 to 1.

    It is the mean of the tf-idf cosines of the texts and of the leads with their titles. Alone, titles of the same
    event often have no word in common: one names the place and another one the people.

    Ranking by it has a mean average precision of .97 on 397 articles about 69 events.
    """
    compared = {*one.body, *(word for other in others for word in other.body)}
    weights = _Weights(frequencies.with_background(common_terms(one.language), compared))
    body, opening = weights.vectors(one)
    scores = []
    for other in others:
        their_body, their_opening = weights.vectors(other)
        scores.append((cosine(body, their_body) + cosine(opening, their_opening)) / 2)
    return scores


class _Rarity(dict[str, float]):
    """The inverse document frequency of each known term, and that of all others."""

    of_unknown = 0.0

    def __missing__(self, term: str) -> float:
        return self.of_unknown


class _Weights:
    """The inverse document frequencies of all terms that are compared."""

    def __init__(self, frequencies: Frequencies) -> None:
        documents = 1 + frequencies.documents
        known = {term: math.log(documents / (1 + count)) + 1 for term, count in frequencies.of_terms.items()}
        self._rarity = _Rarity(known)
        self._rarity.of_unknown = math.log(documents) + 1

    def vectors(self, found: Profile) -> tuple[Vector, Vector]:
        """Returns the vectors of the text, and of the lead with the title."""
        return self._vector(found.body), self._vector(Counter(found.lead) + Counter(found.title))

    def _vector(self, counts: Mapping[str, int]) -> Vector:
        weights = dict(zip(counts, map(self._rarity.__getitem__, counts), strict=True))
        for term, count in counts.items():
            if count > 1:
                weights[term] *= 1 + math.log(count)
        return Vector(weights)
