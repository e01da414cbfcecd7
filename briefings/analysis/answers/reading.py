"""Everything that the answers are taken from, found once for each article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from briefings.analysis.clauses import Clause, headline_clause
from briefings.analysis.dates import moments
from briefings.analysis.names import names
from briefings.analysis.numbers import quantities
from briefings.analysis.people import people
from briefings.analysis.quoted import quoted_spans
from briefings.analysis.sentences import Sentence
from briefings.analysis.tokens import tokens
from briefings.languages.verbs import verb_forms
from briefings.model import Article, Entity, Moment, Quantity, Span

#: A sentence with more dates than this is a table.
_MOST_DATES = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """An article and what was recognised in it.

    Attributes:
        sentences: All sentences, in text order.
        ranked: The best sentences, those that say most about the whole article first.
        headline: The title as a clause.
        moments: All dates and times: those of the title, then the others in text order.
        entities: The named entities, in the order of their first mentions.
        people: Those of them that are people.
        quantities: The numbers in the sentences, in text order.
        quoted: The parts in quotation marks, in text order.
    """

    article: Article
    sentences: Sequence[Sentence]
    ranked: Sequence[Sentence]
    headline: Clause
    moments: Sequence[Moment]
    entities: Sequence[Entity]
    people: Sequence[Entity]
    quantities: Sequence[Quantity]
    quoted: Sequence[Span]

    def place(self, span: Span) -> int:
        """The number of the sentence in which a span begins, from 1. 0 if it is before the first one."""
        return bisect_right(self.sentences, span.start, key=lambda sentence: sentence.span.start)

    @property
    def text(self) -> str:
        """The article's text."""
        return self.article.text

    def lead(self, most: int) -> list[Span]:
        """The standfirst and the first sentences."""
        standfirst = [self.article.standfirst] if self.article.standfirst else []
        return [*standfirst, *(sentence.span for sentence in self.sentences)][:most]


def read(article: Article, found: Sequence[Sentence], ranked: Sequence[Sentence]) -> Reading:
    """Recognises everything that the answers need.

    Args:
        found: The article's sentences.
        ranked: The best of them, best first.
    """
    headline = article.headline()
    passages = [headline, *([article.standfirst] if article.standfirst else []), *(one.span for one in found)]
    dates = _moments(article, list(dict.fromkeys(passages)))
    entities = names(article, found)
    return Reading(
        article,
        found,
        ranked,
        headline_clause(article.text, headline, article.language),
        dates,
        entities,
        people(article, entities),
        _quantities(article, found, dates),
        quoted_spans(article),
    )


def _moments(article: Article, passages: Sequence[Span]) -> list[Moment]:
    """The moments of all passages. A year named in one of them is used for the others."""
    read = partial(moments, article.text, language=article.language, published=article.published)
    found = [moment for span in passages for moment in read(span, is_coming=_announces(article, span))]
    named = next((moment.first for moment in found if moment.first and moment.first == moment.last), None)
    if article.published or not named:
        return found
    return [moment for span in passages for moment in read(span, near=named)]


def _announces(article: Article, passage: Span) -> bool:
    """Whether a passage is an English headline with "to" and a verb: "Nurses to strike on Thursday"."""
    if passage != article.headline() or article.language not in {None, "en"}:
        return False
    words = [token.folded for token in tokens(article.text, passage)]
    return any(word == "to" and behind in verb_forms().base for word, behind in pairwise(words[1:]))


def _quantities(article: Article, found: Sequence[Sentence], dates: Sequence[Moment]) -> list[Quantity]:
    counted = []
    place = 0
    for sentence in found:
        while place < len(dates) and dates[place].span.end <= sentence.span.start:
            place += 1
        inside = [moment.span for moment in dates[place : place + _MOST_DATES] if sentence.span.covers(moment.span)]
        counted += quantities(article.text, sentence.span, article.language, inside)
    return counted
