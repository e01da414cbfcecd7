"""Finds the terms of a question in an article, in the same words or in words with the same meaning."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

from briefings.analysis.questions.index import Index
from briefings.analysis.questions.model import Asked, Question, Term
from briefings.analysis.questions.words import Words, words_of
from briefings.languages.questions import question_words
from briefings.model import Span
from briefings.phrases import fold

_CONCEPT, _DERIVED, _MISSPELT = 0.75, 0.6, 0.8
#: What the name of somebody counts for whom the question only describes.
_DESCRIBED = 0.6
#: The same where the article names the speaker who is asked for in that very word: a "head" beside a "president".
_OTHER_SPEAKER = 0.45
#: How much of the longer word two words of one family share from their beginning.
_SHARED = 0.7
_LEAST_SHARED = 4
_LEAST_MISSPELT = 5
#: What a term counts for in a sentence that has it only near by.
_BEFORE, _LEANING, _HEADING, _TITLE = 0.4, 0.75, 0.5, 0.3
#: What a term counts for in the question above a sentence that answers it, as in an interview.
_QUESTION_ABOVE = 0.75
#: What an article is about need not be named again where it gives a reason.
_TITLE_OF_REASON = 0.5
_FARTHER = 0.6
#: Half of a pair of words that the article uses as one: "season" of "season ticket".
_HALF = 0.5
#: How much a word that the article lacks counts, relative to the rarest word that it has: it may say the same in other
#: words. A word of another language without a known meaning, such as a name that is spelt in another way, counts less.
_LACKING, _FOREIGN = 0.55, 0.4


class Matcher:
    """Compares a question with the sentences of an article.

    Attributes:
        weights: For each term, how well it distinguishes sentences.
    """

    def __init__(self, question: Question, index: Index) -> None:
        self.question = question
        self.index = index
        self.terms = question.terms
        self._families = {term: _family(term, index) for term in (*question.terms, *question.hints, *question.speaker)}
        self.weights = [self._weight(term) for term in self.terms]
        self.total = sum(self.weights)
        self._title = _TITLE_OF_REASON if question.asked is Asked.REASON else _TITLE
        self.own = [self._own(sentence.words) for sentence in index.sentences]

    def match(self, term: Term, words: Words) -> float:
        """The degree, in [0, 1], to which the best of ``words`` matches a term."""
        if term.stem in words.keys or term.word in words.keys:
            return 1.0
        if term.concepts & words.concepts:
            is_named = term in self.question.speaker and term.stem in self.index.vocabulary
            return _OTHER_SPEAKER if is_named else _CONCEPT
        family = self._families[term]
        return max((family[key] for key in words.keys & family.keys()), default=0.0)

    def is_known(self, term: Term) -> bool:
        """Whether the article contains the term, in the same or other words."""
        return bool(self._families[term] or term.concepts & self.index.meanings)

    def spelt(self, word: str) -> list[str]:
        """The words of the article of which a word of the question is likely to be a wrong spelling."""
        families = (family for term, family in self._families.items() if term.word == word)
        return [key for family in families for key, share in family.items() if share == _MISSPELT]

    @cached_property
    def has_unknown(self) -> bool:
        """Whether the article lacks one of the terms of a question in its own language."""
        is_own = self.question.language == self.index.language
        return is_own and any(term.weight == 1 and not self.is_known(term) for term in self.terms)

    @cached_property
    def has_untold(self) -> bool:
        """Whether the article lacks a term with a known meaning. Another may be misspelt or slang."""
        is_own = self.question.language == self.index.language
        return is_own and any(one.weight == 1 and one.concepts and not self.is_known(one) for one in self.terms)

    @cached_property
    def times(self) -> frozenset[str]:
        """The article's words for the present, or for what was before it, where the question has one for the same."""
        asked, known = question_words(self.question.language), self.index.known
        words = set(fold(self.question.text).split())
        pairs = ((asked.now, known.now), (asked.formerly, known.formerly))
        return frozenset().union(*(told for one, told in pairs if not one.isdisjoint(words)))

    def near(self, place: int) -> list[float]:
        """Like ``own``, but including the previous sentence, the heading above and the title."""
        index, sentence = self.index, self.index.sentences[place]
        before = _LEANING if sentence.leans else _BEFORE
        found = []
        for number, term in enumerate(self.terms):
            best = self.own[place][number]
            if best < 1:
                for distance, share in ((1, before), (2, before * _FARTHER)):
                    if index.is_behind(place, distance) or (distance == 1 and index.goes_on(place)):
                        best = max(best, share * self.own[place - distance][number])
                above = _QUESTION_ABOVE if sentence.replies_to else _HEADING
                best = max(
                    best, above * self.match(term, sentence.heading), self._title * self.match(term, index.title)
                )
            found.append(best)
        return found

    def coverage(self, matches: Iterable[float]) -> float:
        """The weighted share of the question's terms that are matched."""
        return sum(w * m for w, m in zip(self.weights, matches, strict=True)) / self.total if self.total else 0.0

    def spots(self, place: int, terms: Iterable[Term] | None = None) -> list[int]:
        """The numbers of the tokens of a sentence that match one of ``terms``; of all without them."""
        words = self.index.sentences[place].words
        wanted = self.terms if terms is None else tuple(terms)
        keys = {key for term in wanted for key in (term.word, term.stem, *self._families[term])}
        meanings = frozenset[str]().union(*(term.concepts for term in wanted))
        return [
            number
            for number, token in enumerate(words.tokens)
            if token.folded in keys or words.stems[number] in keys or meanings & words.meanings[number]
        ]

    def share_in(self, span: Span, terms: Iterable[Term]) -> float:
        """The weighted share of ``terms`` that some words of the article name, such as those that name a speaker."""
        wanted = list(terms)
        words = words_of(self.index.article, span, self.index.language)
        total = sum(term.weight for term in wanted)
        return sum(term.weight * bool(self.match(term, words)) for term in wanted) / total if total else 0.0

    def _own(self, words: Words) -> list[float]:
        found = [self.match(term, words) for term in self.terms]
        for first, second in self._pairs:
            if bool(found[first]) != bool(found[second]):
                found[first] *= _HALF
                found[second] *= _HALF
        return found

    @cached_property
    def _pairs(self) -> list[tuple[int, int]]:
        """Adjacent terms that are also adjacent in the article."""
        return [
            (number, number + 1)
            for number, (one, other) in enumerate(pairwise(self.terms))
            if any(_adjoin(one, other, sentence.words) for sentence in self.index.sentences)
        ]

    def _weight(self, term: Term) -> float:
        keys = {term.stem, term.word, *self._families[term], *(f"={concept}" for concept in term.concepts)}
        rarities = [self.index.rarity(key) for key in keys if self.index.frequencies.get(key)]
        if rarities:
            return term.weight * min(rarities)
        is_foreign = self.question.language != self.index.language and not term.concepts
        return term.weight * self.index.rarity("") * (_FOREIGN if is_foreign else _LACKING)


