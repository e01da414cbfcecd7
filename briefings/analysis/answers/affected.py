"""The people affected by an event: those to whom something happens, and those counted as hurt, killed or displaced."""

from __future__ import annotations

from collections.abc import Iterator

from briefings.analysis.clauses import clause, headline_clause
from briefings.analysis.numbers import counts_something
from briefings.analysis.roles import cues_of
from briefings.analysis.sentences import sentences
from briefings.analysis.terms import stopwords
from briefings.analysis.tokens import tokens
from briefings.languages.numbers import counting_words
from briefings.languages.questions import question_words
from briefings.languages.roles import CueGroup
from briefings.languages.verbs import verb_forms
from briefings.model import Answer, Article, Briefing, Quantity, Span

_MOST = 3
_HARM = frozenset({CueGroup.CASUALTY, CueGroup.EMERGENCY})
_IN_HEADLINE, _COUNTED, _DECAY, _LEAST = 0.9, 0.8, 0.03, 0.3
#: The sentences whose subjects can be told as those who act.
_LEAD = 3


def affected(briefing: Briefing) -> list[Answer]:
    """The affected people, those of the headline first. Empty if the article does not say."""
    found: dict[str, Answer] = {}
    for span, score in (*_of_headline(briefing), *_of_lead(briefing), *_counted(briefing)):
        found.setdefault(span.of(briefing.article.text).casefold(), Answer(span, round(score, 2)))
    return sorted(found.values(), key=lambda answer: -answer.score)[:_MOST]


def _of_headline(briefing: Briefing) -> Iterator[tuple[Span, float]]:
    """The subject of a passive headline, or the people in its predicate: "Police arrest Ann Lee"."""
    article = briefing.article
    found = headline_clause(article.text, article.headline(), article.language)
    if found.subject is not None and found.is_passive:
        if not _is_pronoun(article, found.subject):
            yield _fuller(briefing, found.subject), _IN_HEADLINE
    elif found.subject is not None:
        for person in briefing.people:
            yield from (
                (mention.span, _IN_HEADLINE)
                for mention in person.mentions
                if found.predicate.covers(mention.span) and not found.subject.covers(mention.span)
            )


def _fuller(briefing: Briefing, subject: Span) -> Span:
    """What a number alone counts, if the text tells it: "two people" for "Two"."""
    article = briefing.article
    numbers = {token.folded for token in tokens(article.text, subject)}
    for one in briefing.quantities if _is_number(article, subject) else ():
        told = [token.folded for token in tokens(article.text, one.span)]
        if numbers <= set(told) and told[-1] not in verb_forms().past and _counts_somebody(article, one):
            return one.span
    return subject


def _of_lead(briefing: Briefing) -> Iterator[tuple[Span, float]]:
    """A number of people to whom something happened, as the lead tells: "Trentuno persone sono rimaste"."""
    article = briefing.article
    for place, sentence in enumerate(sentences(article)[:_LEAD]):
        found = clause(article.text, sentence.span, article.language)
        if found.subject and found.is_passive:
            inside = (one for one in briefing.quantities if found.subject.covers(one.span))
            counted = [one.span for one in inside if _counts_somebody(article, one)]
            numbers = [found.subject] if _is_number(article, found.subject) else []
            yield from ((span, _COUNTED - _DECAY * place) for span in (*counted, *numbers))


def _counted(briefing: Briefing) -> Iterator[tuple[Span, float]]:
    """Numbers of people in sentences about victims."""
    article = briefing.article
    quantities = iter(briefing.quantities)
    quantity = next(quantities, None)
    for place, sentence in enumerate(sentences(article)):
        inside = []
        while quantity is not None and quantity.span.start < sentence.span.end:
            inside.append(quantity)
            quantity = next(quantities, None)
        if inside and not _HARM.isdisjoint(cues_of(sentence.span.of(article.text), article.language)):
            counting = [one.span for one in inside if _counts_somebody(article, one)]
            yield from ((span, max(_LEAST, _COUNTED - _DECAY * place)) for span in counting)


def _is_number(article: Article, subject: Span) -> bool:
    """Whether a subject is a number alone, which is one of people: "Dozens", "about 10"."""
    counting = counting_words(article.language)
    words, numbers = tokens(article.text, subject), counting.values.keys() | counting.amounts
    is_any = any(word.is_number or word.folded in numbers for word in words)
    return is_any and all(word.is_number or word.folded in numbers | stopwords(article.language) for word in words)


def _is_pronoun(article: Article, subject: Span) -> bool:
    """Whether a subject does not say who: "He"."""
    words = {token.folded for token in tokens(article.text, subject)}
    return words <= stopwords(article.language) and not _is_number(article, subject)


def _counts_somebody(article: Article, quantity: Quantity) -> bool:
    """Whether a quantity counts people or things. A measure such as "40 metres" does not."""
    numbers = counting_words(article.language).values.keys()  # "two" is a part of "two thirds"
    words = {token.folded for token in tokens(article.text, quantity.span)} - numbers
    units = question_words(article.language or "en").units.values()
    is_counted = counts_something(article.text, quantity, article.language)
    return is_counted and all(unit.isdisjoint(words) for unit in units)
