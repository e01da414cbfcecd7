"""The words of a part of an article with their stems and meanings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from briefings.analysis.tokens import Token, tokens
from briefings.caches import text_cache
from briefings.languages.names import given_names
from briefings.languages.questions import as_name, concepts, meaning, question_words, root
from briefings.model import Article, Span
from briefings.phrases import fold

_LONGEST_CONCEPT = 4
_ARTICLES_KEPT = 64
#: Of a longer "sentence", which is none, only the beginning is compared: some patterns take quadratic time.
_MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a sentence, heading or title with their meanings.

    Attributes:
        tokens: The words in text order.
        stems: The stem of each token. Empty for words that carry no meaning.
        meanings: The concepts that each token names or begins to name.
        keys: All stems and folded words.
        concepts: All concepts.
    """

    tokens: tuple[Token, ...] = ()
    stems: tuple[str, ...] = ()
    meanings: tuple[frozenset[str], ...] = ()
    keys: frozenset[str] = frozenset()
    concepts: frozenset[str] = frozenset()


def words_of(article: Article, span: Span, language: str) -> Words:
    """The words of a part of an article, as many as are compared."""
    found = tuple(tokens(article.text, span)[:_MOST_WORDS])
    light = question_words(language).light
    is_loud = span.of(article.text).isupper()
    folded = [token.folded if is_loud else as_name(token.text, token.folded, light) for token in found]
    for first, last in _initials(found):
        name = "".join(token.text for token in found[first:last])
        folded[first] = as_name(name, fold(name), light)
    stems = tuple("" if word in light else root(word, language) for word in folded)
    surnames = _surnames(article.text, light)
    meanings = tuple(
        frozenset[str]() if token.folded in surnames and token.is_capitalised else _meaning(folded, place, language)
        for place, token in enumerate(found)
    )
    keys = frozenset(stems).union(word for word in folded if word not in light) - {""}
    return Words(found, stems, meanings, keys, frozenset().union(*meanings))


@text_cache(_ARTICLES_KEPT)
def _surnames(text: str, light: frozenset[str]) -> frozenset[str]:
    """The folded words behind a first name, which mean nothing else: no state in an article about Denzel Washington."""
    found = tokens(text, Span(0, len(text)))
    return frozenset(
        word.folded
        for first, word in pairwise(found)
        if first.is_capitalised and word.is_capitalised and word.gap == " "
        # "Will Russia ...?" names nobody.
        if first.folded in given_names() and first.folded not in light
    )


def _initials(found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """For each name of initials, such as "U.N.", the numbers of its first token and of the one behind it."""
    first = 0
    for place, token in enumerate(found):
        if token.gap != "." or len(token.text) > 1 or len(found[place - 1].text) > 1:
            first = place
        is_last = place + 1 == len(found) or found[place + 1].gap != "." or len(found[place + 1].text) > 1
        if is_last and place > first and token.is_capitalised:
            yield first, place + 1


def _meaning(folded: Sequence[str], place: int, language: str) -> frozenset[str]:
    """The concepts that a word names, alone or with the words after it."""
    word = folded[place]
    found = frozenset[str]() if word in question_words(language).light else meaning(word, language)
    if word in _openers(language):
        known = concepts(language)
        for length in range(2, _LONGEST_CONCEPT + 1):
            found |= known.get("_".join(folded[place : place + length]), frozenset())
    return found


@cache
def _openers(language: str) -> frozenset[str]:
    """The first words of concepts with several words."""
    return frozenset(key.split("_")[0] for key in concepts(language) if "_" in key)
