"""What happened, as the predicate of the headline or of the sentence that tells most."""

from __future__ import annotations

from briefings.analysis.answers.reading import Reading
from briefings.analysis.clauses import Clause, clause
from briefings.analysis.tokens import tokens
from briefings.model import Answer, EntityKind, Span

_MOST = 3
_FEWEST_WORDS = 2
_PLACE_WORDS = frozenset({"in", "at", "near", "outside", "from", "to", "on", "around", "across", "for"})


def what(reading: Reading) -> list[Answer]:
    """What happened, in the headline's words and in those of the best sentences."""
    found: list[Answer] = []
    headline = _shortened(reading, reading.headline)
    if headline != reading.article.headline():
        found.append(Answer(headline, 0.9 if reading.headline.subject else 0.6))
    for place, sentence in enumerate(reading.ranked[:2]):
        said = clause(reading.text, sentence.span, reading.article.language)
        whole = Span((said.subject or said.predicate).start, said.predicate.end)
        found.append(Answer(whole, 0.7 - 0.2 * place))
    return sorted(found, key=lambda answer: -answer.score)[:_MOST]


def _shortened(reading: Reading, headline: Clause) -> Span:
    """Without the place at its end, which answers another question, where enough is left."""
    span = headline.predicate
    for entity in reading.entities:
        for mention in entity.mentions:
            if entity.kind is EntityKind.PLACE and span.covers(mention.span) and mention.span.end == span.end:
                return _before_place(reading, span, mention.span.start)
    return span


def _before_place(reading: Reading, span: Span, start: int) -> Span:
    words = [token for token in tokens(reading.text, span) if token.end <= start]
    for place in range(len(words) - 1, _FEWEST_WORDS, -1):
        if words[place].folded in {"in", "at", "near", "outside"}:
            return Span(span.start, words[place - 1].end)
    return span
