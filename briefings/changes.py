"""Compares two versions of a report."""

from __future__ import annotations

from dataclasses import dataclass

from briefings.analysis.sentences import sentences
from briefings.model import Article, Changes, Span, Version


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line that a version added, or removed from the version before it."""

    is_added: bool
    text: str


def compare(old: Article, new: Article) -> Changes:
    """Returns the sentences and titles that only one of the texts has. Moved sentences do not count."""
    before, after = _lines(old), _lines(new)
    known, kept = set(before.values()), set(after.values())
    return Changes(
        tuple(span for span, line in after.items() if line not in known),
        tuple(span for span, line in before.items() if line not in kept),
    )


def changed_lines(before: Version | None, version: Version) -> list[ChangedLine]:
    """Returns what a version removed from the version before it, and then what it added."""
    if before is None or version.changes is None:
        return []
    removed = [ChangedLine(is_added=False, text=span.of(before.article.text)) for span in version.changes.removed]
    added = [ChangedLine(is_added=True, text=span.of(version.article.text)) for span in version.changes.added]
    return [*removed, *added]


def _lines(article: Article) -> dict[Span, str]:
    spans = [article.headline(), *(sentence.span for sentence in sentences(article))]
    return {span: " ".join(span.of(article.text).split()) for span in spans}
