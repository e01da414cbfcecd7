"""Finds claims in languages without a parser, by rules over words, quotations and sentences."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile

from briefings.analysis.boundaries import split_sentences
from briefings.analysis.claims import pieces
from briefings.analysis.claims.quotations import Quotation, quotations
from briefings.analysis.plain_claims.model import Reading, Sentence
from briefings.analysis.plain_claims.readings import readings
from briefings.analysis.plain_claims.verb_second import verb_second_readings
from briefings.analysis.tokens import tokens
from briefings.languages.plain_claims import plain_words, second_words
from briefings.model import Article, Claim, Entity, EntityKind, Span

__all__ = ["plain_claims"]

#: A shorter quotation without a verb of speech, in words, is a title or an ironic word.
_FEWEST_SPOKEN = 3
#: What may stand before a quotation that opens a sentence.
_BEFORE = " –—-"
#: Longer sentences, in words with their quotations, are not real, and these rules would be slow for them.
_LONGEST_SENTENCE = 400
#: Languages whose verb comes second.
_VERB_SECOND = frozenset({"de"})
_SPEAKERS = frozenset({EntityKind.PERSON, EntityKind.ORGANISATION})


def plain_claims(article: Article, entities: Sequence[Entity]) -> tuple[Claim, ...]:
    """The claims of an article, in text order."""
    read = _reader(article.language or "")
    places = pieces(article)
    quotes = quotations(article, places)
    starts = [quote.span.start for quote in quotes]
    found: list[Claim] = []
    for piece in places:
        claims: list[Claim] = []
        for span in _with_whole_quotations(split_sentences(article.text, piece, article.language), quotes, starts):
            inside = quotes[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
            sentence = Sentence(article.text, span, tokens(article.text, span), inside)
            if len(sentence.words) > _LONGEST_SENTENCE:
                continue
            for reading in read(sentence):
                _add(claims, reading, span, entities)
            _add_free_quotations(claims, sentence)
        found += claims
    return tuple(found)


def _with_whole_quotations(split: Iterable[Span], quotes: Sequence[Quotation], starts: Sequence[int]) -> Iterator[Span]:
    """The sentences. Those that one quotation joins are one: "We stay. We love it", says Bo."""
    before: Span | None = None
    for span in split:
        open_quote = bisect_left(starts, span.start) - 1
        if before and open_quote >= 0 and quotes[open_quote].span.end > span.start:
            before = Span(before.start, span.end)
            continue
        if before:
            yield before
        before = span
    if before:
        yield before


def _reader(language: str) -> Callable[[Sentence], Iterable[Reading]]:
    if language in _VERB_SECOND:
        return partial(verb_second_readings, words=second_words(language))
    return partial(readings, words=plain_words(language))


def _add(found: list[Claim], reading: Reading, span: Span, entities: Sequence[Entity]) -> None:
    """Adds a reading to the claims of its paragraph. Without a subject it has the speaker of the previous claim."""
    speaker = _full_name(reading.source, entities) if reading.source else found[-1].speaker if found else None
    if speaker is not None:
        found.append(
            Claim(
                reading.source,
                speaker,
                reading.cue,
                reading.content,
                span,
                reading.stance,
                reading.target,
                reading.via,
                reading.quote,
            )
        )


def _add_free_quotations(found: list[Claim], sentence: Sentence) -> None:
    """Gives quotations that open their sentence, without a verb, to the previous speaker in the paragraph."""
    for quote in sentence.quotes:
        here = takewhile(lambda claim: claim.sentence == sentence.span, reversed(found))
        is_taken = any(part.covers(quote.span) for claim in here for part in claim.content)
        begins = not sentence.text[sentence.span.start : quote.span.start].strip(_BEFORE)
        if is_taken or not found or not begins or len(quote.span.of(sentence.text).split()) < _FEWEST_SPOKEN:
            continue
        last = found[-1]
        if last.quote and last.sentence == sentence.span:
            found[-1] = replace(last, content=tuple(sorted((*last.content, quote.span))))
        else:
            found.append(Claim(last.source, last.speaker, None, (quote.span,), sentence.span, quote=True))


def _full_name(source: Span, entities: Sequence[Entity]) -> Span:
    """The span of the speaker's full name in the article, or the given span if there is none."""
    for entity in entities:
        ends_with = any(source.covers(mention.span) and mention.span.end == source.end for mention in entity.mentions)
        if entity.kind in _SPEAKERS and ends_with:
            return entity.name
    return source
