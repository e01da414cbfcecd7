"""A parsed text with its quotations and paragraphs, and lookups by position."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from briefings.analysis.claims.quotations import Quotation
from briefings.analysis.parsing import Token
from briefings.model import Span


class Page:
    """A parsed text.

    Attributes:
        pieces: The spans of title, standfirst and paragraphs.
    """

    def __init__(self, text: str, tokens: Sequence[Token], quotes: Sequence[Quotation], pieces: Sequence[Span]) -> None:
        self.text = text
        self.tokens = tokens
        self.quotes = quotes
        self.pieces = pieces
        self._piece_starts = [piece.start for piece in pieces]
        self._token_starts = [token.start for token in tokens]
        self._quote_starts = [quote.span.start for quote in quotes]

    def quote_at(self, place: int) -> int | None:
        """The number of the quotation that contains the character at ``place``."""
        number = bisect_right(self._quote_starts, place) - 1
        return number if number >= 0 and place < self.quotes[number].span.end else None

    def is_quoted(self, token: int) -> bool:
        """Whether the token is inside a quotation."""
        return self.quote_at(self.tokens[token].start) is not None

    def piece_at(self, place: int) -> int:
        """The number of the paragraph that contains ``place``."""
        return bisect_right(self._piece_starts, place) - 1

    def token_at(self, place: int) -> int:
        """The number of the last token that starts at or before ``place``."""
        return max(0, bisect_right(self._token_starts, place) - 1)

    def tokens_in(self, span: Span) -> range:
        """The numbers of the tokens that start in ``span``."""
        return range(bisect_left(self._token_starts, span.start), bisect_left(self._token_starts, span.end))

    def words_between(self, start: int, end: int) -> int:
        """The number of words between two places."""
        first, last = bisect_right(self._token_starts, start - 1), bisect_right(self._token_starts, end - 1)
        return sum(token.text[0].isalnum() for token in self.tokens[first:last])

    def letters(self, span: Span) -> int:
        """The number of letters and digits in a span."""
        return sum(map(str.isalnum, span.of(self.text)))

    def quotes_in(self, span: Span) -> list[int]:
        """The numbers of the quotations that overlap a span."""
        first = bisect_right(self._quote_starts, span.start) - 1
        if first < 0 or self.quotes[first].span.end <= span.start:
            first += 1
        last = bisect_right(self._quote_starts, span.end - 1)
        return list(range(first, last))
