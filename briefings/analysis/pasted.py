"""Distinguishes an article pasted into a chat from a message that somebody wrote."""

from __future__ import annotations

from briefings.analysis.sentences import sentences
from briefings.errors import SourceError
from briefings.model import Article
from briefings.sources import read_article

_LEAST_SENTENCES = 3


def pasted_article(text: str) -> Article | None:
    """The article in a long message. None if it has none."""
    try:
        article = read_article(text.encode(errors="replace"), "message")
    except SourceError:
        return None
    return article if len(sentences(article)) >= _LEAST_SENTENCES else None
