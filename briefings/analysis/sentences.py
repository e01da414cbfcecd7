"""The sentences of an article, as spans of its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from nupunkt import PunktSentenceTokenizer, load_default_model

from briefings.model import Article, Block, BlockKind, Span

_OPENERS, _CLOSERS = "“«„", "”»"
_MARKS = _OPENERS + '"'
_MOST_JOINED = 4


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the number of its block in the article."""

    span: Span
    block: int


def sentences(article: Article) -> list[Sentence]:
    """The sentences of all blocks but headings, in the order of the text."""
    return [
        Sentence(span, number)
        for number, block in enumerate(article.blocks)
        if block.kind is not BlockKind.HEADING
        for span in split_block(article.text, block)
    ]


def split_block(text: str, block: Block) -> list[Span]:
    """The sentences of one block; a quotation of several is kept whole, its speaker's line is not one."""
    words = spoken_words(text, block)
    inner = words.of(text)
    spans = [Span(words.start + start, words.start + end) for start, end in _tokenizer().span_tokenize(inner)]
    return [trimmed for span in _whole_quotations(text, spans) if len(trimmed := _trim(text, span))]


def spoken_words(text: str, block: Block) -> Span:
    """The block without the line that names its speaker, which only a quote has."""
    if block.kind is BlockKind.QUOTE and (line := speaker_line(text, block)):
        return _trim(text, Span(block.span.start, line.start))
    return block.span


def speaker_line(text: str, block: Block) -> Span | None:
    """Who is quoted, without the dash before it: the last line of a quote that has more than one."""
    if block.kind is not BlockKind.QUOTE:
        return None
    inner = block.span.of(text)
    head, newline, last = inner.rpartition("\n")
    name = last.lstrip("—–- ")
    if not newline or not head.strip() or not name or len(name) > 100:
        return None
    return Span(block.span.end - len(name), block.span.end)


def _whole_quotations(text: str, spans: list[Span]) -> Iterator[Span]:
    """``spans`` with those joined between which a quotation is open."""
    if spans and not any(mark in text[spans[0].start : spans[-1].end] for mark in _MARKS):
        yield from spans
        return
    pending: list[Span] = []
    for span in spans:
        pending.append(span)
        joined = Span(pending[0].start, span.end)
        if not _is_open(joined.of(text)) or len(pending) == _MOST_JOINED:
            yield from [joined] if not _is_open(joined.of(text)) else pending
            pending = []
    yield from pending


def _is_open(text: str) -> bool:
    if any(opener in text for opener in _OPENERS):
        # „German” quotations end with the mark that opens English ones.
        closers = _CLOSERS + "“" if "„" in text else _CLOSERS
        openers = "„«" if "„" in text else _OPENERS
        return sum(map(text.count, openers)) > sum(map(text.count, closers))
    return text.count('"') % 2 == 1


def _trim(text: str, span: Span) -> Span:
    inner = span.of(text)
    start = span.start + len(inner) - len(inner.lstrip(" \n—–-"))
    return Span(min(start, span.end), max(start, span.start + len(inner.rstrip(" \n—–-"))))


@cache
def _tokenizer() -> PunktSentenceTokenizer:
    return load_default_model()