def _adjoin(one: Term, other: Term, words: Words) -> bool:
    return any(first == one.stem and second == other.stem for first, second in pairwise(words.stems))


def _family(term: Term, index: Index) -> dict[str, float]:
    """The words of the article that match the term: itself, related words, or else likely spellings."""
    found = {key: _DERIVED for key in index.vocabulary if _is_family(key, term.stem)}
    found |= dict.fromkeys(index.described.get(term.stem, ()), _DESCRIBED)
    found |= {key: 1.0 for key in (term.stem, term.word) if key in index.vocabulary}
    if found or term.concepts & index.meanings or len(term.word) < _LEAST_MISSPELT:
        return found
    return {key: _MISSPELT for key in index.vocabulary if _is_misspelt(key, term.word)}


def _shared(one: str, other: str) -> int:
    """The length of the common prefix of two words."""
    return next(
        (number for number, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _is_family(one: str, other: str) -> bool:
    if one[:1] != other[:1]:
        return False
    shared = _shared(one, other)
    return shared >= max(_LEAST_SHARED, _SHARED * max(len(one), len(other)))


def _is_misspelt(key: str, word: str) -> bool:
    """Whether the words differ by one wrong, missing, extra or swapped letter."""
    if abs(len(key) - len(word)) > 1:
        return False
    start = _shared(key, word)
    one, other = key[start:], word[start:]
    is_swapped = one[1::-1] == other[:2] and one[2:] == other[2:]
    return one[1:] in {other[1:], other} or one == other[1:] or is_swapped
