"""Splits an article into sentences, as spans of its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefings.analysis.boundaries import split_sentences
from briefings.analysis.dateline import dateline
from briefings.languages.boundaries import sentence_marks
from briefings.model import Article, Block, BlockKind, Span

#: The sentence marks for languages without a file.
_OTHER_QUOTES = ("“”", "«»", "„“", "„”", "「」", "『』")
_STRAIGHT = '"'
# A longer quotation, in characters, is shown sentence by sentence.
_MOST_JOINED = 4
_LONGEST_JOINED = 400


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the number of its block in the article."""

    span: Span
    block: int


def sentences(article: Article) -> list[Sentence]:
    """The sentences of all blocks except headings, in text order. A dateline belongs to none."""
    before = dateline(article)
    return [
        Sentence(_after(before, span), number)
        for number, block in enumerate(article.blocks)
        if block.kind is not BlockKind.HEADING
        for span in split_block(article.text, block, article.language)
    ]


def headline_span(article: Article) -> Span:
    """The title or, if there is none, the first sentence."""
    if article.title is not None:
        return article.title
    first = next((block for block in article.blocks if block.kind is not BlockKind.HEADING), None)
    spans = split_block(article.text, first, article.language) if first else []
    return _after(dateline(article), spans[0]) if spans else article.headline()


def _after(before: Span | None, span: Span) -> Span:
    return Span(before.end, span.end) if before and span.covers(before) and before.end < span.end else span


def split_block(text: str, block: Block, language: str | None) -> list[Span]:
    """The sentences of one block, without the speaker's line. A short quotation of several sentences is kept whole."""
    spans = list(split_sentences(text, spoken_words(text, block), language))
    return [trimmed for span in _whole_quotations(text, spans, language) if len(trimmed := _trim(text, span))]


def spoken_words(text: str, block: Block) -> Span:
    """The block without the line that names its speaker. Only quotes have one."""
    if block.kind is BlockKind.QUOTE and (line := speaker_line(text, block)):
        return _trim(text, Span(block.span.start, line.start))
    return block.span


def speaker_line(text: str, block: Block) -> Span | None:
    """The speaker of a quote, without the dash: the last line of a quote with more than one line."""
    if block.kind is not BlockKind.QUOTE:
        return None
    inner = block.span.of(text)
    head, newline, last = inner.rpartition("\n")
    name = last.lstrip("—–- ")
    if not newline or not head.strip() or not name or len(name) > 100:
        return None
    return Span(block.span.end - len(name), block.span.end)


def _whole_quotations(text: str, spans: list[Span], language: str | None) -> Iterator[Span]:
    """``spans``, joined where a quotation is still open, unless it is long."""
    pairs = _pairs(Span(spans[0].start, spans[-1].end).of(text), language) if spans else []
    if not pairs:
        yield from spans
        return
    pending: list[Span] = []
    for span in spans:
        pending.append(span)
        joined = Span(pending[0].start, span.end)
        if not _is_open(joined.of(text), pairs):
            yield from [joined] if len(joined) <= _LONGEST_JOINED else pending
            pending = []
        elif len(pending) == _MOST_JOINED:
            yield from pending
            pending = []
    yield from pending


def _pairs(text: str, language: str | None) -> list[str]:
    """The pairs of quotation marks in the text. Of two pairs that share a mark, the one that is opened first."""
    found: list[str] = []
    for pair in (*sentence_marks(language).quotes, *_OTHER_QUOTES):
        first = min((place for mark in pair if (place := text.find(mark)) >= 0), default=-1)
        if first >= 0 and text[first] == pair[0] and not any(set(pair) & set(other) for other in found):
            found.append(pair)
    return [*found, _STRAIGHT] if _STRAIGHT in text else found


def _is_open(text: str, pairs: Sequence[str]) -> bool:
    return any(
        text.count(_STRAIGHT) % 2 == 1 if pair == _STRAIGHT else text.count(pair[0]) > text.count(pair[1])
        for pair in pairs
    )


def _trim(text: str, span: Span) -> Span:
    inner = span.of(text)
    start = span.start + len(inner) - len(inner.lstrip(" \n—–-"))
    return Span(min(start, span.end), max(start, span.start + len(inner.rstrip(" \n—–-"))))
