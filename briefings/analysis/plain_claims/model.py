"""A sentence without a parse, and what is read in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefings.analysis.claims.quotations import Quotation
from briefings.analysis.tokens import Token
from briefings.model import Span, Stance

#: Marks at the end of a quotation, and of what is said in it.
_CLOSERS, _ENDS = " »«”“\"'’", (",", ".", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class Reading:
    """A cue in its sentence.

    Attributes:
        source: The noun phrase that speaks. None if the sentence has no subject.
    """

    cue: Span
    stance: Stance
    content: tuple[Span, ...]
    source: Span | None = None
    target: Span | None = None
    via: Span | None = None
    quote: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence and the quotations in it."""

    text: str
    span: Span
    words: Sequence[Token]
    quotes: Sequence[Quotation]

    def is_said_before(self, quote: Span, cue: Span) -> bool:
        """Whether a quotation directly before a cue is said. A title is not: "The book «Bo» describes the war"."""
        between = self.text[quote.end : cue.start]
        begins = not self.text[self.span.start : quote.start].strip(" –—-")
        is_ended = quote.of(self.text).rstrip(_CLOSERS)[-1:] in _ENDS
        return not between.strip(" ,") and (begins or "," in between or is_ended)

    def without_quotations(self) -> Sentence:
        """The sentence with the words outside its quotations only."""
        return replace(self, words=[token for token in self.words if not self._is_quoted(token)])

    def _is_quoted(self, token: Token) -> bool:
        return any(quote.span.start <= token.start < quote.span.end for quote in self.quotes)
