"""Answers "what happened?" with the predicate of the headline or of the best sentence."""

from __future__ import annotations

from briefings.analysis.answers.reading import Reading
from briefings.analysis.clauses import Clause, clause
from briefings.analysis.tokens import tokens
from briefings.languages.names import name_words
from briefings.languages.verbs import verb_forms
from briefings.model import Answer, Span

_MOST = 3
_FEWEST_WORDS = 2
_FEWEST_BEFORE_PURPOSE = 3


def what(reading: Reading) -> list[Answer]:
    """The predicate of the headline, then the best sentences."""
    found: list[Answer] = []
    headline = _shortened(reading, reading.headline)
    if headline != reading.article.headline():
        found.append(Answer(headline, 0.9 if reading.headline.subject else 0.75))
    for place, sentence in enumerate(reading.ranked[:2]):
        said = clause(reading.text, sentence.span, reading.article.language)
        whole = Span((said.subject or said.predicate).start, said.predicate.end)
        found.append(Answer(whole, round(0.7 - 0.2 * place, 2)))
    return sorted(found, key=lambda answer: -answer.score)[:_MOST]


def _shortened(reading: Reading, headline: Clause) -> Span:
    """The headline without place, occasion and purpose, which answer other questions, if enough is left."""
    words = tokens(reading.text, headline.predicate)
    if headline.subject is not None and headline.is_passive and len(words) < _FEWEST_WORDS:
        return Span(headline.subject.start, headline.predicate.end)
    forms = verb_forms()
    before = name_words(reading.article.language).before_place
    for place in range(_FEWEST_WORDS, len(words)):
        is_purpose = (
            words[place].folded == "to" and words[place + 1 : place + 2] and words[place + 1].folded in forms.base
        )
        if words[place].folded in before or (is_purpose and place >= _FEWEST_BEFORE_PURPOSE):
            return Span(words[0].start, words[place - 1].end)
    return headline.predicate
