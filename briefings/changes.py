"""Compares two versions of a report."""

from __future__ import annotations

from briefings.analysis.sentences import sentences
from briefings.model import Article, Changes, Span


def compare(old: Article, new: Article) -> Changes:
    """Returns the sentences and titles that only one of the texts has. Moved sentences do not count."""
    before, after = _lines(old), _lines(new)
    known, kept = set(before.values()), set(after.values())
    return Changes(
        tuple(span for span, line in after.items() if line not in known),
        tuple(span for span, line in before.items() if line not in kept),
    )


def _lines(article: Article) -> dict[Span, str]:
    spans = [article.headline(), *(sentence.span for sentence in sentences(article))]
    return {span: " ".join(span.of(article.text).split()) for span in spans}
